// Comments in the margin: passages that are commented on are marked in the text, and marking words
// with the mouse or the keyboard offers to comment on them. Without script each comment shows its
// quote, and the form takes one that is typed.

const AROUND = 32

interface Found {
  node: Text
  from: number
  to: number
}

class Passages extends HTMLElement {
  private text: HTMLElement | null = null
  private offer: HTMLButtonElement | null = null

  connectedCallback(): void {
    this.text = this.querySelector<HTMLElement>('[data-text]')
    if (!this.text) return
    for (const thread of this.querySelectorAll<HTMLElement>('[data-quote]')) this.mark(thread)
    this.offer = this.button()
    document.addEventListener('selectionchange', this.onSelection)
  }

  disconnectedCallback(): void {
    document.removeEventListener('selectionchange', this.onSelection)
  }

  /** The first place where the quote stands with what stood around it; else the first of all. */
  private mark(thread: HTMLElement): void {
    const { quote = '', prefix = '', suffix = '' } = thread.dataset
    const pieces = find(this.text!, quote, prefix, suffix)
    const open = () => {
      thread.scrollIntoView({ block: 'center' })
      thread.classList.add('is-meant')
      setTimeout(() => thread.classList.remove('is-meant'), 3000)
    }
    for (const piece of pieces) {
      const range = document.createRange()
      range.setStart(piece.node, piece.from)
      range.setEnd(piece.node, piece.to)
      const mark = document.createElement('mark')
      mark.className = thread.classList.contains('is-must_fix') ? 'passage is-must_fix' : 'passage'
      range.surroundContents(mark)
      mark.addEventListener('click', open)
    }
  }

  private button(): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button review-offer'
    button.textContent = this.dataset.comment ?? ''
    button.hidden = true
    button.addEventListener('pointerdown', (event) => event.preventDefault())
    button.addEventListener('click', () => this.take())
    this.text!.before(button)
    return button
  }

  private onSelection = (): void => {
    if (this.offer) this.offer.hidden = this.chosen() === null
  }

  private chosen(): Range | null {
    const selection = getSelection()
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null
    const range = selection.getRangeAt(0)
    return this.text?.contains(range.commonAncestorContainer) && plain(range).trim() ? range : null
  }

  /** Put the marked words into the form, with a little of what stands around them. */
  private take(): void {
    const range = this.chosen()
    const form = this.querySelector<HTMLFormElement>('[data-new-comment]')
    if (!range || !form) return
    const around = document.createRange()
    around.selectNodeContents(this.text!)
    around.setEnd(range.startContainer, range.startOffset)
    set(form, 'prefix', plain(around).slice(-AROUND))
    around.selectNodeContents(this.text!)
    around.setStart(range.endContainer, range.endOffset)
    set(form, 'suffix', plain(around).slice(0, AROUND))
    set(form, 'quote', plain(range).trim())
    form.closest('details')!.open = true
    form.querySelector<HTMLTextAreaElement>('[name=body]')!.focus()
  }
}

function set(form: HTMLFormElement, name: string, value: string): void {
  form.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${name}]`)!.value = value
}

/** What people read of it: blocks apart, blanks as one. */
function plain(range: Range): string {
  return range.toString().replace(/\s+/gu, ' ')
}

/** Letter for letter, so that places stay what they are: a typed quotation mark meets a printed one. */
function folded(text: string): string {
  return text.replace(/[“”„]/gu, '"').replace(/[‘’]/gu, "'").replace(/[–—]/gu, '-').replace(/\s/gu, ' ').toLowerCase()
}

function find(root: HTMLElement, quote: string, prefix: string, suffix: string): Found[] {
  const nodes: Text[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) nodes.push(walker.currentNode as Text)
  // Blanks count as one on the server: each kept letter remembers where it stands.
  const letters: { node: Text; at: number }[] = []
  let text = ''
  for (const node of nodes) {
    const said = folded(node.data)
    for (let at = 0; at < said.length; at++) {
      if (said[at] === ' ' && text.endsWith(' ')) continue
      text += said[at]
      letters.push({ node, at })
    }
    if (!text.endsWith(' ') && isBlockEnd(node)) {
      text += ' '
      letters.push({ node, at: said.length })
    }
  }
  const wanted = folded(quote).replace(/ +/gu, ' ').trim()
  if (!wanted) return []
  const start = best(text, wanted, folded(prefix), folded(suffix))
  return start < 0 ? [] : pieces(letters.slice(start, start + wanted.length))
}

function isBlockEnd(node: Text): boolean {
  const parent = node.parentElement
  return parent !== null && getComputedStyle(parent).display !== 'inline' && parent.lastChild === node
}

function best(text: string, wanted: string, prefix: string, suffix: string): number {
  let found = -1
  let score = -1
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.slice(0, at).trimEnd().endsWith(prefix.trimEnd()) ? 1 : 0
    const after = text.slice(at + wanted.length).trimStart().startsWith(suffix.trimStart()) ? 1 : 0
    if (before + after > score) [found, score] = [at, before + after]
  }
  return found
}

function pieces(letters: { node: Text; at: number }[]): Found[] {
  const found: Found[] = []
  for (const { node, at } of letters) {
    const last = found.at(-1)
    if (last?.node === node) last.to = Math.min(at + 1, node.length)
    else found.push({ node, from: at, to: Math.min(at + 1, node.length) })
  }
  return found.filter((one) => one.to > one.from && one.node.data.slice(one.from, one.to).trim())
}

customElements.define('cms-passages', Passages)

export {}
