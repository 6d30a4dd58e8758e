// The form of a text keeps what is typed: a while after the last key the words go to the server, the
// panel beside the text is drawn anew, and nothing is left by mistake.

const PAUSE = 4000
const BEAT = 20_000

class Writing extends HTMLElement {
  private form!: HTMLFormElement
  private timer = 0
  private keeping: Promise<void> | null = null
  private changed = false

  connectedCallback(): void {
    this.form = this.querySelector('form')!
    this.form.addEventListener('input', this.onInput)
    this.form.addEventListener('cms-editor:change', this.onInput)
    this.form.addEventListener('submit', this.onSubmit)
    addEventListener('beforeunload', this.onLeave)
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer)
    removeEventListener('beforeunload', this.onLeave)
  }

  private onInput = (): void => {
    this.changed = true
    if (!this.dataset.url) return
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.keep(), PAUSE)
  }

  private onSubmit = (): void => {
    this.changed = false
    clearTimeout(this.timer)
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
  }

  private async send(): Promise<void> {
    const sent = this.words
    try {
      const answer = await fetch(this.dataset.url!, { method: 'POST', body: new URLSearchParams(sent as never) })
      await this.told(answer, sent)
    } catch {
      this.say(this.dataset.lost ?? '')
    }
  }

  private async told(answer: Response, sent: FormData): Promise<void> {
    if (!answer.headers.get('content-type')?.startsWith('application/json')) return this.say(this.dataset.gone ?? '')
    const body = (await answer.json()) as { told: string; is_saved?: boolean; base?: string; content?: string }
    this.say(body.told)
    if (!answer.ok || !body.is_saved || !body.base) return
    this.form.querySelector<HTMLInputElement>('input[name=base]')!.value = body.base
    const editor = this.form.querySelector<HTMLElement & { markSaved?: (kept: object) => void }>('cms-editor')
    editor?.markSaved?.({ content: body.content, hash: body.base })
    if (sameWords(sent, this.words)) this.changed = false
    document.body.dispatchEvent(new CustomEvent('cms:saved'))
    // The panel is drawn anew with its own line of when it was saved; ours says the very minute.
    document.addEventListener('htmx:after:swap', () => this.say(body.told), { once: true })
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
