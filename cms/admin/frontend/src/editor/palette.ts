// The palette: every action by its name, from "/" in an empty paragraph or Ctrl+/.
import { GROUPS, isOffered, isPossible, perform, type Action } from './actions'
import type { Editor } from './context'
import { labelOf, nameOf } from './toolbar'
import { word } from './words'

// What makes something stands first: it is what one types "/" for.
const [history, marks, blocks, inserted, ...others] = GROUPS
const ORDERED: readonly Action[] = [blocks, inserted, marks, ...others, history].flatMap((group) => group ?? [])

let count = 0

/** Opens the palette; what is chosen is done at the cursor. */
export function openPalette(editor: Editor): void {
  new Palette(editor).open()
}

class Palette {
  private dialog = document.createElement('dialog')
  private input = document.createElement('input')
  private list = document.createElement('ul')
  private none = document.createElement('p')
  private found: Action[] = []
  private at = 0
  private readonly id = `cms-editor-palette-${(count += 1)}`

  constructor(private editor: Editor) {
    this.dialog.className = 'cms-editor-dialog cms-editor-palette'
    this.dialog.setAttribute('aria-label', word('palette.open'))
    this.list.id = this.id
    this.list.setAttribute('role', 'listbox')
    this.list.setAttribute('aria-label', word('palette.open'))
    this.input.type = 'text'
    for (const [name, value] of [
      ['role', 'combobox'], ['aria-expanded', 'true'], ['aria-controls', this.id],
      ['aria-autocomplete', 'list'], ['aria-label', word('palette.search')], ['autocomplete', 'off'],
    ] as const) this.input.setAttribute(name, value)
    this.none.className = 'cms-editor-none'
    this.none.setAttribute('role', 'status')
    this.dialog.append(this.input, this.list, this.none)
    this.input.addEventListener('input', () => this.show())
    this.input.addEventListener('keydown', (event) => this.onKey(event))
    this.list.addEventListener('click', (event) => this.onClick(event))
    this.dialog.addEventListener('close', () => this.dialog.remove())
    // The browser gives the focus back without the place in the text; the view knows it.
    this.dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      this.dialog.close()
      this.editor.view.focus()
    })
  }

  open(): void {
    document.body.append(this.dialog)
    this.show()
    this.dialog.showModal()
    this.input.focus()
  }

  private show(): void {
    const wanted = plain(this.input.value)
    const { state } = this.editor.view
    const begins = (one: Action) => Number(plain(nameOf(one)).startsWith(wanted))
    this.found = ORDERED.filter((one) => plain(nameOf(one)).includes(wanted) && isOffered(this.editor, one) && isPossible(state, one))
    this.found.sort((a, b) => begins(b) - begins(a))
    this.at = 0
    this.list.replaceChildren(...this.found.map((action, index) => this.option(action, index)))
    this.none.textContent = this.found.length ? '' : word('palette.none')
    this.mark()
  }

  private option(action: Action, index: number): HTMLElement {
    const option = document.createElement('li')
    option.id = `${this.id}-${index}`
    option.setAttribute('role', 'option')
    option.dataset.index = String(index)
    option.textContent = labelOf(action)
    return option
  }

  private mark(): void {
    ;[...this.list.children].forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === this.at))
      if (index === this.at) option.scrollIntoView({ block: 'nearest' })
    })
    if (this.found.length) this.input.setAttribute('aria-activedescendant', `${this.id}-${this.at}`)
    else this.input.removeAttribute('aria-activedescendant')
  }

  private onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && this.found.length) {
      this.at = (this.at + step + this.found.length) % this.found.length
      this.mark()
    } else if (event.key === 'Enter') this.choose(this.at)
    else return
    event.preventDefault()
  }

  private onClick(event: MouseEvent): void {
    const option = (event.target as Element).closest<HTMLElement>('[data-index]')
    if (option) this.choose(Number(option.dataset.index))
  }

  private choose(index: number): void {
    const action = this.found[index]
    if (!action) return
    this.dialog.close()
    this.editor.view.focus()
    perform(this.editor, action)
  }
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
