// <cms-editor>: a field of a form whose value is block markup. Without script its <textarea> is
// the editor; with it the textarea is hidden and this element takes part in the form.
import { type Anchor, anchorOf } from './anchors'
import { Announcer } from './announce'
import { newImage, newPre, newReferences, newSeparator, newTable, type Picture } from './blocks'
import { putCitation } from './citing'
import { type Comment, orphans, showComments } from './comments'
import { insertBlock, toggleList, wrapInCallout, wrapInQuote } from './commands'
import { anchoredDrafts, type Drafts } from './drafting'
import type { Editor } from './context'
import { openPalette } from './palette'
import { read } from './read'
import { replacing } from './replacing'
import { N } from './schema'
import { lostSuggestions, selectSuggestion, showSuggestions, type Suggestion } from './suggestions'
import { Toolbar } from './toolbar'
import { makeView } from './view'
import { word } from './words'
import { write } from './write'
import { closeHistory } from 'prosemirror-history'
import type { Command } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

const PAUSE = 500

/** What a citation is made of: the names of references with spaces between, and what it shows. */
export interface Citation {
  ref: string
  label?: string
}

export class CmsEditor extends HTMLElement implements Editor {
  static formAssociated = true

  readonly announcer = new Announcer()
  readonly host = this
  view!: EditorView
  private internals = this.attachInternals()
  private textarea!: HTMLTextAreaElement
  private toolbar!: Toolbar
  private notice = document.createElement('p')
  private drafts: Drafts | null = null
  private handed = ''
  private timer = 0
  private isReadOnly = false
  private leaving = new AbortController()

  connectedCallback(): void {
    if (this.view) return
    const textarea = this.querySelector('textarea')
    if (!textarea) throw new Error('<cms-editor> needs a <textarea> inside')
    this.textarea = textarea
    this.build(this.stored())
    this.joinForm()
    const key = this.dataset.draftKey
    if (key) this.drafts = anchoredDrafts(this, key, this.dataset.base ?? '')
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer)
    this.leaving.abort()
    this.drafts?.close()
  }

  // HTML eats a first line end of a textarea, and its value knows no CRLF; a data block keeps both.
  private stored(): string {
    const block = this.querySelector('script[type="application/json"]')
    const text: unknown = block?.textContent ? JSON.parse(block.textContent) : null
    return typeof text === 'string' ? text : this.textarea.value
  }

  private build(source: string): void {
    const holder = document.createElement('div')
    holder.className = 'cms-editor-text'
    const palette = () => openPalette(this)
    const help = this.help()
    this.toolbar = new Toolbar(this, palette)
    this.notice.className = 'cms-editor-notice'
    this.notice.hidden = true
    this.textarea.hidden = true
    this.append(this.toolbar.element, this.notice, holder, help, this.announcer.element)
    this.view = makeView({
      editor: this,
      holder,
      doc: read(source),
      attributes: this.attributesOfText(help.id),
      isEditable: () => !this.isReadOnly,
      onChange: () => this.changed(),
      onUpdate: () => this.toolbar.update(),
      openPalette: palette,
      focusToolbar: () => this.toolbar.focus(),
    })
    this.view.dom.addEventListener('compositionend', () => this.changed(), { signal: this.leaving.signal })
    this.handed = source
    this.toolbar.update()
  }

  private attributesOfText(help: string): { [name: string]: string } {
    return {
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': this.getAttribute('label') ?? word('label'),
      'aria-describedby': help,
      'data-placeholder': word('placeholder'),
      lang: this.getAttribute('lang') ?? '',
      spellcheck: 'true',
    }
  }

  private help(): HTMLElement {
    const help = document.createElement('p')
    help.id = `${this.name || 'cms-editor'}-help`
    help.className = 'cms-editor-help'
    help.textContent = word('help')
    return help
  }

  private joinForm(): void {
    this.textarea.removeAttribute('name')
    const { signal } = this.leaving
    this.internals.form?.addEventListener('formdata', (event) => event.formData.set(this.name, this.value), { signal })
  }

  get name(): string {
    return this.getAttribute('name') ?? ''
  }

  get form(): HTMLFormElement | null {
    return this.internals.form
  }

  /** The markup as it stands. What nobody touched is as it was stored, byte for byte. */
  get value(): string {
    if (!this.view) return this.querySelector('textarea')?.value ?? ''
    this.handed = write(this.view.state.doc)
    return this.handed
  }

  /** Replaces the whole text as one step that can be undone. */
  set value(source: string) {
    const transaction = replacing(this.view.state, source)
    if (transaction) this.view.dispatch(closeHistory(transaction.setMeta('addToHistory', true)))
  }

  /** The server has stored `content`, which has this hash. What it changed is taken over, unless
   * something was typed since; the draft goes when nothing is unsaved. */
  markSaved({ content, hash }: { content: string; hash: string }, told = word('status.cleaned')): void {
    this.dataset.base = hash
    const now = write(this.view.state.doc)
    if (now !== content && now === this.handed) {
      const transaction = replacing(this.view.state, content)
      if (transaction) this.view.dispatch(transaction.setMeta('cms-saved', true))
      this.announcer.say(told)
    }
    window.clearTimeout(this.timer)
    const isSaved = write(this.view.state.doc) === content
    void this.drafts?.saved(hash, isSaved)
    if (!isSaved) this.changed()
  }

  /** A new text has its number: what this browser keeps of it goes by that from here on. */
  isStoredAs(post: string): void {
    this.dataset.post = post
    this.dataset.draftKey = this.dataset.draftKey?.replace(/\/new[^/]*\//, `/${post}/`) ?? ''
    void this.drafts?.moveTo(this.dataset.draftKey)
  }

  /** The server has made another text of the last one that it was given. False when something was
   * typed since: then nothing is changed here, and the next save is compared with that text. */
  takeOver(made: { content: string; hash: string }, told: string): boolean {
    if (write(this.view.state.doc) !== this.handed) return false
    this.markSaved(made, told)
    return true
  }

  /** Nothing can be typed until it is called with null or ''; the reason stands above the text. */
  setReadOnly(reason: string | null): void {
    const told = reason ?? ''
    if (this.notice.textContent === told) return
    this.isReadOnly = told !== ''
    this.notice.hidden = !told
    this.notice.textContent = told
    this.view.setProps({ editable: () => !this.isReadOnly })
    this.view.dom.setAttribute('aria-readonly', String(this.isReadOnly))
    this.toolbar.update()
    if (told) this.announcer.say(told)
  }

  /** Puts a new block at the cursor. False for a kind that is not known or does
   * not fit here, and while nothing can be typed. */
  insertBlock(kind: string, attrs: { [name: string]: unknown } = {}): boolean {
    if (this.isReadOnly) return false
    const command = blockOf(kind, attrs)
    const isDone = command?.(this.view.state, this.view.dispatch, this.view) ?? false
    this.view.focus()
    return isDone
  }

  /** Cites at the cursor, or changes the selected citation. */
  insertCitation({ ref, label = '' }: Citation): void {
    putCitation(this, ref, label)
    this.view.focus()
  }

  /** Shows comments beside their text; answers the ids of those whose text is gone. */
  showComments(comments: readonly Comment[]): string[] {
    return showComments(this.view, comments)
  }

  /** The ids of shown comments whose text is gone now. */
  get orphans(): string[] {
    return orphans(this.view.state)
  }

  /** Shows other words for passages of the text; answers the ids of those whose passage is gone. */
  showSuggestions(suggestions: readonly Suggestion[]): string[] {
    return showSuggestions(this.view, suggestions)
  }

  /** The ids of shown suggestions whose passage is gone, or reads otherwise, now. */
  get lostSuggestions(): string[] {
    return lostSuggestions(this.view.state)
  }

  /** Goes to the passage of a suggestion; false when it is gone. */
  selectSuggestion(id: string): boolean {
    return selectSuggestion(this.view, id)
  }

  /** What the selected text is, for a comment about it. */
  get anchor(): Anchor | null {
    return anchorOf(this.view.state)
  }

  /** Takes the found draft over as one step that can be undone. */
  restoreDraft(): void {
    this.drafts?.restore()
  }

  discardDraft(): void {
    void this.drafts?.discard()
  }

  focus(): void {
    this.view.focus()
  }

  tell(name: string, detail: object = {}): boolean {
    if (name === 'comment-wanted') return this.tellComment()
    const event = new CustomEvent(`cms-editor:${name}`, { bubbles: true, cancelable: true, detail })
    return this.dispatchEvent(event)
  }

  private tellComment(): boolean {
    const { anchor } = this
    if (!anchor) this.announcer.say(word('status.comment'))
    return anchor ? this.tell('comment', { anchor }) : true
  }

  private changed(): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.settled(), PAUSE)
  }

  // While a word is being composed (dead keys as well) nobody may look at the text.
  private settled(): void {
    if (this.view.composing) return
    void this.drafts?.keep()
    this.tell('change')
  }
}

function blockOf(kind: string, attrs: { [name: string]: unknown }): Command | null {
  const made: { [kind: string]: () => Command } = {
    image: () => insertBlock(newImage(attrs as unknown as Picture)),
    table: () => insertBlock(newTable(Number(attrs.rows ?? 3), Number(attrs.columns ?? 2))),
    callout: () => wrapInCallout(String(attrs.kind ?? 'warning')),
    heading: () => insertBlock(N.heading.create({ level: Number(attrs.level ?? 2) })),
    paragraph: () => insertBlock(N.paragraph.create()),
    list: () => toggleList(attrs.ordered ? 'ol' : 'ul'),
    quote: () => wrapInQuote,
    separator: () => insertBlock(newSeparator()),
    references: () => insertBlock(newReferences()),
    code: () => insertBlock(newPre('code')),
  }
  return made[kind]?.() ?? null
}
