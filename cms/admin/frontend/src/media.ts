// The media library: files are dropped onto the form, a focal point is set on the picture, and a
// picture that is chosen for a text is told of as `cms-media:chosen`.

class Drop extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>('input[type=file]')
    if (!input) return
    const hint = document.createElement('span')
    hint.className = 'help'
    hint.textContent = this.dataset.hint ?? ''
    input.after(hint)
    const over = (is: boolean) => (event: Event) => {
      event.preventDefault()
      this.classList.toggle('is-over', is)
    }
    this.addEventListener('dragover', over(true))
    this.addEventListener('dragleave', over(false))
    this.addEventListener('drop', (event) => {
      over(false)(event)
      if (event.dataTransfer?.files.length) input.files = event.dataTransfer.files
    })
  }
}

/** The two fields stay the truth: the mark on the picture shows and sets them. */
class Focus extends HTMLElement {
  private mark!: HTMLButtonElement

  connectedCallback(): void {
    const [x, y] = [this.field('x'), this.field('y')]
    if (!x || !y) return
    this.mark = document.createElement('button')
    this.mark.type = 'button'
    this.mark.className = 'focus-mark'
    this.mark.setAttribute('aria-label', x.closest('fieldset')?.querySelector('legend')?.textContent ?? '')
    this.append(this.mark)
    this.show()
    x.addEventListener('input', () => this.show())
    y.addEventListener('input', () => this.show())
    this.addEventListener('click', (event) => this.choose(event))
    this.mark.addEventListener('keydown', (event) => this.step(event))
  }

  private field(axis: 'x' | 'y'): HTMLInputElement | null {
    return document.querySelector<HTMLInputElement>(`#${this.dataset[axis]}`)
  }

  private set(x: number, y: number): void {
    const within = (value: number): string => String(Math.round(Math.min(100, Math.max(0, value)) * 10) / 10)
    const [fieldX, fieldY] = [this.field('x'), this.field('y')]
    if (fieldX) fieldX.value = within(x)
    if (fieldY) fieldY.value = within(y)
    this.show()
  }

  private choose(event: MouseEvent): void {
    const picture = this.querySelector('img')?.getBoundingClientRect()
    if (!picture || event.detail === 0) return
    this.set(((event.clientX - picture.left) / picture.width) * 100, ((event.clientY - picture.top) / picture.height) * 100)
  }

  private step(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    this.set(Number(this.field('x')?.value) + step[0], Number(this.field('y')?.value) + step[1])
  }

  private show(): void {
    this.mark.style.left = `${this.field('x')?.value || 50}%`
    this.mark.style.top = `${this.field('y')?.value || 50}%`
  }
}

document.addEventListener('click', (event) => {
  const chosen = (event.target as Element).closest<HTMLElement>('[data-media]')
  if (!chosen) return
  const { media, url, alt, width, height } = chosen.dataset
  const detail = { id: Number(media), url, alt, width: Number(width), height: Number(height) }
  chosen.dispatchEvent(new CustomEvent('cms-media:chosen', { bubbles: true, detail }))
})

customElements.define('cms-drop', Drop)
customElements.define('cms-focus', Focus)
