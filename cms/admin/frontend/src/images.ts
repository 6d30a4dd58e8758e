// The pictures of the site, for a text: found by words, described for people who do not see them. A
// new one is added here too, also by dropping or pasting its file into the text.
import { PictureForm, type Taken } from './picture_form'

interface Picture {
  id: number
  source_url: string
  alt_text: string
  title: { rendered: string }
  media_details?: { sizes?: Record<string, { source_url: string }> }
}

type PictureEditor = HTMLElement & { insertBlock?: (kind: string, attrs: object) => boolean }

class Images extends HTMLElement {
  private dialog!: HTMLDialogElement
  private input!: HTMLInputElement
  private list!: HTMLUListElement
  private adding: PictureForm | null = null
  private waiting: File[] = []
  private timer = 0

  connectedCallback(): void {
    // Outside of the form of the text: nothing that is typed here belongs to it.
    document.body.append(this.build())
    document.addEventListener('cms-editor:media', this.onMedia)
    document.addEventListener('cms-editor:files', this.onFiles)
  }

  disconnectedCallback(): void {
    this.adding?.stop()
    this.dialog.remove()
    document.removeEventListener('cms-editor:media', this.onMedia)
    document.removeEventListener('cms-editor:files', this.onFiles)
  }

  private build(): HTMLDialogElement {
    this.dialog = document.createElement('dialog')
    this.dialog.className = 'citations'
    this.dialog.setAttribute('aria-label', this.dataset.title ?? '')
    const label = document.createElement('label')
    label.htmlFor = 'images-words'
    label.textContent = this.dataset.label ?? ''
    this.input = document.createElement('input')
    this.input.id = 'images-words'
    this.input.type = 'search'
    this.input.autocomplete = 'off'
    this.list = document.createElement('ul')
    this.list.className = 'images-found'
    this.dialog.append(label, this.input, this.list, ...this.newOne(), this.closing())
    this.dialog.addEventListener('close', () => this.next())
    this.input.addEventListener('input', () => {
      clearTimeout(this.timer)
      this.timer = window.setTimeout(() => void this.find(), 250)
    })
    return this.dialog
  }

  private closing(): HTMLButtonElement {
    const close = document.createElement('button')
    close.type = 'button'
    close.className = 'button is-quiet is-small'
    close.textContent = this.dataset.close ?? ''
    close.addEventListener('click', () => this.dialog.close())
    return close
  }

  private newOne(): HTMLElement[] {
    const template = this.querySelector('template')
    if (!template) return []
    this.adding = new PictureForm(template, (picture) => this.put(picture))
    return [this.adding.form]
  }

  private onMedia = (event: Event): void => {
    // Whoever answers the event keeps the editor from asking by itself.
    event.preventDefault()
    this.open(null)
  }

  private onFiles = (event: Event): void => {
    if (!this.adding) return
    event.preventDefault()
    this.waiting.push(...(event as CustomEvent<{ files: File[] }>).detail.files)
    if (!this.dialog.open) this.next()
  }

  /** Of several files that were dropped each is described by itself. */
  private next(): void {
    this.adding?.stop()
    const file = this.waiting.shift()
    if (file) this.open(file)
  }

  private open(file: File | null): void {
    this.dialog.showModal()
    this.input.value = ''
    this.input.focus()
    this.adding?.begin(file)
    void this.find()
  }

  private async find(): Promise<void> {
    const words = this.input.value.trim()
    const query = new URLSearchParams({ media_type: 'image', per_page: '12', ...(words ? { search: words } : {}) })
    const nonce = document.querySelector<HTMLInputElement>('input[name=_wpnonce]')?.value ?? ''
    const answer = await fetch(`/wp-json/wp/v2/media?${query}`, { headers: { 'X-WP-Nonce': nonce } })
    if (!answer.ok || this.input.value.trim() !== words) return
    const found = (await answer.json()) as Picture[]
    this.list.replaceChildren(...found.map((one) => this.row(one)))
    if (found.length === 0) this.list.append(Object.assign(document.createElement('li'), { textContent: this.dataset.none ?? '' }))
  }

  private row(one: Picture): HTMLLIElement {
    const row = document.createElement('li')
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'images-one'
    const picture = document.createElement('img')
    picture.src = one.media_details?.sizes?.thumbnail?.source_url ?? one.source_url
    picture.alt = one.alt_text || new DOMParser().parseFromString(one.title.rendered, 'text/html').body.textContent || String(one.id)
    button.append(picture)
    button.addEventListener('click', () => this.choose(one))
    row.append(button)
    return row
  }

  private choose(one: Picture): void {
    const src = one.media_details?.sizes?.large?.source_url ?? one.source_url
    this.put({ id: one.id, url: src, alt: one.alt_text || null })
  }

  /** Where the writer is. False when nothing can be put there; then she still sees what she chose. */
  private put(picture: Partial<Taken> | { alt: string | null }): boolean {
    const editor = document.querySelector<PictureEditor>('cms-editor')
    const isPut = editor?.insertBlock?.('image', picture) ?? false
    if (isPut) {
      this.dialog.close()
      editor?.focus()
    }
    return isPut
  }
}

customElements.define('cms-images', Images)

export {}
