// The pictures of the site, for a text: found by words, described for people who do not see them.

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
  private timer = 0

  connectedCallback(): void {
    this.append(this.build())
    document.addEventListener('cms-editor:media', this.open)
  }

  disconnectedCallback(): void {
    document.removeEventListener('cms-editor:media', this.open)
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
    const close = document.createElement('button')
    close.type = 'button'
    close.className = 'button is-quiet is-small'
    close.textContent = this.dataset.close ?? ''
    close.addEventListener('click', () => this.dialog.close())
    this.dialog.append(label, this.input, this.list, close)
    this.input.addEventListener('input', () => {
      clearTimeout(this.timer)
      this.timer = window.setTimeout(() => void this.find(), 250)
    })
    return this.dialog
  }

  private open = (event: Event): void => {
    // Whoever answers the event keeps the editor from asking by itself.
    event.preventDefault()
    this.dialog.showModal()
    this.input.value = ''
    this.input.focus()
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
    this.dialog.close()
    const src = one.media_details?.sizes?.large?.source_url ?? one.source_url
    document.querySelector<PictureEditor>('cms-editor')?.insertBlock?.('image', { id: one.id, url: src, alt: one.alt_text || null })
  }
}

customElements.define('cms-images', Images)

export {}
