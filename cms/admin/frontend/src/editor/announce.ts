// One line that a screen reader hears: what a key did that the eye would see.

export class Announcer {
  readonly element = document.createElement('p')
  private timer = 0

  constructor() {
    this.element.className = 'cms-editor-status'
    this.element.setAttribute('role', 'status')
    this.element.setAttribute('aria-live', 'polite')
  }

  /** Says a text; the same text twice is said twice. */
  say(text: string): void {
    this.element.textContent = ''
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => (this.element.textContent = text), 50)
  }
}
