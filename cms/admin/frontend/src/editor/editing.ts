// What Enter, Backspace and Delete do where the usual answer would lose something.
import { chainCommands, liftEmptyBlock, setBlockType, splitBlockAs } from 'prosemirror-commands'
import type { Attrs, Node, ResolvedPos } from 'prosemirror-model'
import { liftListItem, splitListItem } from 'prosemirror-schema-list'
import { type Command, type EditorState, NodeSelection, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import { withAttributes } from './grammar'
import { withAttribute } from './html'
import { N } from './schema'

/** The attributes of a second half: what names one block only stays with the first. */
function halved(attrs: Attrs): Attrs {
  const found: { [name: string]: unknown } = { ...attrs, lead: null }
  if ('src' in attrs) found.src = null
  if (attrs.el) found.el = withAttribute(attrs.el, 'id', undefined)
  if (attrs.json) found.json = withAttributes(attrs.json, { anchor: undefined })
  return found
}

const split: Command = splitBlockAs((node, atEnd) => {
  if (atEnd && node.type !== N.paragraph) return { type: N.paragraph }
  return { type: node.type, attrs: halved(node.attrs) }
})

/** Enter in a line that may not be split goes to the text after its block. */
const leaveLine: Command = (state, dispatch) => {
  const { $from } = state.selection
  if (![N.cite, N.callout_title, N.image, N.table_caption].includes($from.parent.type)) return false
  if (dispatch) dispatch(afterLine(state.tr, $from).scrollIntoView())
  return true
}

function afterLine(tr: Transaction, $from: ResolvedPos): Transaction {
  if ($from.parent.type === N.callout_title) {
    return tr.setSelection(Selection.near(tr.doc.resolve($from.after()), 1))
  }
  const pos = $from.parent.type === N.image ? $from.after() : $from.after($from.depth - 1)
  return tr.insert(pos, N.paragraph.create()).setSelection(TextSelection.create(tr.doc, pos + 1))
}

const inCell: Command = (state, dispatch) => {
  const { $from } = state.selection
  if (![N.table_cell, N.table_header].includes($from.parent.type)) return false
  dispatch?.(state.tr.replaceSelectionWith(N.hard_break.create(), true).scrollIntoView())
  return true
}

/** Enter in the empty last paragraph above the source goes behind the quote. */
const leaveQuote: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const quote = $from.depth > 1 ? $from.node(-1) : null
  const index = $from.index(-1)
  const isLast = quote?.type === N.quote && quote.lastChild!.type === N.cite && index === quote.childCount - 2
  if (!empty || $from.parent.content.size || !isLast || index === 0) return false
  if (dispatch) {
    const after = $from.after(-1) - $from.parent.nodeSize
    const tr = state.tr.delete($from.before(), $from.after()).insert(after, N.paragraph.create())
    dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView())
  }
  return true
}

const emptyItem: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const isEmpty = empty && !$from.parent.content.size && $from.depth > 1 && $from.node(-1).type === N.list_item
  return isEmpty ? liftListItem(N.list_item)(state, dispatch) : false
}

/** Enter in the empty last paragraph of a callout or a wrapper goes behind it. */
const leaveBox: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const box = $from.depth > 1 ? $from.node(-1) : null
  const isLast = box && $from.index(-1) === box.childCount - 1
  const least = box?.type === N.callout ? 3 : 2
  if (!empty || $from.parent.content.size || !box || ![N.callout, N.frame].includes(box.type)) return false
  if (!isLast || box.childCount < least) return false
  if (dispatch) {
    const after = outermost($from, $from.depth - 1) - $from.parent.nodeSize
    const tr = state.tr.delete($from.before(), $from.after()).insert(after, N.paragraph.create())
    dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView())
  }
  return true
}

// A column holds paragraphs, the columns around it hold columns: behind is behind all wrappers.
function outermost($from: ResolvedPos, depth: number): number {
  let out = depth
  while ($from.node(out).type === N.frame && out > 1 && $from.node(out - 1).type === N.frame) out -= 1
  return $from.after(out)
}

/** A new paragraph behind the whole block that the cursor stands in, however deep. */
export const paragraphAfter: Command = (state, dispatch) => {
  const { $to } = state.selection
  const pos = $to.depth ? $to.after(1) : $to.pos
  if (dispatch) {
    const tr = state.tr.insert(pos, emptyPlace())
    dispatch(tr.setSelection(TextSelection.create(tr.doc, pos + 1)).scrollIntoView())
  }
  return true
}

/** A paragraph for which nothing is written while it stays empty. */
export function emptyPlace(): Node {
  return N.paragraph.create({ src: '' })
}

/** An empty list item ends the list, as an empty paragraph ends a quote. */
export const enter: Command = chainCommands(
  inCell,
  leaveLine,
  splitListItem(N.list_item, { json: '', el: [] }),
  emptyItem,
  leaveQuote,
  leaveBox,
  liftEmptyBlock,
  split,
)

export const hardBreak: Command = (state, dispatch) => {
  if (state.selection.$from.parent.type === N.callout_title) return true
  dispatch?.(state.tr.replaceSelectionWith(N.hard_break.create(), true).scrollIntoView())
  return true
}

// Joining deletes a neighbour that holds no text of its own. Here the first key selects it.
function selectNeighbour(direction: -1 | 1): Command {
  return (state, dispatch) => {
    const { $from, empty } = state.selection
    const isAtEdge = direction < 0 ? $from.parentOffset === 0 : $from.parentOffset === $from.parent.content.size
    if (!empty || !$from.parent.isTextblock || !isAtEdge) return false
    const pos = edge($from, direction)
    const node = pos === null ? null : direction < 0 ? state.doc.resolve(pos).nodeBefore : state.doc.resolve(pos).nodeAfter
    if (pos === null || !node || !(node.isAtom || node.type.spec.isolating)) return false
    dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, direction < 0 ? pos - node.nodeSize : pos)).scrollIntoView())
    return true
  }
}

function edge($from: ResolvedPos, direction: -1 | 1): number | null {
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.spec.isolating) return null
    const at = $from.index(depth - 1)
    if (direction < 0 && at > 0) return $from.before(depth)
    if (direction > 0 && at + 1 < $from.node(depth - 1).childCount) return $from.after(depth)
  }
  return null
}

// A heading or code becomes a paragraph before it joins what stands above it.
const plainFirst: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.parentOffset || ![N.heading, N.pre].includes($from.parent.type)) return false
  return setBlockType(N.paragraph)(state, dispatch)
}

const outOfList: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const isFirst = empty && !$from.parentOffset && $from.depth > 1 && $from.node(-1).type === N.list_item
  return isFirst && $from.index(-1) === 0 && $from.index(-2) === 0 ? liftListItem(N.list_item)(state, dispatch) : false
}

/** An item joins the end of the one above it; both are lines of text. */
const joinItems: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const item = $from.depth > 1 ? $from.node(-1) : null
  const isStart = empty && !$from.parentOffset && item?.type === N.list_item && $from.index(-1) === 0
  if (!isStart || $from.index(-2) === 0) return false
  const boundary = $from.before(-1)
  const above = state.doc.resolve(boundary).nodeBefore!
  if (above.childCount > 1 && item.childCount > 1) return false
  dispatch?.(joined(state, boundary, above.childCount > 1).scrollIntoView())
  return true
}

function joined(state: EditorState, boundary: number, isNested: boolean): Transaction {
  const { tr, doc } = state
  if (!isNested) return tr.join(boundary, 2)
  const item = doc.nodeAt(boundary)!
  const end = Selection.findFrom(doc.resolve(boundary), -1, true)!.to
  tr.delete(boundary, boundary + item.nodeSize).insert(end, item.firstChild!.content)
  return tr.setSelection(TextSelection.create(tr.doc, end))
}

export const backspace: Command = chainCommands(selectNeighbour(-1), plainFirst, outOfList, joinItems)
export const forwardDelete: Command = selectNeighbour(1)
