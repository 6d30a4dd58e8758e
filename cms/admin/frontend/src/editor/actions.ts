// Everything that can be done, once: the toolbar, the palette and the keys all read this list.
import { toggleMark } from 'prosemirror-commands'
import { redo, undo } from 'prosemirror-history'
import type { MarkType } from 'prosemirror-model'
import type { Command, EditorState } from 'prosemirror-state'
import { addColumnAfter, addColumnBefore, addRowAfter, deleteColumn, deleteRow, deleteTable, isInTable, toggleHeaderCell } from 'prosemirror-tables'
import { newPre, newReferences, newSeparator, newTable } from './blocks'
import { mergeCells, splitCell } from './cells'
import { askCitation, askImage } from './citing'
import { addCite, ancestor, insertBlock, move, removeBlock, toggleList, turnInto, wrapInCallout, wrapInQuote } from './commands'
import type { Editor } from './context'
import { paragraphAfter } from './editing'
import { editImage, editLink, editSource, hasSource, isImage } from './asking'
import { CALLOUTS, M, N } from './schema'
import { acceptSuggestion, declineSuggestion, hasSuggestions, isSuggestion, nextSuggestion } from './suggestions'

export interface Action {
  /** Its label is the word `action.<id>`. */
  id: string
  /** A key in ProseMirror's spelling. */
  key?: string
  command?: Command
  /** What needs more than the state: a question, an event. */
  run?: (editor: Editor) => void
  isActive?: (state: EditorState) => boolean
  isPossible?: (state: EditorState) => boolean
  /** An attribute of the element without which the page has no use for it. */
  needs?: string
}

const mark = (id: string, type: MarkType, key?: string): Action => ({
  id, ...(key ? { key } : {}), command: toggleMark(type), isActive: (state) => hasMark(state, type),
})

export function hasMark({ selection, storedMarks, doc }: EditorState, type: MarkType): boolean {
  const { from, to, empty, $from } = selection
  if (empty) return Boolean(type.isInSet(storedMarks ?? $from.marks()))
  return doc.rangeHasMark(from, to, type)
}

const heading = (level: number): Action => ({
  id: `heading${level}`, key: `Mod-Alt-${level}`,
  command: turnInto(N.heading, { level }),
  isActive: ({ selection: { $from } }) => $from.parent.type === N.heading && $from.parent.attrs.level === level,
})

const list = (id: string, tag: 'ul' | 'ol', key: string): Action => ({
  id, key, command: toggleList(tag), isActive: ({ selection }) => ancestor(selection.$from, N.list)?.node.attrs.tag === tag,
})

const callout = (kind: string): Action => ({
  id: `callout.${kind}`,
  command: wrapInCallout(kind),
  isActive: ({ selection }) => ancestor(selection.$from, N.callout)?.node.attrs.kind === kind,
})

/** The groups of the toolbar in their order; what has no icon is in the palette only. */
export const GROUPS: readonly (readonly Action[])[] = [
  [
    { id: 'undo', key: 'Mod-z', command: undo },
    { id: 'redo', key: 'Mod-y', command: redo },
  ],
  [
    mark('strong', M.strong, 'Mod-b'),
    mark('em', M.em, 'Mod-i'),
    mark('sup', M.sup, 'Mod-.'),
    mark('sub', M.sub, 'Mod-,'),
    { id: 'link', key: 'Mod-k', run: editLink, isActive: (state) => hasMark(state, M.link) },
    mark('u', M.u),
    mark('s', M.s),
    mark('code', M.code),
  ],
  [
    heading(2),
    heading(3),
    heading(4),
    { id: 'paragraph', key: 'Mod-Alt-0', command: turnInto(N.paragraph) },
    list('bullets', 'ul', 'Mod-Shift-8'),
    list('numbers', 'ol', 'Mod-Shift-7'),
    { id: 'quote', key: 'Mod-Shift-9', command: wrapInQuote, isActive: ({ selection }) => Boolean(ancestor(selection.$from, N.quote)) },
    { id: 'cite', command: addCite },
  ],
  [
    ...CALLOUTS.map(callout),
    { id: 'table', command: (state, dispatch) => !isInTable(state) && insertBlock(newTable(3, 2))(state, dispatch) },
    { id: 'image', run: (editor) => editor.tell('media') && void askImage(editor) },
    { id: 'citation', key: 'Mod-Shift-c', run: (editor) => editor.tell('cite') && void askCitation(editor) },
    { id: 'comment', needs: 'commentable', key: 'Mod-Alt-m', run: (editor) => editor.tell('comment-wanted'), isPossible: ({ selection }) => !selection.empty },
    { id: 'references', command: (state, dispatch) => insertBlock(newReferences())(state, dispatch) },
    { id: 'separator', command: (state, dispatch) => insertBlock(newSeparator())(state, dispatch) },
    { id: 'pre', command: (state, dispatch) => insertBlock(newPre('preformatted'))(state, dispatch) },
    { id: 'verse', command: (state, dispatch) => insertBlock(newPre('verse'))(state, dispatch) },
    { id: 'codeblock', command: (state, dispatch) => insertBlock(newPre('code'))(state, dispatch) },
  ],
  [
    { id: 'rowAfter', command: addRowAfter },
    { id: 'columnAfter', command: addColumnAfter },
    { id: 'columnBefore', command: addColumnBefore },
    { id: 'headerCell', command: toggleHeaderCell },
    { id: 'mergeCells', command: mergeCells },
    { id: 'splitCell', command: splitCell },
    { id: 'deleteRow', command: deleteRow },
    { id: 'deleteColumn', command: deleteColumn },
    { id: 'deleteTable', command: deleteTable },
  ],
  [
    { id: 'after', key: 'Mod-Enter', command: paragraphAfter },
    { id: 'up', key: 'Alt-ArrowUp', command: move(-1) },
    { id: 'down', key: 'Alt-ArrowDown', command: move(1) },
    { id: 'describe', run: editImage, isPossible: isImage },
    { id: 'source', run: editSource, isPossible: hasSource },
    { id: 'remove', command: removeBlock },
  ],
  [
    { id: 'suggestion.next', key: 'Mod-Alt-n', run: nextSuggestion, isPossible: hasSuggestions },
    { id: 'suggestion.accept', key: 'Mod-Alt-y', run: acceptSuggestion, isPossible: isSuggestion },
    { id: 'suggestion.decline', key: 'Mod-Alt-u', run: declineSuggestion, isPossible: isSuggestion },
  ],
]

export const ACTIONS: readonly Action[] = GROUPS.flat()

/** Does it and gives the focus back to the text, unless it asks something. */
export function perform(editor: Editor, action: Action): boolean {
  const { view } = editor
  if (!view.editable || !isOffered(editor, action) || !isPossible(view.state, action)) return false
  if (action.run) action.run(editor)
  else {
    action.command!(view.state, view.dispatch, view)
    view.focus()
  }
  return true
}

export function isOffered({ host }: Editor, { needs }: Action): boolean {
  return !needs || host.hasAttribute(needs)
}

export function isPossible(state: EditorState, action: Action): boolean {
  if (action.isPossible) return action.isPossible(state)
  return action.command ? action.command(state) : true
}
