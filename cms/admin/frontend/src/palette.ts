// The command palette: Ctrl+K (or ⌘K) opens it, typing narrows it, Enter goes there. Without script
// the menu has all of it.

interface Place {
  label: string
  path: string
  section: string
}

class Palette extends HTMLElement {
  private places: Place[] | null = null
  private shown: Place[] = []
  private at = 0
  private dialog!: HTMLDialogElement
  private input!: HTMLInputElement
  private list!: HTMLUListElement

  connectedCallback(): void {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'palette-open'
    button.textContent = this.dataset.label ?? ''
    const key = document.createElement('kbd')
    key.textContent = 'Ctrl K'
    button.append(key)
    button.addEventListener('click', () => void this.open())
    this.append(button, this.build())
    document.addEventListener('keydown', this.onKey)
  }

  disconnectedCallback(): void {
    document.removeEventListener('keydown', this.onKey)
  }

  private onKey = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      void this.open()
    }
  }

  private build(): HTMLDialogElement {
    this.dialog = document.createElement('dialog')
    this.dialog.className = 'palette'
    this.dialog.setAttribute('aria-label', this.dataset.label ?? '')
    this.input = document.createElement('input')
    this.input.type = 'text'
    this.input.setAttribute('role', 'combobox')
    this.input.setAttribute('aria-expanded', 'true')
    this.input.setAttribute('aria-controls', 'palette-list')
    this.input.setAttribute('aria-label', this.dataset.label ?? '')
    this.input.autocomplete = 'off'
    this.input.spellcheck = false
    this.list = document.createElement('ul')
    this.list.id = 'palette-list'
    this.list.setAttribute('role', 'listbox')
    this.list.setAttribute('aria-label', this.dataset.label ?? '')
    this.dialog.append(this.input, this.list)
    this.input.addEventListener('input', () => void this.narrow())
    this.input.addEventListener('keydown', (event) => this.move(event))
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) this.dialog.close()
    })
    return this.dialog
  }

  private async open(): Promise<void> {
    if (this.dialog.open) return
    this.dialog.showModal()
    this.input.value = ''
    this.input.focus()
    await this.narrow()
  }

  /** What stands in the menu is found here; what was written is asked of the server. */
  private async narrow(): Promise<void> {
    const wanted = folded(this.input.value)
    this.places ??= menu()
    const found = this.places.filter((place) => folded(place.label).includes(wanted))
    this.show(found)
    if (wanted.length < 3) return
    const asked = this.input.value
    const answer = await fetch(`${this.dataset.source}?q=${encodeURIComponent(asked)}`)
    if (!answer.ok || this.input.value !== asked) return
    const more = (await answer.json()) as Place[]
    this.show([...found, ...more])
  }

  private show(places: Place[]): void {
    this.shown = places.slice(0, 20)
    this.at = 0
    const rows = this.shown.map((place, index) => this.row(place, index))
    if (rows.length === 0) {
      const none = document.createElement('li')
      none.className = 'palette-none'
      none.textContent = this.dataset.none ?? ''
      rows.push(none)
    }
    this.list.replaceChildren(...rows)
    this.mark()
  }

  private row(place: Place, index: number): HTMLLIElement {
    const row = document.createElement('li')
    row.id = `palette-${index}`
    row.setAttribute('role', 'option')
    row.textContent = place.label
    const section = document.createElement('small')
    section.textContent = place.section
    row.append(section)
    row.addEventListener('click', () => location.assign(place.path))
    return row
  }

  private move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const place = this.shown[this.at]
    if (step && this.shown.length) {
      event.preventDefault()
      this.at = (this.at + step + this.shown.length) % this.shown.length
      this.mark()
    } else if (event.key === 'Enter' && place) {
      event.preventDefault()
      location.assign(place.path)
    }
  }

  private mark(): void {
    this.list.querySelectorAll('[role=option]').forEach((row, index) => {
      row.setAttribute('aria-selected', String(index === this.at))
      if (index === this.at) row.scrollIntoView({ block: 'nearest' })
    })
    if (this.shown.length) this.input.setAttribute('aria-activedescendant', `palette-${this.at}`)
    else this.input.removeAttribute('aria-activedescendant')
  }
}

function menu(): Place[] {
  return [...document.querySelectorAll<HTMLAnchorElement>('.menu a')].map((link) => ({
    label: link.textContent?.trim() ?? '',
    path: link.getAttribute('href') ?? '/admin',
    section: link.closest('ul')?.previousElementSibling?.textContent ?? '',
  }))
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}

customElements.define('cms-palette', Palette)
