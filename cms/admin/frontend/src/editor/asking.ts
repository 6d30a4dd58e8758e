// What needs an answer of the author: an address, what an image shows, the source of a block.
import { toggleMark } from 'prosemirror-commands'
import type { Node } from 'prosemirror-model'
import { type EditorState, NodeSelection } from 'prosemirror-state'
import { described, focusOf } from './blocks'
import { ancestor } from './commands'
import type { Editor } from './context'
import { ask, type Answers, type Field } from './dialog'
import { attribute, isBalanced, withAttribute, type Pairs } from './html'
import { read } from './read'
import { M, N } from './schema'
import { isSafeAddress } from './shown'
import { word } from './words'

/** Asks for the address of a link around the selection, or changes the one at the cursor. */
export async function editLink(editor: Editor): Promise<void> {
  const range = linkAt(editor.view.state)
  const href = range ? (attribute(range.el, 'href') ?? '') : ''
  const fields: Field[] = [{ name: 'href', label: word('link.address'), kind: 'url', value: href, isRequired: true }]
  const isNew = !range && editor.view.state.selection.empty
  if (isNew) fields.push({ name: 'text', label: word('link.text'), isRequired: true })
  const other = range ? { other: { name: 'remove', label: word('link.remove') } } : {}
  const found = await ask({ title: word('action.link'), fields, ...other })
  if (found) setLink(editor, found, range)
  editor.view.focus()
}

interface Linked {
  from: number
  to: number
  el: Pairs
}

function setLink({ view, announcer }: Editor, found: Answers, range: Linked | null): void {
  const address = (found.href ?? '').trim()
  const { state } = view
  if (found.remove && range) return view.dispatch(state.tr.removeMark(range.from, range.to, M.link))
  if (!isSafeAddress(address)) return announcer.say(word('link.unsafe'))
  const mark = M.link.create({ el: withAttribute(range?.el ?? [], 'href', address) })
  if (range) view.dispatch(state.tr.removeMark(range.from, range.to, M.link).addMark(range.from, range.to, mark))
  else if (!state.selection.empty) toggleMark(M.link, mark.attrs)(state, view.dispatch)
  else view.dispatch(state.tr.replaceSelectionWith(state.schema.text(found.text || address, [mark]), false))
}

function linkAt({ selection, doc }: EditorState): Linked | null {
  const { $from } = selection
  const mark = M.link.isInSet($from.marks()) ?? M.link.isInSet($from.nodeAfter?.marks ?? [])
  if (!mark) return null
  const start = $from.start()
  let from = -1
  let to = -1
  $from.parent.forEach((node, offset) => {
    const isHere = mark.isInSet(node.marks)
    if (isHere && (to === start + offset || from < 0 || to < $from.pos)) {
      if (to !== start + offset) from = start + offset
      to = start + offset + node.nodeSize
    }
  })
  return from >= 0 && doc ? { from, to, el: mark.attrs.el } : null
}

function imageAt({ selection }: EditorState): { node: Node; pos: number } | null {
  if (selection instanceof NodeSelection && selection.node.type === N.image) return { node: selection.node, pos: selection.from }
  return ancestor(selection.$from, N.image)
}

export const isImage = (state: EditorState): boolean => imageAt(state) !== null

/** Asks what the image at the cursor shows and which part of it has to stay in view. */
export async function editImage(editor: Editor): Promise<void> {
  const at = imageAt(editor.view.state)
  if (!at) return
  const alt = attribute(at.node.attrs.img, 'alt')
  const focus = focusOf(at.node)
  const percent = { kind: 'number', min: 0, max: 100 } as const
  const found = await ask({
    title: word('action.describe'),
    fields: [
      { name: 'alt', label: word('image.alt'), value: alt ?? '', hint: word('image.alt.hint') },
      { name: 'decorative', label: word('image.decorative'), kind: 'check', value: alt === '' ? '1' : '' },
      { name: 'x', label: word('image.focus.x'), value: focus ? String(focus.x) : '', ...percent },
      { name: 'y', label: word('image.focus.y'), value: focus ? String(focus.y) : '', ...percent },
    ],
  })
  if (found) setImage(editor, at.pos, found)
  editor.view.focus()
}

function setImage({ view }: Editor, pos: number, found: Answers): void {
  const node = view.state.doc.nodeAt(pos)
  if (node?.type !== N.image) return
  const text = (found.alt ?? '').trim()
  const alt = text || (found.decorative ? '' : null)
  const focus = found.x && found.y ? { x: Number(found.x), y: Number(found.y) } : null
  const { attrs } = described(node, alt, focus)
  view.dispatch(view.state.tr.setNodeMarkup(pos, undefined, attrs))
}

function keptAt({ selection }: EditorState): { node: Node; pos: number } | null {
  const isKept = selection instanceof NodeSelection && [N.opaque, N.frame].includes(selection.node.type)
  if (isKept) return { node: (selection as NodeSelection).node, pos: selection.from }
  return ancestor(selection.$from, N.frame)
}

export const hasSource = (state: EditorState): boolean => keptAt(state) !== null

/** Shows the source of a block that is kept as it is. One without inner blocks may be rewritten. */
export async function editSource(editor: Editor): Promise<void> {
  const at = keptAt(editor.view.state)
  if (!at) return
  const isFixed = at.node.type === N.frame || at.node.attrs.isRest
  const value = at.node.type === N.frame ? `${at.node.attrs.head}…${at.node.attrs.tail}` : at.node.attrs.src
  const field = { name: 'source', label: word('source.label'), kind: 'area', value, isReadOnly: isFixed } as const
  const found = await ask({ title: word('action.source'), fields: [{ ...field, hint: word(isFixed ? 'source.fixed' : 'source.hint') }] })
  if (found && !isFixed && found.source !== value) setSource(editor, at.pos, found.source ?? '')
  editor.view.focus()
}

function setSource({ view, announcer }: Editor, pos: number, source: string): void {
  const node = view.state.doc.nodeAt(pos)
  const made = read(source)
  if (!node || !source.trim() || !isBalanced(source)) return announcer.say(word('source.unbalanced'))
  view.dispatch(view.state.tr.replaceWith(pos, pos + node.nodeSize, made.content))
}
