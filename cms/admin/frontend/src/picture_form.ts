// The form by which a new picture comes into a text: it is described before it is sent, its way to
// the server is shown, and whatever goes wrong leaves the file and the words where they are.

/** What the server tells of a picture that it took; `alt` is empty for decoration, focus in percent. */
export interface Taken {
  id: number
  url: string
  alt: string
  caption: string
  focus: { x: number; y: number } | null
}

type Faults = { [field: string]: string }

export class PictureForm {
  readonly form: HTMLFormElement
  private sending: XMLHttpRequest | null = null
  private shown = ''

  /** `take` answers whether the picture found its place. */
  constructor(template: HTMLTemplateElement, private take: (picture: Taken) => boolean) {
    const made = template.content.cloneNode(true) as DocumentFragment
    this.form = made.querySelector('form')!
    this.form.addEventListener('submit', (event) => this.onSubmit(event))
    this.input.addEventListener('change', () => this.preview())
  }

  private get input(): HTMLInputElement {
    return this.find('input[type=file]')
  }

  private find<T extends HTMLElement>(selector: string): T {
    return this.form.querySelector<T>(selector)!
  }

  /** Begins anew, with a file that was dropped or pasted, or with none. */
  begin(file: File | null): void {
    this.stop()
    this.form.reset()
    for (const name of ['x', 'y']) this.find(`[name=focus_${name}]`).dispatchEvent(new Event('input'))
    this.tell({})
    if (file) {
      const data = new DataTransfer()
      data.items.add(file)
      this.input.files = data.files
    }
    this.preview()
    if (file) this.find('[name=alt_text]').focus()
  }

  /** Nothing more is sent, and the preview goes. */
  stop(): void {
    this.sending?.abort()
    this.sending = null
    this.progress(null)
    URL.revokeObjectURL(this.shown)
  }

  private preview(): void {
    const file = this.input.files?.[0]
    URL.revokeObjectURL(this.shown)
    this.shown = file ? URL.createObjectURL(file) : ''
    this.find('[data-preview]').hidden = !file
    if (file) this.find<HTMLImageElement>('[data-preview] img').src = this.shown
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault()
    event.stopPropagation()
    if (this.sending) return
    this.tell({})
    this.send()
  }

  // fetch cannot say how far a request has come.
  private send(): void {
    const request = new XMLHttpRequest()
    this.sending = request
    request.upload.addEventListener('progress', ({ loaded, total }) => this.progress(total ? loaded / total : 0))
    request.addEventListener('load', () => this.settled(request))
    request.addEventListener('error', () => this.failed('lost'))
    request.open('POST', this.form.action)
    request.send(new FormData(this.form))
    this.progress(0)
  }

  private settled(request: XMLHttpRequest): void {
    this.sending = null
    this.progress(null)
    const isJson = request.getResponseHeader('content-type')?.startsWith('application/json')
    if (!isJson) return this.failed(request.status === 401 || request.status === 403 ? 'gone' : 'refused')
    const said = JSON.parse(request.responseText) as Taken & { faults?: Faults }
    if (said.faults) return this.tell(said.faults)
    const caption = this.find<HTMLInputElement>('[name=caption]').value.trim()
    if (!this.take({ ...said, caption })) this.failed('kept')
  }

  private failed(why: string): void {
    this.sending = null
    this.progress(null)
    this.tell({ '': this.form.dataset[why] ?? '' })
  }

  /** Each fault with its field, and the focus goes to the first that has one. */
  private tell(faults: Faults): void {
    const names = Object.keys(faults)
    this.find('[data-told]').textContent = names.map((name) => this.spelled(name, faults[name]!)).join(' ')
    for (const input of this.form.querySelectorAll<HTMLInputElement>('input[name], textarea')) {
      if (names.includes(input.name)) input.setAttribute('aria-invalid', 'true')
      else input.removeAttribute('aria-invalid')
    }
    this.form.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }

  private spelled(name: string, fault: string): string {
    const label = name ? this.form.querySelector(`label[for=${CSS.escape(name)}]`)?.textContent?.trim() : ''
    return label ? `${label}: ${fault}` : fault
  }

  private progress(share: number | null): void {
    const bar = this.find<HTMLProgressElement>('progress')
    bar.hidden = share === null
    bar.value = share ?? 0
    const said = share === null ? '' : (this.form.dataset.busy ?? '')
    const line = this.find('[data-progress]')
    if (line.textContent !== said) line.textContent = said
  }
}
