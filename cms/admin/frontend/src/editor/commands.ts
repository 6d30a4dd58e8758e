// What keys, buttons and the palette do. Every command answers whether it applies (ProseMirror's
// contract: without `dispatch` nothing changes).
import { setBlockType, wrapIn } from 'prosemirror-commands'
import { Fragment, type Attrs, type Node, type NodeType, type ResolvedPos } from 'prosemirror-model'
import { liftListItem, sinkListItem, wrapRangeInList } from 'prosemirror-schema-list'
import { type Command, type EditorState, NodeSelection, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import { liftTarget } from 'prosemirror-transform'
import { N } from './schema'

type Dispatch = ((tr: Transaction) => void) | undefined

/** A kind of text block; a second time makes a paragraph of it. */
export function turnInto(type: NodeType, attrs: Attrs = {}): Command {
  return (state, dispatch) => {
    const { parent } = state.selection.$from
    const isIt = parent.type === type && Object.entries(attrs).every(([name, value]) => parent.attrs[name] === value)
    if (isIt) return setBlockType(N.paragraph)(state, dispatch)
    if (type === N.heading && parent.type === N.heading) return setLevel(state, dispatch, attrs.level)
    return setBlockType(type, attrs)(state, dispatch)
  }
}

function setLevel(state: EditorState, dispatch: Dispatch, level: number): boolean {
  const { $from } = state.selection
  dispatch?.(state.tr.setNodeAttribute($from.before(), 'level', level))
  return true
}

/** Makes a list, turns one into the other kind, or lifts its item out. */
export function toggleList(tag: 'ul' | 'ol'): Command {
  return (state, dispatch, view) => {
    const found = ancestor(state.selection.$from, N.list)
    if (found && found.node.attrs.tag === tag) return liftListItem(N.list_item)(state, dispatch, view)
    if (found) {
      dispatch?.(state.tr.setNodeAttribute(found.pos, 'tag', tag))
      return true
    }
    return wrapLines(state, dispatch, tag)
  }
}

// Items hold paragraphs: a heading becomes one first.
function wrapLines(state: EditorState, dispatch: Dispatch, tag: string): boolean {
  const { $from, from, to } = state.selection
  const { tr } = state
  if ([N.heading, N.pre].includes($from.parent.type)) tr.setBlockType(from, to, N.paragraph)
  const range = tr.doc.resolve(from).blockRange(tr.doc.resolve(to))
  if (!range || !wrapRangeInList(dispatch ? tr : null, range, N.list, { tag })) return false
  dispatch?.(tr.scrollIntoView())
  return true
}

export const indent: Command = sinkListItem(N.list_item)
export const outdent: Command = liftListItem(N.list_item)

export const wrapInQuote: Command = (state, dispatch) => {
  const found = ancestor(state.selection.$from, N.quote)
  if (!found) return wrapIn(N.quote)(state, dispatch)
  const range = state.selection.$from.blockRange(state.selection.$to, (node) => node.type === N.quote)
  const target = range && liftTarget(range)
  if (!range || target === null) return false
  dispatch?.(state.tr.lift(range, target).scrollIntoView())
  return true
}

/** A line for the source of the quote at the cursor; the cursor goes there. */
export const addCite: Command = (state, dispatch) => {
  const found = ancestor(state.selection.$from, N.quote)
  if (!found || found.node.lastChild!.type === N.cite) return false
  if (dispatch) {
    const pos = found.pos + found.node.nodeSize - 1
    const tr = state.tr.insert(pos, N.cite.create())
    dispatch(tr.setSelection(TextSelection.create(tr.doc, pos + 1)).scrollIntoView())
  }
  return true
}

/** Puts the selected blocks into a callout with an empty title, where the cursor goes. */
export function wrapInCallout(kind: string): Command {
  return (state, dispatch) => {
    const range = state.selection.$from.blockRange(state.selection.$to)
    if (!range) return false
    const { parent, startIndex, endIndex, start, end } = range
    const blocks: Node[] = []
    for (let at = startIndex; at < endIndex; at++) blocks.push(parent.child(at))
    if (!canHold(parent) || blocks.some(isLine)) return turnCallout(state, dispatch, kind)
    const node = N.callout.createChecked({ kind }, [N.callout_title.create(), ...blocks])
    if (dispatch) {
      const tr = state.tr.replaceWith(start, end, node)
      dispatch(tr.setSelection(TextSelection.create(tr.doc, start + 2)).scrollIntoView())
    }
    return true
  }
}

/** From its title a callout is turned into another kind. */
function turnCallout(state: EditorState, dispatch: Dispatch, kind: string): boolean {
  const found = ancestor(state.selection.$from, N.callout)
  if (!found || state.selection.$from.parent.type !== N.callout_title) return false
  dispatch?.(state.tr.setNodeAttribute(found.pos, 'kind', kind))
  return true
}

function canHold(parent: Node): boolean {
  return [N.doc, N.frame, N.quote, N.callout].includes(parent.type)
}

// The title of a callout and the source of a quote have their places.
function isLine(node: Node): boolean {
  return node.type === N.cite || node.type === N.callout_title
}

/** The nearest ancestor of a type, with its place. */
export function ancestor($pos: ResolvedPos, type: NodeType): { node: Node; pos: number; depth: number } | null {
  for (let depth = $pos.depth; depth > 0; depth--) {
    if ($pos.node(depth).type === type) return { node: $pos.node(depth), pos: $pos.before(depth), depth }
  }
  return null
}

/** The block that a key moves: a child of the document, a frame, a quote or a callout. */
export function movable(state: EditorState, withItems = true): { node: Node; pos: number; parent: Node; index: number } | null {
  const { $from } = state.selection
  if (state.selection instanceof NodeSelection && state.selection.node.isBlock && canHold($from.parent)) {
    return { node: state.selection.node, pos: $from.pos, parent: $from.parent, index: $from.index() }
  }
  for (let depth = $from.depth; depth > 0; depth--) {
    const parent = $from.node(depth - 1)
    if (isLine($from.node(depth))) continue
    if (canHold(parent) || (withItems && $from.node(depth).type === N.list_item)) {
      return { node: $from.node(depth), pos: $from.before(depth), parent, index: $from.index(depth - 1) }
    }
  }
  return null
}

/** Moves the block before the one above, or behind the one below, within what holds it. */
export function move(direction: -1 | 1): Command {
  return (state, dispatch) => {
    const found = movable(state)
    const index = found ? found.index + direction : -1
    if (!found || index < 0 || index >= found.parent.childCount) return false
    const other = found.parent.child(index)
    if (isLine(other)) return false
    if (dispatch) {
      const to = direction < 0 ? found.pos - other.nodeSize : found.pos + other.nodeSize
      dispatch(moved(state, found, to).scrollIntoView())
    }
    return true
  }
}

function moved(state: EditorState, { node, pos }: { node: Node; pos: number }, to: number): Transaction {
  const { anchor, head } = state.selection
  const tr = state.tr.delete(pos, pos + node.nodeSize).insert(to, node)
  if (state.selection instanceof NodeSelection) return tr.setSelection(NodeSelection.create(tr.doc, to))
  return tr.setSelection(TextSelection.create(tr.doc, anchor - pos + to, head - pos + to))
}

/** Takes the block at the cursor out; the last one leaves an empty paragraph. */
export const removeBlock: Command = (state, dispatch) => {
  const found = movable(state, false)
  if (!found) return false
  if (dispatch) {
    const end = found.pos + found.node.nodeSize
    const lines = Number(isLine(found.parent.firstChild!)) + Number(isLine(found.parent.lastChild!))
    const isOnly = found.parent.childCount - lines === 1
    const tr = isOnly ? state.tr.replaceWith(found.pos, end, N.paragraph.create()) : state.tr.delete(found.pos, end)
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(found.pos, tr.doc.content.size)))).scrollIntoView())
  }
  return true
}

/** Puts a block after the one at the cursor, or in its place if that is an empty paragraph. */
export function insertBlock(node: Node): Command {
  return (state, dispatch) => {
    const found = movable(state, false)
    if (!found) return false
    const isEmpty = found.node.type === N.paragraph && !found.node.content.size
    const end = found.pos + found.node.nodeSize
    const from = isEmpty ? found.pos : end
    if (dispatch) {
      const tr = state.tr.replaceWith(from, end, Fragment.from(node))
      dispatch(tr.setSelection(into(tr.doc, from)).scrollIntoView())
    }
    return true
  }
}

function into(doc: Node, pos: number): Selection {
  const node = doc.nodeAt(pos)
  const isText = node && !node.isAtom && node.type !== N.image
  return isText ? Selection.near(doc.resolve(pos + 1), 1) : NodeSelection.create(doc, pos)
}
