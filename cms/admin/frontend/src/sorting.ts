// Lists whose order people make: `<cms-sorting>` around lists with `data-holder`, whose items have
// `data-sort`, and a hidden form `[data-order]`. Dragging fills `moved`, `holder` and `before` into
// that form and sends it; the server decides. Without a mouse the items have buttons of their own:
// after such a step the same button of the moved item has the focus, so that it can go on.

const STEP = 'cms-sorting-step'

class Sorting extends HTMLElement {
  private dragged: HTMLElement | null = null

  connectedCallback(): void {
    this.addEventListener('submit', this.onSubmit)
    this.goOn()
    if (!this.form) return
    for (const item of this.querySelectorAll<HTMLElement>('[data-sort]')) this.offer(item)
    this.addEventListener('dragstart', this.onStart)
    this.addEventListener('dragover', this.onOver)
    this.addEventListener('drop', this.onDrop)
    this.addEventListener('dragend', this.onEnd)
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector<HTMLFormElement>('form[data-order]')
  }

  /** Only the handle drags, so that words on the page can still be marked. */
  private offer(item: HTMLElement): void {
    const handle = document.createElement('span')
    handle.className = 'sorting-handle'
    handle.draggable = true
    handle.textContent = '⠿'
    handle.title = this.dataset.hint ?? ''
    handle.setAttribute('aria-hidden', 'true')
    const line = item.querySelector('p') ?? item
    line.prepend(handle)
  }

  private onStart = (event: DragEvent): void => {
    const handle = (event.target as Element).closest?.('.sorting-handle')
    this.dragged = handle?.closest<HTMLElement>('[data-sort]') ?? null
    if (!this.dragged || !event.dataTransfer) return
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', this.dragged.dataset.sort!)
    event.dataTransfer.setDragImage(this.dragged, 0, 0)
    this.dragged.classList.add('sorting-is-dragged')
  }

  private onOver = (event: DragEvent): void => {
    const place = this.placeAt(event)
    this.unmark()
    if (!place) return
    event.preventDefault()
    if (place.before) place.before.classList.add('sorting-is-before')
    else place.list.classList.add('sorting-is-end')
  }

  private onDrop = (event: DragEvent): void => {
    const place = this.placeAt(event)
    if (!place) return
    event.preventDefault()
    const form = this.form!
    const fill = (name: string, value: string) => {
      form.querySelector<HTMLInputElement>(`input[name=${name}]`)!.value = value
    }
    fill('moved', this.dragged!.dataset.sort!)
    fill('holder', place.list.dataset.holder!)
    fill('before', place.before?.dataset.sort ?? '')
    place.list.insertBefore(this.dragged!, place.before)
    this.say()
    form.requestSubmit()
  }

  private onEnd = (): void => {
    this.dragged?.classList.remove('sorting-is-dragged')
    this.dragged = null
    this.unmark()
  }

  private unmark(): void {
    for (const one of this.querySelectorAll('.sorting-is-before, .sorting-is-end')) {
      one.classList.remove('sorting-is-before', 'sorting-is-end')
    }
  }

  /** The list below the pointer, and the item of it that stands after the place; never inside what
   *  is dragged. */
  private placeAt(event: DragEvent): { list: HTMLElement; before: HTMLElement | null } | null {
    const list = (event.target as Element).closest<HTMLElement>('[data-holder]')
    if (!this.dragged || !list || this.dragged.contains(list)) return null
    const items = [...list.children].filter((one): one is HTMLElement => one instanceof HTMLElement && one.dataset.sort !== undefined)
    const before = items.find((one) => {
      const { top, height } = one.getBoundingClientRect()
      return event.clientY < top + height / 2
    })
    return { list, before: before ?? null }
  }

  private say(): void {
    const told = document.createElement('p')
    told.className = 'hidden'
    told.setAttribute('role', 'status')
    this.append(told)
    told.textContent = this.dataset.done ?? ''
  }

  private onSubmit = (event: SubmitEvent): void => {
    const button = event.submitter
    if (button instanceof HTMLButtonElement && button.name === 'step') sessionStorage.setItem(STEP, button.value)
  }

  /** The item that was moved is the one that the address names. */
  private goOn(): void {
    const step = sessionStorage.getItem(STEP)
    sessionStorage.removeItem(STEP)
    const moved = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null
    if (!step || !moved || !this.contains(moved)) return
    const buttons = [...moved.querySelectorAll<HTMLButtonElement>('button[name=step]')].filter(
      (one) => one.closest('[data-sort]') === moved,
    )
    const same = buttons.find((one) => one.value === step)
    const wanted = same ?? buttons.find((one) => one.value === 'up' || one.value === 'down')
    if (!wanted) return moved.focus()
    // The browser itself goes to what the address names, sooner or later than this script runs.
    moved.addEventListener('focus', () => wanted.focus(), { once: true })
    wanted.focus()
  }
}

customElements.define('cms-sorting', Sorting)

export {}
