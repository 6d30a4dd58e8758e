// Lists whose order people make: `<cms-sorting>` around lists with `data-holder`, whose items have
// `data-sort`, and a hidden form `[data-order]`. Dragging fills `moved`, `holder` and `before` into
// that form and sends it; the server decides. Pointer events serve mouse, pen and finger alike: the
// browser's own dragging knows no finger. Without any of them the items have buttons of their own:
// after such a step the same button of the moved item has the focus, so that it can go on.

const STEP = 'cms-sorting-step'
const TREMBLE = 4
// In CSS pixels: so near the edge of the window the page goes on below what is dragged.
const EDGE = 48
const STRIDE = 16

interface Place {
  list: HTMLElement
  before: HTMLElement | null
}

class Sorting extends HTMLElement {
  private dragged: HTMLElement | null = null
  private from = { x: 0, y: 0 }
  private isMoving = false

  connectedCallback(): void {
    this.addEventListener('submit', this.onSubmit)
    this.goOn()
    if (!this.form) return
    for (const item of this.querySelectorAll<HTMLElement>('[data-sort]')) this.offer(item)
  }

  disconnectedCallback(): void {
    document.removeEventListener('keydown', this.onKey)
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector<HTMLFormElement>('form[data-order]')
  }

  /** Only the handle drags, so that words on the page can still be marked, and a finger scrolls. */
  private offer(item: HTMLElement): void {
    const handle = document.createElement('span')
    handle.className = 'sorting-handle'
    handle.textContent = '⠿'
    handle.title = this.dataset.hint ?? ''
    handle.setAttribute('aria-hidden', 'true')
    handle.addEventListener('pointerdown', this.onDown)
    handle.addEventListener('pointermove', this.onMove)
    handle.addEventListener('pointerup', this.onUp)
    handle.addEventListener('pointercancel', this.stop)
    const line = item.querySelector('p') ?? item
    line.prepend(handle)
  }

  private onDown = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement
    if (event.button !== 0 || this.dragged) return
    event.preventDefault()
    // The handle hears of the pointer wherever it goes, also outside of the window.
    handle.setPointerCapture(event.pointerId)
    this.dragged = handle.closest<HTMLElement>('[data-sort]')
    this.from = { x: event.clientX, y: event.clientY }
    document.addEventListener('keydown', this.onKey)
  }

  private onMove = (event: PointerEvent): void => {
    if (!this.dragged) return
    // A hand that only presses trembles a little.
    this.isMoving ||= Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) > TREMBLE
    if (!this.isMoving) return
    this.dragged.classList.add('sorting-is-dragged')
    if (event.clientY < EDGE) scrollBy(0, -STRIDE)
    else if (event.clientY > innerHeight - EDGE) scrollBy(0, STRIDE)
    const place = this.placeAt(event)
    this.unmark()
    if (place?.before) place.before.classList.add('sorting-is-before')
    else place?.list.classList.add('sorting-is-end')
  }

  private onUp = (event: PointerEvent): void => {
    const place = this.isMoving ? this.placeAt(event) : null
    const dragged = this.dragged
    this.stop()
    if (place && dragged && place.before !== dragged) this.put(dragged, place)
  }

  private onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.stop()
  }

  private stop = (): void => {
    document.removeEventListener('keydown', this.onKey)
    this.dragged?.classList.remove('sorting-is-dragged')
    this.dragged = null
    this.isMoving = false
    this.unmark()
  }

  private put(dragged: HTMLElement, place: Place): void {
    const form = this.form!
    const fill = (name: string, value: string) => {
      form.querySelector<HTMLInputElement>(`input[name=${name}]`)!.value = value
    }
    fill('moved', dragged.dataset.sort!)
    fill('holder', place.list.dataset.holder!)
    fill('before', place.before?.dataset.sort ?? '')
    place.list.insertBefore(dragged, place.before)
    this.say()
    form.requestSubmit()
  }

  private unmark(): void {
    for (const one of this.querySelectorAll('.sorting-is-before, .sorting-is-end')) {
      one.classList.remove('sorting-is-before', 'sorting-is-end')
    }
  }

  /** The list below the pointer, and the item of it that stands after the place; never inside what
   *  is dragged, and never in a list of another page's part. */
  private placeAt(event: PointerEvent): Place | null {
    const below = document.elementFromPoint(event.clientX, event.clientY)
    const list = below?.closest<HTMLElement>('[data-holder]')
    if (!this.dragged || !list || !this.contains(list) || this.dragged.contains(list)) return null
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
