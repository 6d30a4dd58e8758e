// What is pasted from Word, Google Docs and pages, as plain structure: no foreign attributes, no
// styles, no images that carry their bytes. What the editor itself copied stays as it is.
import { Fragment, type Node as TextNode, Slice } from 'prosemirror-model'
import { harmless, parse, styleOf as sourceStyle, tag, written } from './html'
import { isSafeAddress } from './shown'

// The spelling of an element that means the same.
const SAME: { [tag: string]: string } = { b: 'strong', i: 'em', strike: 's', h1: 'h2' }
const INLINE = new Set(['strong', 'b', 'em', 'i', 'u', 's', 'strike', 'sub', 'sup', 'code', 'a', 'br'])
const BLOCK = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tfoot tr td th figure figcaption blockquote cite pre hr'.split(' '),
)
const GONE = new Set('script style template title meta link head xml object iframe svg math input select button textarea'.split(' '))
const KEPT: { [tag: string]: string[] } = {
  a: ['href'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan', 'scope'], img: ['src', 'alt'], ol: ['start'],
}

/** What was left out of a paste, for a notice. */
export interface Cleaned {
  html: string
  /** Images that came as bytes inside the text. */
  images: number
}

/** Pasted HTML made clean. HTML that this editor copied comes back with its styles renamed only. */
export function cleaned(html: string): Cleaned {
  if (html.includes('data-pm-slice')) return { html: harmless(html), images: 0 }
  const root = parse(withoutComments(html))
  const cleaner = new Cleaner(root.ownerDocument)
  unwrapDocs(root)
  nestWordLists(root)
  const made = cleaner.children(root)
  const holder = root.ownerDocument.createElement('div')
  holder.append(...made)
  straighten(holder)
  return { html: [...holder.childNodes].map(written).join(''), images: cleaner.images }
}

// Word's conditional comments hide lists' marks and whole documents; the body is what counts.
function withoutComments(html: string): string {
  const body = /<!--StartFragment-->([\s\S]*)<!--EndFragment-->/.exec(html)
  const inside = body?.[1] ?? html.replace(/^[\s\S]*<body[^>]*>/i, '').replace(/<\/body>[\s\S]*$/i, '')
  return inside
    .replace(/<!--\[if [^\]]*\]>[\s\S]*?<!\[endif\]-->/gi, '')
    .replace(/<!\[(?:if|endif)[^>]*>/gi, '')
    .replace(/<!--(?!\[if)[\s\S]*?-->/g, '')
    .replace(/<\/?o:p[^>]*>/gi, '')
}

// What Word says to itself (`mso-bidi-font-weight`) is not what it shows.
function styleOf(it: Element): string {
  return sourceStyle(it).toLowerCase().replace(/mso-(?!list)[a-z-]+\s*:[^;]*;?/g, '')
}

// Google Docs wraps all in a <b> that is not bold.
function unwrapDocs(root: ParentNode): void {
  for (const it of root.querySelectorAll('b, strong')) {
    if (/font-weight:\s*(?:normal|400)/.test(styleOf(it)) || it.id.startsWith('docs-internal-guid')) {
      it.replaceWith(...it.childNodes)
    }
  }
}

interface Level {
  list: Element
  depth: number
}

/** Word writes a list as paragraphs with a mark as text: they become a list, nested by level. */
function nestWordLists(root: ParentNode): void {
  let open: Level[] = []
  let last: Element | null = null
  for (const it of [...root.querySelectorAll('p, h1, h2, h3, h4, h5, h6')]) {
    const depth = Number(/mso-list:[^;]*\blevel(\d+)/.exec(styleOf(it))?.[1] ?? 0)
    if (!depth) {
      open = []
      continue
    }
    if (last && !isNext(last, it)) open = []
    open = open.filter((one) => one.depth <= depth)
    const mark = takeMark(it)
    if (open[open.length - 1]?.depth !== depth) open.push({ list: newList(it, open, mark), depth })
    const item = it.ownerDocument.createElement('li')
    const { list } = open[open.length - 1]!
    if (open.length === 1 && !list.parentNode) it.before(list)
    item.append(...it.childNodes)
    list.append(item)
    it.remove()
    last = open[0]!.list
  }
}

function isNext(list: Element, it: Element): boolean {
  return list.nextElementSibling === it && !textBetween(list, it)
}

function textBetween(one: Element, other: Element): boolean {
  for (let node = one.nextSibling; node && node !== other; node = node.nextSibling) {
    if (node.textContent?.trim()) return true
  }
  return false
}

function newList(it: Element, open: Level[], mark: string): Element {
  const isNumbered = /^\(?(?:\d+|[a-z]|[ivx]+)[.)]/i.test(mark)
  const list = it.ownerDocument.createElement(isNumbered ? 'ol' : 'ul')
  open[open.length - 1]?.list.lastElementChild?.append(list)
  return list
}

function takeMark(it: Element): string {
  const mark = [...it.querySelectorAll('span')].find((one) => /mso-list:\s*ignore/.test(styleOf(one)))
  const text = mark?.textContent?.replace(/\u00a0/g, ' ').trim() ?? ''
  mark?.remove()
  return text
}

class Cleaner {
  images = 0

  constructor(private document: Document) {}

  children(of: Node): Node[] {
    return [...of.childNodes].flatMap((node) => this.node(node))
  }

  private node(node: Node): Node[] {
    if (node.nodeType === 3) return [this.document.createTextNode(node.nodeValue ?? '')]
    if (node.nodeType !== 1 || GONE.has(tag(node as Element))) return []
    const it = node as Element
    const name = tag(it)
    if (name === 'img') return this.image(it)
    if (name === 'sup' && it.hasAttribute('data-cms-ref')) return [it.cloneNode(true)]
    if (name === 'br' && it.className.startsWith('Apple')) return []
    if (name === 'a' && !isSafeAddress(it.getAttribute('href') ?? 'about:')) return this.styled(it)
    if (BLOCK.has(name) || INLINE.has(name)) return [this.as(SAME[name] ?? name, it)]
    const inside = this.styled(it)
    return name === 'div' && !hasBlock(inside) ? [this.wrapped('p', inside)] : inside
  }

  private as(name: string, it: Element): Element {
    const made = this.document.createElement(name)
    for (const kept of KEPT[name] ?? []) {
      const value = it.getAttribute(kept)
      if (value !== null) made.setAttribute(kept, value)
    }
    made.append(...this.styled(it))
    return made
  }

  /** Google Docs says weight, slant, height and lines in the styles of spans. */
  private styled(it: Element): Node[] {
    const style = tag(it) === 'span' || tag(it) === 'font' ? styleOf(it) : ''
    let inside = this.children(it)
    const wrap = (name: string, when: RegExp) => {
      if (when.test(style) && inside.length) inside = [this.wrapped(name, inside)]
    }
    wrap('sup', /vertical-align:\s*super/)
    wrap('sub', /vertical-align:\s*sub/)
    wrap('s', /text-decoration[^;]*line-through/)
    wrap('u', /text-decoration[^;]*underline/)
    wrap('em', /font-style:\s*italic/)
    wrap('strong', /font-weight:\s*(?:bold|[6-9]00)/)
    return inside
  }

  private wrapped(name: string, inside: Node[]): Element {
    const made = this.document.createElement(name)
    made.append(...inside)
    return made
  }

  private image(it: Element): Node[] {
    const address = it.getAttribute('src') ?? ''
    if (!/^https?:|^\//i.test(address)) {
      this.images += 1
      return []
    }
    const figure = this.document.createElement('figure')
    figure.append(this.as('img', it))
    return [figure]
  }
}

function hasBlock(nodes: Node[]): boolean {
  return nodes.some((node) => node.nodeType === 1 && BLOCK.has(tag(node as Element)))
}

/** The shapes that blocks have here: no paragraphs in cells and items, tables in a figure. */
function straighten(root: Element): void {
  for (const it of root.querySelectorAll('td > p, th > p')) {
    if (it.nextElementSibling) it.after(it.ownerDocument.createElement('br'))
    it.replaceWith(...it.childNodes)
  }
  for (const it of root.querySelectorAll('li > p')) it.replaceWith(...it.childNodes)
  // A list directly in a list belongs to the item before it.
  for (const it of root.querySelectorAll('ul > ul, ul > ol, ol > ul, ol > ol')) {
    it.previousElementSibling?.append(it)
  }
  for (const it of root.querySelectorAll('table')) {
    if (it.closest('figure')) continue
    const figure = it.ownerDocument.createElement('figure')
    it.replaceWith(figure)
    figure.append(it)
  }
  for (const it of root.querySelectorAll('p > figure')) it.parentElement!.after(it)
  for (const it of root.querySelectorAll('p, h2, h3, h4, h5, h6')) {
    if (!it.textContent?.trim() && !it.querySelector('img, br')) it.remove()
  }
}

/** A paste as the lines of a place that holds no blocks, with breaks between them. */
export function asLines(slice: Slice, lineBreak: TextNode): Slice {
  const lines: Fragment[] = []
  slice.content.descendants((node) => {
    if (node.isTextblock) lines.push(node.content)
    return !node.isTextblock
  })
  if (!lines.length) return slice
  const joined = lines.reduce((all, line) => all.addToEnd(lineBreak).append(line))
  return new Slice(joined, 0, 0)
}
