// Other words that readers suggest for passages, shown where they would stand: the old ones struck,
// the new ones beside them. They are decorations: nothing of them is in the text until the page, which
// asks the server, takes them over.
import { type EditorState, Plugin, PluginKey, TextSelection } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import { type Anchored, ids, moved, placed, rangeOf, type Standing, type Way } from './anchored'
import type { Leaf } from './anchors'
import type { Editor } from './context'
import { ask } from './dialog'
import { N } from './schema'
import { word } from './words'

export interface Suggestion extends Anchored {
  /** Plain words for those of the quote; empty takes them out. */
  replacement: string
  /** Who suggests it. */
  by: string
  /** Whether it is her own who writes: then it is taken back without a reason. */
  isOwn?: boolean
}

type Shown = Standing<Suggestion>

const key = new PluginKey<Shown>('cms-suggestions')

// Quotes of suggestions are what people read: a break is a blank, a citation its number.
const read: Leaf = (node) => (node.type === N.hard_break ? ' ' : node.type === N.citation ? node.attrs.label : '\ufffc')

export function suggestionsPlugin(editor: Editor): Plugin {
  const way: Way<Suggestion> = { leaf: read, isExact: true, draw: (one, range) => drawn(editor, one, range) }
  return new Plugin<Shown>({
    key,
    state: {
      init: () => ({ items: [], set: DecorationSet.empty }),
      apply: (tr, before) => {
        const given: readonly Suggestion[] | undefined = tr.getMeta(key)
        return given ? placed(tr.doc, given, way) : moved(tr, before, way)
      },
    },
    props: { decorations: (state) => key.getState(state)?.set },
    view: () => ({ update: (view, before) => heard(editor, view, before) }),
  })
}

function drawn(editor: Editor, one: Suggestion, { from, to }: { from: number; to: number }): Decoration[] {
  const { id } = one
  const widget = { id, side: 1, key: `${id} ${one.replacement}`, ignoreSelection: true, stopEvent: () => true }
  return [
    Decoration.inline(from, to, { class: 'cms-suggestion-old', nodeName: 'del' }, { id }),
    Decoration.widget(to, () => beside(editor, one), widget),
  ]
}

function beside(editor: Editor, one: Suggestion): HTMLElement {
  const holder = document.createElement('span')
  holder.className = 'cms-suggestion'
  holder.contentEditable = 'false'
  if (one.replacement) {
    const words = document.createElement('ins')
    words.textContent = one.replacement
    holder.append(words)
  }
  holder.append(
    button('accept', '✓', one, () => accept(editor, one)),
    button('decline', '✗', one, () => void decline(editor, one)),
  )
  return holder
}

// Tab leaves the text: the keys of these commands are what the keyboard has.
function button(verdict: 'accept' | 'decline', sign: string, { by }: Suggestion, act: () => void): HTMLButtonElement {
  const isAccept = verdict === 'accept'
  const made = document.createElement('button')
  made.type = 'button'
  made.tabIndex = -1
  made.textContent = sign
  made.title = word(isAccept ? 'suggestion.accept' : 'suggestion.decline', { by })
  made.setAttribute('aria-label', made.title)
  made.addEventListener('mousedown', (event) => event.preventDefault())
  made.addEventListener('click', act)
  return made
}

/** Shows these and no others; answers the ids of those whose passage is gone. */
export function showSuggestions(view: EditorView, suggestions: readonly Suggestion[]): string[] {
  view.dispatch(view.state.tr.setMeta(key, suggestions).setMeta('addToHistory', false))
  return lostSuggestions(view.state)
}

export function lostSuggestions(state: EditorState): string[] {
  const { items, set } = key.getState(state)!
  const there = ids(set)
  return items.filter((one) => !there.has(one.id)).map((one) => one.id)
}

export function selectSuggestion(view: EditorView, id: string): boolean {
  const range = rangeOf(key.getState(view.state)!.set, id)
  if (!range) return false
  const { tr, doc } = view.state
  view.dispatch(tr.setSelection(TextSelection.create(doc, range.from, range.to)).scrollIntoView())
  view.focus()
  return true
}

export const hasSuggestions = (state: EditorState): boolean => key.getState(state)!.set !== DecorationSet.empty

export const isSuggestion = (state: EditorState): boolean => at(state) !== null

/** The one in whose passage the cursor or the selection is. */
function at(state: EditorState): Suggestion | null {
  const { items, set } = key.getState(state)!
  const { from, to } = state.selection
  const found = set.find(from, to)[0]
  return items.find((one) => one.id === found?.spec.id) ?? null
}

/** Goes to the next one behind the cursor, and from the last to the first. */
export function nextSuggestion({ view }: Editor): void {
  const { set } = key.getState(view.state)!
  const all = set.find().filter((one) => one.to > one.from).sort((a, b) => a.from - b.from)
  const next = all.find((one) => one.from > view.state.selection.from) ?? all[0]
  if (next) selectSuggestion(view, next.spec.id)
}

export function acceptSuggestion(editor: Editor): void {
  const one = at(editor.view.state)
  if (one) accept(editor, one)
}

export function declineSuggestion(editor: Editor): void {
  const one = at(editor.view.state)
  if (one) void decline(editor, one)
}

function accept(editor: Editor, { id }: Suggestion): void {
  if (editor.view.editable) editor.tell('suggestion', { id, verdict: 'accept' })
}

async function decline(editor: Editor, { id, isOwn = false }: Suggestion): Promise<void> {
  if (!editor.view.editable) return
  const field = { name: 'reason', label: word('suggestion.reason'), kind: 'area', isRequired: !isOwn } as const
  const found = await ask({ title: word('action.suggestion.decline'), fields: [field] })
  if (found) editor.tell('suggestion', { id, verdict: 'decline', reason: found.reason ?? '' })
  editor.view.focus()
}

// A screen reader does not hear decorations: whoever comes to one is told what it says.
function heard({ announcer }: Editor, view: EditorView, before: EditorState): void {
  if (view.state.selection.eq(before.selection)) return
  const one = at(view.state)
  if (!one || one.id === at(before)?.id) return
  const words = one.replacement || word('suggestion.nothing')
  announcer.say(word('suggestion.heard', { by: one.by, old: one.anchor.quote, words }))
}
