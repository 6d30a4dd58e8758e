// Finds a reference by words of the library or by its DOI, puts it into the list of the text, and
// cites it where the writer is.

interface Reference {
  key: string
  title: string
  authors: string
}

type Editor = HTMLElement & { insertCitation?: (one: { ref: string; label: string }) => void }

class Citations extends HTMLElement {
  private dialog!: HTMLDialogElement
  private input!: HTMLInputElement
  private list!: HTMLUListElement
  private told!: HTMLParagraphElement
  private timer = 0
  private cites = false

  connectedCallback(): void {
    this.append(this.button(this.dataset.open, () => this.open(false)), this.build())
    document.addEventListener('cms-editor:cite', this.onCite)
  }

  disconnectedCallback(): void {
    document.removeEventListener('cms-editor:cite', this.onCite)
  }

  // Whoever answers the event keeps the editor from asking by itself.
  private onCite = (event: Event): void => {
    event.preventDefault()
    this.open(true)
  }

  private button(text: string | undefined, act: () => void): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button is-quiet is-small'
    button.textContent = text ?? ''
    button.addEventListener('click', act)
    return button
  }

  private build(): HTMLDialogElement {
    this.dialog = document.createElement('dialog')
    this.dialog.className = 'citations'
    this.dialog.setAttribute('aria-label', this.dataset.title ?? '')
    const label = document.createElement('label')
    label.textContent = this.dataset.label ?? ''
    label.htmlFor = 'citations-words'
    this.input = document.createElement('input')
    this.input.id = 'citations-words'
    this.input.type = 'search'
    this.input.autocomplete = 'off'
    this.list = document.createElement('ul')
    this.list.className = 'picker-found'
    this.told = document.createElement('p')
    this.told.setAttribute('role', 'status')
    const add = this.button(this.dataset.fetch, () => void this.add())
    const close = this.button(this.dataset.close, () => this.dialog.close())
    this.dialog.append(label, this.input, this.list, this.told, add, close)
    this.input.addEventListener('input', (event) => {
      event.stopPropagation()
      clearTimeout(this.timer)
      this.timer = window.setTimeout(() => void this.find(), 250)
    })
    this.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') event.preventDefault()
    })
    return this.dialog
  }

  private open(cites: boolean): void {
    this.cites = cites
    this.told.textContent = ''
    this.list.replaceChildren()
    this.dialog.showModal()
    this.input.value = ''
    this.input.focus()
  }

  private async find(): Promise<void> {
    const words = this.input.value.trim()
    if (words.length < 2) return this.list.replaceChildren()
    const answer = await fetch(`${this.dataset.find}?q=${encodeURIComponent(words)}`)
    if (!answer.ok || this.input.value.trim() !== words) return
    const found = (await answer.json()) as Reference[]
    this.told.textContent = found.length ? '' : (this.dataset.none ?? '')
    this.list.replaceChildren(...found.map((one) => this.row(one)))
  }

  private row(one: Reference): HTMLLIElement {
    const row = document.createElement('li')
    row.append(this.button(`${one.authors} – ${one.title}`, () => this.choose(one)))
    return row
  }

  private async add(): Promise<void> {
    const nonce = document.querySelector<HTMLInputElement>('input[name=_wpnonce]')?.value ?? ''
    const body = new URLSearchParams({ value: this.input.value, _wpnonce: nonce })
    const answer = await fetch(this.dataset.add!, { method: 'POST', body })
    if (!answer.headers.get('content-type')?.startsWith('application/json')) return
    const said = (await answer.json()) as Reference & { told?: string }
    if (answer.ok) this.choose(said)
    else this.told.textContent = said.told ?? ''
  }

  private choose(one: Reference): void {
    const lines = this.querySelector('textarea')!
    const known = lines.value.split('\n').map((line) => line.trim()).filter(Boolean)
    if (!known.includes(one.key)) known.push(one.key)
    lines.value = known.join('\n')
    this.dialog.close()
    const editor = document.querySelector<Editor>('cms-editor')
    if (this.cites) editor?.insertCitation?.({ ref: one.key, label: String(known.indexOf(one.key) + 1) })
    lines.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

customElements.define('cms-citations', Citations)

export {}
