// The ProseMirror view with all of its parts, on a document that was read.
import { gapCursor } from 'prosemirror-gapcursor'
import { history } from 'prosemirror-history'
import type { Fragment, Node, Slice } from 'prosemirror-model'
import { EditorState, NodeSelection, Plugin, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import { tableEditing } from 'prosemirror-tables'
import { ReplaceStep } from 'prosemirror-transform'
import { EditorView } from 'prosemirror-view'
import { commentsPlugin } from './comments'
import type { Editor } from './context'
import { emptyPlace } from './editing'
import { keymaps, type Keys } from './keymap'
import { asLines, cleaned } from './paste'
import { isRestLast } from './read'
import { typingRules } from './rules'
import { N } from './schema'
import { suggestionsPlugin } from './suggestions'
import { word } from './words'

export interface Making extends Keys {
  editor: Editor
  holder: HTMLElement
  doc: Node
  attributes: { [name: string]: string }
  isEditable: () => boolean
  onChange: (transaction: Transaction) => void
  onUpdate: () => void
}

export function makeView(making: Making): EditorView {
  const { editor, holder, doc, attributes } = making
  const state = EditorState.create({ doc, plugins: plugins(making) })
  const view: EditorView = new EditorView(holder, {
    state,
    editable: making.isEditable,
    attributes: (now) => ({ ...attributes, class: isEmpty(now.doc) ? 'is-empty' : '' }),
    dispatchTransaction: (transaction) => {
      const { state: next, transactions } = view.state.applyTransaction(transaction)
      view.updateState(next)
      if (transactions.some((one) => one.docChanged)) making.onChange(transaction)
      making.onUpdate()
    },
    transformPastedHTML: (html) => {
      const { html: clean, images } = cleaned(html)
      if (images) editor.announcer.say(word('status.images', { count: String(images) }))
      return clean
    },
    transformPasted: (slice, now) => (isLine(now.state) && !holdsTable(slice) ? asLines(slice, lineBreak(now.state)) : slice),
    handleClickOn: (now, _pos, node, before, event) => isPicture(event) && node.type === N.image && selected(now, before),
    handleDOMEvents: { mousedown: (now, event) => isBelow(now, event) && writeBelow(now, event) },
    handlePaste: (_view, event) => givenFiles(editor, event.clipboardData, null),
    handleDrop: (_view, event) => givenFiles(editor, event.dataTransfer, event),
  })
  return view
}

const LINES = [N.table_cell, N.table_header, N.table_caption, N.cite, N.image, N.callout_title]

// Places of one line: a paste of several paragraphs would otherwise leave them.
function isLine({ selection }: EditorState): boolean {
  return LINES.includes(selection.$from.parent.type)
}

function lineBreak({ selection, schema }: EditorState): Node {
  return selection.$from.parent.type === N.callout_title ? schema.text(' ') : N.hard_break.create()
}

function holdsTable({ content }: Slice): boolean {
  return content.firstChild?.type === N.table_block || content.firstChild?.type === N.table_row
}

function isPicture({ target }: MouseEvent): boolean {
  return target instanceof HTMLImageElement
}

function selected(view: EditorView, pos: number): boolean {
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, pos)))
  return true
}

// Below a table or a callout at the end there is no line to click on.
function isBelow(view: EditorView, { target, clientY }: MouseEvent): boolean {
  const last = view.state.doc.lastChild!
  if (target !== view.dom || !view.editable || last.type === N.paragraph || last.attrs.isRest) return false
  return clientY > view.dom.lastElementChild!.getBoundingClientRect().bottom
}

function writeBelow(view: EditorView, event: MouseEvent): boolean {
  event.preventDefault()
  const end = view.state.doc.content.size
  const tr = view.state.tr.insert(end, emptyPlace())
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView())
  view.focus()
  return true
}

// Images come through the library, where they get their alternative text: the page asks for it.
function givenFiles(editor: Editor, data: DataTransfer | null, at: MouseEvent | null): boolean {
  if (!data?.files.length || data.types.includes('text/html')) return false
  const files = [...data.files].filter((file) => file.type.startsWith('image/'))
  if (at) goTo(editor.view, at)
  const isTaken = files.length > 0 && !editor.tell('files', { files })
  if (!isTaken || files.length < data.files.length) editor.announcer.say(word('status.files'))
  return true
}

function goTo(view: EditorView, { clientX, clientY }: MouseEvent): void {
  const found = view.posAtCoords({ left: clientX, top: clientY })
  if (found) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(found.pos))))
}

function isEmpty(doc: Node): boolean {
  return doc.childCount === 1 && doc.firstChild!.type === N.paragraph && !doc.firstChild!.content.size
}

function plugins(making: Making): Plugin[] {
  const { editor } = making
  return [
    typingRules(),
    ...keymaps(editor, making),
    history(),
    gapCursor(),
    tableEditing(),
    commentsPlugin((id) => editor.tell('comment-open', { id })),
    suggestionsPlugin(editor),
    restStaysLast(editor),
    heardSelection(editor),
  ]
}

function restStaysLast({ announcer }: Editor): Plugin {
  return new Plugin({
    filterTransaction: (transaction, { doc }) => {
      if (!mayMoveRest(transaction, doc) || isRestLast(transaction.doc)) return true
      announcer.say(word('status.rest'))
      return false
    },
  })
}

// Only then are all blocks looked at: a key costs the same in a text of any length.
function mayMoveRest({ docChanged, doc, steps }: Transaction, before: Node): boolean {
  if (!docChanged) return false
  if (before.lastChild!.attrs.isRest && before.lastChild !== doc.lastChild) return true
  return steps.some((step) => step instanceof ReplaceStep && hasRest(step.slice.content))
}

function hasRest(content: Fragment): boolean {
  let found = false
  content.forEach((node) => (found ||= Boolean(node.attrs.isRest)))
  return found
}

// A screen reader does not hear that a whole block is selected.
function heardSelection({ announcer }: Editor): Plugin {
  return new Plugin({
    view: () => ({
      update: (view, before) => {
        const { selection } = view.state
        if (selection.eq(before.selection) || !(selection instanceof NodeSelection)) return
        const label = heard(selection.node)
        if (label) announcer.say(label)
      },
    }),
  })
}

function heard(node: Node): string {
  if (node.type === N.opaque) return word('status.opaque', { name: node.attrs.name || 'HTML' })
  if (node.type === N.frame) return word('status.frame', { name: node.attrs.name })
  if (node.type === N.image) return word('status.image')
  if (node.type === N.citation) return word('citation.label', { label: node.attrs.label || '?', ref: node.attrs.ref })
  return ''
}
