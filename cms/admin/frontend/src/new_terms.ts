// New terms of a text, without leaving it: what is typed is made at once and ticked. Without script
// the same field is read when the text is saved.

interface Term {
  id: number
  name: string
}

class NewTerms extends HTMLElement {
  private input!: HTMLInputElement
  private told = document.createElement('p')
  private isAsking = false

  connectedCallback(): void {
    this.input = this.querySelector('input')!
    this.told.className = 'help'
    this.told.setAttribute('role', 'status')
    this.append(this.button(), this.told)
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return
      // Enter would save the whole text.
      event.preventDefault()
      void this.add()
    })
  }

  private button(): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button is-quiet is-small'
    button.textContent = this.dataset.add ?? ''
    button.addEventListener('click', () => void this.add())
    return button
  }

  private async add(): Promise<void> {
    const names = this.input.value.trim()
    if (!names || this.isAsking) return
    this.isAsking = true
    try {
      await this.ask(names)
    } catch {
      this.told.textContent = this.dataset.lost ?? ''
    } finally {
      this.isAsking = false
    }
  }

  private async ask(names: string): Promise<void> {
    const nonce = document.querySelector<HTMLInputElement>('#post-form input[name=_wpnonce]')?.value ?? ''
    const parent = this.querySelector('select')?.value ?? ''
    const body = new URLSearchParams({ taxonomy: this.dataset.taxonomy ?? '', names, parent, _wpnonce: nonce })
    const answer = await fetch(this.dataset.url!, { method: 'POST', body })
    if (!answer.headers.get('content-type')?.startsWith('application/json')) throw new Error('not signed in')
    const said = (await answer.json()) as { terms?: Term[]; told: string }
    this.told.textContent = said.told
    this.input.setAttribute('aria-invalid', String(!answer.ok))
    if (!said.terms) return
    for (const term of said.terms) this.file(term)
    // What was typed meanwhile stays.
    if (this.input.value.trim() === names) this.input.value = ''
    this.dispatchEvent(new Event('input', { bubbles: true }))
  }

  private file({ id, name }: Term): void {
    const around = this.closest('fieldset')!
    const known = around.querySelector<HTMLInputElement>(`input[type=checkbox][value="${CSS.escape(String(id))}"]`)
    if (known) known.checked = true
    else around.querySelector('.posts-terms, .picker-chosen')?.append(row(`in.${this.dataset.taxonomy}`, id, name))
    around.querySelector('.posts-terms > .help')?.remove()
  }
}

function row(field: string, id: number, name: string): HTMLLIElement {
  const tick = document.createElement('input')
  Object.assign(tick, { type: 'checkbox', name: field, value: String(id), checked: true })
  const label = document.createElement('label')
  label.className = 'is-tick'
  label.append(tick, ` ${name}`)
  const made = document.createElement('li')
  made.append(label)
  return made
}

customElements.define('cms-new-terms', NewTerms)

export {}
