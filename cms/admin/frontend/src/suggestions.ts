// The list of suggested words beside a text: shows them in the editor at their passages, and takes
// them over or refuses them there and here without leaving the text. Without script its forms do it.

interface Verdict {
  id: string
  verdict: 'accept' | 'decline'
  reason?: string
}

interface Answer {
  told: string
  base?: string
  content?: string
}

type SuggestionEditor = HTMLElement & {
  value: string
  announcer: { say(text: string): void }
  lostSuggestions: string[]
  showSuggestions(all: readonly object[]): string[]
  selectSuggestion(id: string): boolean
  takeOver(made: { content: string; hash: string }, told: string): boolean
}
type Writing = HTMLElement & { settled(): Promise<boolean> }

class Suggestions extends HTMLElement {
  private editor: SuggestionEditor | null = null
  private isAsking = false
  private leaving = new AbortController()

  connectedCallback(): void {
    const { signal } = this.leaving
    this.addEventListener('submit', (event) => this.onSubmit(event))
    document.addEventListener('cms-editor:suggestion', (event) => void this.act((event as CustomEvent<Verdict>).detail), { signal })
    document.addEventListener('cms-editor:change', () => this.mark(), { signal })
    void customElements.whenDefined('cms-editor').then(() => this.show())
  }

  disconnectedCallback(): void {
    this.leaving.abort()
    // The list that comes in its place shows its own; where none comes, none is left.
    if (this.editor?.isConnected) this.editor.showSuggestions([])
  }

  private get rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[data-suggestion]')]
  }

  private show(): void {
    this.editor = document.querySelector<SuggestionEditor>('cms-editor')
    if (!this.editor || !this.isConnected) return
    this.editor.showSuggestions(this.rows.filter((row) => row.dataset.anchor).map(spoken))
    for (const row of this.rows) if (row.dataset.anchor) this.offerToGo(row)
    this.mark()
  }

  private offerToGo(row: HTMLElement): void {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button is-quiet is-small'
    button.textContent = this.dataset.go ?? ''
    button.addEventListener('click', () => this.editor?.selectSuggestion(row.dataset.suggestion!))
    row.querySelector('.comparison')!.after(button)
  }

  /** Those whose passage is gone in what is typed are said to be so, and cannot be taken over. */
  private mark(): void {
    const lost = this.editor?.lostSuggestions ?? []
    for (const row of this.rows) {
      if (!row.dataset.anchor) continue
      const isLost = lost.includes(row.dataset.suggestion!)
      const line = row.querySelector<HTMLElement>('[data-found]')!
      line.dataset.before ??= line.textContent ?? ''
      const said = isLost ? (this.dataset.gone ?? '') : line.dataset.before
      if (line.textContent !== said) line.textContent = said
      for (const one of row.querySelectorAll<HTMLElement>(':scope > button, [data-verdict=accept]')) one.hidden = isLost
    }
  }

  private onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement
    if (!this.editor || !form.dataset.verdict) return
    event.preventDefault()
    event.stopPropagation()
    const reason = new FormData(form).get('reason')
    const id = form.closest<HTMLElement>('[data-suggestion]')!.dataset.suggestion!
    void this.act({ id, verdict: form.dataset.verdict as Verdict['verdict'], reason: String(reason ?? '') })
  }

  private async act(wanted: Verdict): Promise<void> {
    if (this.isAsking || !this.editor) return
    this.isAsking = true
    try {
      if (wanted.verdict === 'accept') await this.accept(wanted.id)
      else await this.decline(wanted)
    } catch {
      this.say(this.dataset.lost ?? '')
    } finally {
      this.isAsking = false
    }
  }

  /** The words are taken into the text as it is stored, so that has to be what is written here. */
  private async accept(id: string): Promise<void> {
    const writing = document.querySelector<Writing>('cms-writing')
    if (writing && !(await writing.settled())) return this.say(this.dataset.unsaved ?? '')
    const base = document.querySelector<HTMLInputElement>('#post-form input[name=base]')!
    // What is asked for now is what a change of the server's is measured by.
    void this.editor!.value
    const said = await this.ask(id, 'take-over', { base: base.value })
    if (said?.base === undefined || said.content === undefined) return
    if (!this.editor!.takeOver({ content: said.content, hash: said.base }, said.told)) return this.say(this.dataset.meanwhile ?? '')
    base.value = said.base
    this.done(said.told)
  }

  private async decline({ id, reason = '' }: Verdict): Promise<void> {
    const said = await this.ask(id, 'decline', { reason })
    if (said) this.done(said.told)
  }

  /** What the server says to it; a refusal is told here and answered with null. */
  private async ask(id: string, step: string, sent: { [name: string]: string }): Promise<Answer | null> {
    const nonce = this.querySelector<HTMLInputElement>('input[name=_wpnonce]')?.value ?? ''
    const body = new URLSearchParams({ ...sent, _wpnonce: nonce })
    const answer = await fetch(`/admin/reviews/threads/${id}/${step}`, { method: 'POST', body })
    const isJson = answer.headers.get('content-type')?.startsWith('application/json')
    const said = isJson ? ((await answer.json()) as Answer) : { told: this.dataset.refused ?? '' }
    if (answer.ok && isJson) return said
    this.say(said.told)
    return null
  }

  private say(text: string): void {
    this.querySelector('[data-told]')!.textContent = text
  }

  /** The panel is drawn anew, with the list that is left. */
  private done(told: string): void {
    this.editor!.announcer.say(told)
    this.editor!.focus()
    document.body.dispatchEvent(new CustomEvent('cms:saved'))
  }
}

function spoken({ dataset }: HTMLElement): object {
  return {
    id: dataset.suggestion,
    anchor: JSON.parse(dataset.anchor!),
    replacement: dataset.replacement ?? '',
    by: dataset.by ?? '',
    isOwn: dataset.own !== undefined,
  }
}

customElements.define('cms-suggestions', Suggestions)

export {}
