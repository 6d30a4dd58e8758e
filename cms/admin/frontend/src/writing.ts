// The form of a text keeps what is typed: a while after the last key, or with Ctrl+S, the words go to
// the server, the panel beside the text is drawn anew, and nothing is left by mistake. A new text is
// there from its first words on.
import htmx from 'htmx.org'

const PAUSE = 4000
const BEAT = 20_000
/** Milliseconds after which the server does not answer any more. */
const PATIENCE = 20_000

type Editor = HTMLElement & {
  markSaved?: (kept: object) => void
  isStoredAs?: (post: string) => void
}

interface Answer {
  told: string
  is_saved?: boolean
  base?: string
  content?: string
  /** The number of a text that was a new one until now. */
  post?: number
}

class Writing extends HTMLElement {
  private form!: HTMLFormElement
  private timer = 0
  private keeping: Promise<void> | null = null
  private changed = false
  /** The button that was pressed while words were on their way. */
  private held: HTMLElement | null = null

  connectedCallback(): void {
    this.form = this.querySelector('form')!
    this.form.addEventListener('input', this.onInput)
    this.form.addEventListener('cms-editor:change', this.onInput)
    this.form.addEventListener('submit', this.onSubmit)
    this.addEventListener('keydown', this.onKey)
    addEventListener('beforeunload', this.onLeave)
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer)
    removeEventListener('beforeunload', this.onLeave)
  }

  private onInput = (): void => {
    this.changed = true
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.keep(), PAUSE)
  }

  /** What is sent while words are on their way would be over a text that is none any more. */
  private onSubmit = (event: SubmitEvent): void => {
    clearTimeout(this.timer)
    this.changed = false
    if (!this.keeping) return
    event.preventDefault()
    this.held = event.submitter
  }

  private onKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return
    event.preventDefault()
    clearTimeout(this.timer)
    void this.keep()
  }

  private onLeave = (event: BeforeUnloadEvent): void => {
    if (this.changed) event.preventDefault()
  }

  private get words(): FormData {
    const all = new FormData(this.form)
    const sent = new FormData()
    for (const name of ['_wpnonce', 'base', 'title', 'content', 'excerpt']) {
      const value = all.get(name)
      if (typeof value === 'string') sent.set(name, value)
    }
    return sent
  }

  /** Whether the stored text is what the form holds, now or after it was sent. */
  async settled(): Promise<boolean> {
    await this.keeping
    if (!this.changed) return true
    clearTimeout(this.timer)
    await this.keep()
    return !this.changed
  }

  /** One at a time: what is typed meanwhile is sent with the next. */
  private async keep(): Promise<void> {
    if (this.keeping) return this.onInput()
    this.keeping = this.send()
    await this.keeping
    this.keeping = null
    if (this.held) this.form.requestSubmit(this.held)
    this.held = null
  }

  private async send(): Promise<void> {
    const isNew = !this.dataset.url
    const sent = this.words
    if (isNew && !sent.get('title') && !sent.get('content')) return
    try {
      const body = new URLSearchParams((isNew ? new FormData(this.form) : sent) as never)
      const signal = AbortSignal.timeout(PATIENCE)
      const answer = await fetch(this.dataset.url ?? this.dataset.begin!, { method: 'POST', body, signal })
      await this.told(answer, sent)
    } catch {
      this.say(this.dataset.lost ?? '')
    }
  }

  private async told(answer: Response, sent: FormData): Promise<void> {
    if (!answer.headers.get('content-type')?.startsWith('application/json')) return this.say(this.dataset.gone ?? '')
    const body = (await answer.json()) as Answer
    this.say(body.told)
    if (!answer.ok || !body.is_saved || !body.base) return
    this.form.querySelector<HTMLInputElement>('input[name=base]')!.value = body.base
    const editor = this.form.querySelector<Editor>('cms-editor')
    if (body.post) this.settle(String(body.post), editor)
    editor?.markSaved?.({ content: body.content, hash: body.base })
    if (sameWords(sent, this.words)) this.changed = false
    document.body.dispatchEvent(new CustomEvent('cms:saved'))
    // The panel is drawn anew with its own line of when it was saved; ours says the very minute.
    document.addEventListener('htmx:after:swap', () => this.say(body.told), { once: true })
  }

  /** A new text has its number: from here on it is saved there, and the page has its address. */
  private settle(post: string, editor: Editor | null): void {
    const address = `/admin/posts/${post}`
    this.dataset.url = `${address}/autosave`
    this.form.action = address
    history.replaceState(history.state, '', address)
    editor?.isStoredAs?.(post)
    const panel = document.getElementById('standing')
    if (!panel) return
    for (const [name, value] of [['get', `${address}/standing`], ['trigger', 'cms:saved from:body'], ['swap', 'innerHTML']] as const) {
      panel.setAttribute(`hx-${name}`, value)
    }
    htmx.process(panel)
  }

  private say(text: string): void {
    const line = document.getElementById('saved-at')
    if (line) line.textContent = text
  }
}

function sameWords(one: FormData, other: FormData): boolean {
  return ['title', 'content', 'excerpt'].every((name) => one.get(name) === other.get(name))
}

/** Says that this page is open, and shows who else writes. */
class EditLock extends HTMLElement {
  private timer = 0

  connectedCallback(): void {
    void this.beat()
    this.timer = window.setInterval(() => void this.beat(), BEAT)
    addEventListener('pagehide', this.leave)
  }

  disconnectedCallback(): void {
    clearInterval(this.timer)
    removeEventListener('pagehide', this.leave)
  }

  private get body(): URLSearchParams {
    const nonce = this.querySelector<HTMLInputElement>('input[name=_wpnonce]')?.value ?? ''
    return new URLSearchParams({ token: this.dataset.token ?? '', _wpnonce: nonce })
  }

  private leave = (): void => {
    const body = this.body
    body.set('leaving', '1')
    navigator.sendBeacon(this.dataset.url!, body)
  }

  private async beat(): Promise<void> {
    try {
      const answer = await fetch(this.dataset.url!, { method: 'POST', body: this.body })
      if (answer.ok) this.show((await answer.json()) as { is_mine: boolean; holder: string })
    } catch {
      // Without the server nobody can be told; the next beat tries again.
    }
  }

  private show(told: { is_mine: boolean; holder: string }): void {
    const said = (this.dataset.words ?? '').replace('{name}', told.holder)
    const line = this.querySelector('[role=status]')!
    if (!told.is_mine && line.textContent !== said) line.textContent = said
    this.hidden = told.is_mine
    const editor = document.querySelector<HTMLElement & { setReadOnly?: (why: string | null) => void }>('cms-editor')
    editor?.setReadOnly?.(told.is_mine ? null : said)
  }
}

customElements.define('cms-writing', Writing)
customElements.define('cms-edit-lock', EditLock)
