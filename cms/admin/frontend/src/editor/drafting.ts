// The draft of one editor: kept, offered when the page opens again, forgotten when it is saved.
import { findDrafts, forgetDraft, forgetNew, keepDraft, type Draft } from './draft'
import type { CmsEditor } from './element'
import { TextSelection } from 'prosemirror-state'
import { write } from './write'
import { word } from './words'

/** Begins to keep what is typed in an editor, and offers what an earlier page kept. */
export function anchoredDrafts(editor: CmsEditor, key: string, base: string): Drafts {
  return new Drafts(editor, key, base)
}

export class Drafts {
  private stored: string
  private found: Draft | null = null
  private waiting: Draft[] = []
  private bar: HTMLElement | null = null
  private leaving = new AbortController()
  private channel = new BroadcastChannel('cms-drafts')
  private last: Promise<void> = Promise.resolve()

  constructor(
    private editor: CmsEditor,
    private key: string,
    private base: string,
  ) {
    this.stored = write(editor.view.state.doc)
    const { signal } = this.leaving
    const leave = () => void this.keep()
    document.addEventListener('visibilitychange', () => document.hidden && leave(), { signal })
    window.addEventListener('pagehide', leave, { signal })
    this.greetOthers()
    void this.offer()
  }

  /** Keeps what is typed under another key, and nothing under the one before. */
  moveTo(key: string): Promise<void> {
    this.setAside()
    const was = this.key
    this.key = key
    return this.after(() => forgetDraft(was))
  }

  close(): void {
    this.leaving.abort()
    this.channel.close()
  }

  /** Writes what is not saved. Several calls in a row write one after the other. */
  keep(): Promise<void> {
    const content = write(this.editor.view.state.doc)
    if (content === this.stored) return this.last
    this.setAside()
    const { anchor, head } = this.editor.view.state.selection
    const draft = { key: this.key, base: this.base, content, selection: { anchor, head }, time: Date.now() }
    return this.after(() => keepDraft(draft))
  }

  /** The server has what this editor holds, or an earlier text of it. */
  saved(hash: string, isAll: boolean): Promise<void> {
    this.base = hash
    if (!isAll) return this.keep()
    this.stored = write(this.editor.view.state.doc)
    return this.found?.key === this.key ? this.last : this.after(() => forgetDraft(this.key))
  }

  restore(): void {
    const draft = this.settled()
    if (!draft) return
    this.editor.value = draft.content
    this.select(draft)
    this.editor.focus()
    void this.after(() => forgetDraft(draft.key))
    void this.keep()
  }

  discard(): Promise<void> {
    const draft = this.settled()
    return draft ? this.after(() => forgetDraft(draft.key)) : this.last
  }

  // Whoever types on with a draft still on offer loses neither of the two.
  private setAside(): void {
    const draft = this.found
    if (draft?.key !== this.key) return
    this.found = { ...draft, key: `${this.key}#${draft.time}` }
    const aside = this.found
    void this.after(() => keepDraft(aside))
  }

  private after(act: () => Promise<void>): Promise<void> {
    this.last = this.last.then(act).catch(() => this.editor.announcer.say(word('draft.failed')))
    return this.last
  }

  private select({ selection: { anchor, head } }: Draft): void {
    const { state, dispatch } = this.editor.view
    const end = state.doc.content.size
    const at = (pos: number) => state.doc.resolve(Math.min(pos, end))
    dispatch.call(this.editor.view, state.tr.setSelection(TextSelection.between(at(anchor), at(head))).scrollIntoView())
  }

  private async offer(): Promise<void> {
    const all = await findDrafts(this.key).catch(() => [])
    const same = all.filter((draft) => draft.content === this.stored)
    for (const { key } of same) void this.after(() => forgetDraft(key))
    void this.after(() => forgetNew(this.key, this.stored))
    this.waiting = all.filter((draft) => draft.content !== this.stored)
    if (!this.leaving.signal.aborted) this.offerNext()
  }

  private offerNext(): void {
    const draft = this.waiting.shift()
    if (!draft) return
    this.found = draft
    const { base, time, content } = draft
    const isOfThisText = base === this.base
    const detail = { base, time, content, isOfThisText }
    if (this.editor.tell('draft-found', detail)) this.showBar(draft, isOfThisText)
  }

  private showBar({ time }: Draft, isOfThisText: boolean): void {
    const bar = document.createElement('div')
    bar.className = 'cms-editor-draft'
    bar.setAttribute('role', 'region')
    bar.setAttribute('aria-label', word('draft.label'))
    const text = document.createElement('p')
    const when = new Date(time).toLocaleString(document.documentElement.lang || undefined)
    text.textContent = word(isOfThisText ? 'draft.found' : 'draft.other', { when })
    bar.append(text, button('draft.restore', () => this.restore()), button('draft.discard', () => void this.discard()))
    this.bar = bar
    this.editor.prepend(bar)
    this.editor.announcer.say(text.textContent)
  }

  /** The draft that was on offer; the next one comes after it was dealt with. */
  private settled(): Draft | null {
    const draft = this.found
    this.found = null
    this.bar?.remove()
    this.bar = null
    if (draft) queueMicrotask(() => this.offerNext())
    return draft
  }

  /** Two tabs of one person with one text: both are told. */
  private greetOthers(): void {
    this.channel.addEventListener('message', ({ data }: MessageEvent<{ key: string; isAnswer: boolean }>) => {
      if (data.key !== this.key) return
      if (!data.isAnswer) this.channel.postMessage({ key: this.key, isAnswer: true })
      if (this.editor.tell('second-tab')) this.editor.announcer.say(word('draft.second'))
    })
    this.channel.postMessage({ key: this.key, isAnswer: false })
  }
}

function button(key: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = word(key)
  made.addEventListener('click', act)
  return made
}
