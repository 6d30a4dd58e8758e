// Chooses other things by words: what the field names stands as boxes to tick off, and a search finds
// more. Without script one types their numbers.

interface Source {
  endpoint: string
  arguments: Record<string, string | string[]>
  search: string
  id: string
  title: string
}

let made = 0

class Picker extends HTMLElement {
  private source!: Source
  private input!: HTMLInputElement
  private list!: HTMLUListElement
  private timer = 0
  private asked = 0

  connectedCallback(): void {
    if (this.querySelector('.picker-search')) return
    this.source = JSON.parse(this.dataset.source ?? '{}') as Source
    for (const one of this.querySelectorAll<HTMLElement>('.picker-number')) one.hidden = true
    const id = `picker-${++made}`
    const label = document.createElement('label')
    label.htmlFor = id
    label.textContent = this.dataset.label ?? ''
    this.input = document.createElement('input')
    this.input.id = id
    this.input.type = 'search'
    this.input.className = 'picker-search'
    this.input.autocomplete = 'off'
    this.input.disabled = this.querySelector<HTMLInputElement>('input.picker-number')?.disabled ?? false
    this.list = document.createElement('ul')
    this.list.className = 'picker-found'
    this.list.setAttribute('aria-live', 'polite')
    this.append(label, this.input, this.list)
    this.input.addEventListener('input', this.onInput)
    // Enter in the search must not save the text.
    this.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') event.preventDefault()
    })
  }

  private onInput = (event: Event): void => {
    event.stopPropagation()
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.search(), 250)
  }

  private async search(): Promise<void> {
    const words = this.input.value.trim()
    const mine = ++this.asked
    if (words.length < 2) return this.list.replaceChildren()
    const query = new URLSearchParams({ [this.source.search]: words, per_page: '10' })
    for (const [name, value] of Object.entries(this.source.arguments)) {
      for (const one of [value].flat()) query.append(Array.isArray(value) ? `${name}[]` : name, one)
    }
    const nonce = document.querySelector<HTMLInputElement>('input[name=_wpnonce]')?.value ?? ''
    const answer = await fetch(`${this.source.endpoint}?${query}`, { headers: { 'X-WP-Nonce': nonce } })
    const found = answer.ok ? ((await answer.json()) as unknown[]) : []
    if (mine === this.asked) this.show(found)
  }

  private show(found: unknown[]): void {
    const rows = found.map((one) => this.row(String(at(one, this.source.id)), plain(String(at(one, this.source.title)))))
    if (rows.length === 0) {
      const none = document.createElement('li')
      none.textContent = this.dataset.none ?? ''
      rows.push(none)
    }
    this.list.replaceChildren(...rows)
  }

  private row(id: string, label: string): HTMLLIElement {
    const row = document.createElement('li')
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button is-quiet is-small'
    button.textContent = label || id
    button.addEventListener('click', () => this.choose(id, label || id))
    row.append(button)
    return row
  }

  private choose(id: string, label: string): void {
    const chosen = this.querySelector('.picker-chosen')!
    if (this.dataset.many === undefined) chosen.replaceChildren()
    if (!chosen.querySelector(`input[value="${CSS.escape(id)}"]`)) {
      const row = document.createElement('li')
      const around = document.createElement('label')
      around.className = 'is-tick'
      const tick = document.createElement('input')
      tick.type = 'checkbox'
      tick.name = this.dataset.name ?? ''
      tick.value = id
      tick.checked = true
      around.append(tick, ` ${label}`)
      row.append(around)
      chosen.append(row)
    }
    this.input.value = ''
    this.list.replaceChildren()
    this.input.focus()
    this.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

function at(one: unknown, path: string): unknown {
  return path.split('.').reduce((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], one)
}

/** A title as REST gives it is HTML; an inert document reads it. */
function plain(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? ''
}

customElements.define('cms-picker', Picker)
