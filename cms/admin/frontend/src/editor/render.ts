// A leaf as markup, in the form that WordPress 6.1 writes: blocks with their delimiters, or bare.
import type { Attrs, Fragment, Node } from 'prosemirror-model'
import { closer, opener, withAttributes } from './grammar'
import { element, escapeText, open, parse, type Pairs, withAttribute, withClasses } from './html'
import { readInline } from './inline'
import { renderInline } from './render_inline'
import type { Place } from './model'
import { DEFAULT, N, type Form } from './schema'

/** The markup of a leaf at its place. */
export function render(node: Node, place: Place): string {
  const written = WRITERS[node.type.name]
  if (!written) throw new Error(`${node.type.name} is no leaf`)
  return written(node, place)
}

type Writer = (node: Node, place: Place) => string

const WRITERS: { [name: string]: Writer } = {
  paragraph,
  heading: (n, place) =>
    delimited('core/heading', jsonOfHeading(n.attrs), element(`h${n.attrs.level}`, n.attrs.el, inline(n.content, place)), place),
  list: (n, place) => {
    const style = place.form === 'block' ? (n.attrs.style ?? 'items') : 'plain'
    return delimited('core/list', jsonOfList(n.attrs), list(n, style, place), place)
  },
  table_block: (n, place) => delimited('core/table', n.attrs.json, tableBlock(n, place), place),
  image: (n, place) => delimited('core/image', n.attrs.json, image(n, place), place),
  pre: (n, place) => delimited(`core/${n.attrs.kind}`, n.attrs.json, pre(n, place), place),
  separator: (n, place) => delimited('core/separator', n.attrs.json, open('hr', n.attrs.el, true), place),
  quote: (n, place) => delimited('core/quote', n.attrs.json, plainQuote(n, place), place),
  callout: (n, place) => plainCallout(n, place),
}

function delimited(name: string, json: string, html: string, { form }: Place): string {
  return form === 'block' ? `${opener(name, json)}\n${html}\n${closer(name)}` : html
}

/** How inline content is written: what a break is depends on the form. */
export function inline(content: Fragment, { form, lines }: { form: Form; lines: boolean }): string {
  const lineBreak = form === 'bare' && lines ? '\n' : form === 'block' ? '<br>' : '<br />'
  return renderInline(content, lineBreak)
}

function paragraph(n: Node, place: Place): string {
  const text = inline(n.content, place)
  const isBare = place.form === 'bare' && !n.attrs.el.length
  return isBare ? text : delimited('core/paragraph', n.attrs.json, element('p', n.attrs.el, text), place)
}

// What the element says is said in the delimiter as well, where WordPress says it there.
function jsonOfHeading({ json, level }: Attrs): string {
  const wanted = level === 2 ? undefined : level
  return said(json).level === wanted ? json : withAttributes(json, { level: wanted })
}

function jsonOfList({ json, tag }: Attrs): string {
  const wanted = tag === 'ol' ? true : undefined
  return said(json).ordered === wanted ? json : withAttributes(json, { ordered: wanted })
}

function said(json: string): { [name: string]: unknown } {
  return json ? (JSON.parse(json) as { [name: string]: unknown }) : {}
}

function list(n: Node, style: string, place: Place): string {
  const isItems = style === 'items'
  const items: string[] = []
  n.forEach((item) => {
    const text = inline(item.firstChild!.content, place)
    const nested: string[] = []
    item.forEach((child, _, at) => {
      if (!at) return
      const inner = list(child, style, place)
      nested.push(isItems ? delimited('core/list', jsonOfList(child.attrs), inner, place) : inner)
    })
    const li = element('li', item.attrs.el, text + nested.join(isItems ? '\n\n' : ''))
    items.push(isItems ? `${opener('core/list-item', item.attrs.json)}\n${li}\n${closer('core/list-item')}` : li)
  })
  return element(n.attrs.tag, n.attrs.el, items.join(isItems ? '\n\n' : ''))
}

function tableBlock(n: Node, place: Place): string {
  const table = n.firstChild!
  let html = ''
  let section = ''
  table.forEach((row) => {
    if (row.attrs.section !== section) {
      html += section && `</${section}>`
      section = row.attrs.section
      html += `<${section}>`
    }
    html += element('tr', row.attrs.el, cells(row, place))
  })
  const written = element('table', table.attrs.el, `${html}</${section}>`)
  const caption = n.lastChild!
  if (n.attrs.isBare && isBlank(caption)) return written
  const below = !isBlank(caption) ? element('figcaption', caption.attrs.el, inline(caption.content, place)) : ''
  return element('figure', n.attrs.isBare ? DEFAULT.table : n.attrs.el, written + below)
}

/** Whether a line says nothing, so that its element is left out. */
export function isBlank(line: Node): boolean {
  return !/[^ \t\n\f]/.test(line.textContent) && !hasAtoms(line.content)
}

function hasAtoms(content: Fragment): boolean {
  let found = false
  content.forEach((node) => (found ||= node.isLeaf && !node.isText && node.type !== N.hard_break))
  return found
}

function cells(row: Node, place: Place): string {
  const found: string[] = []
  row.forEach((cell) => {
    let el: Pairs = cell.attrs.el
    for (const name of ['colspan', 'rowspan']) {
      if (cell.attrs[name] > 1) el = withAttribute(el, name, String(cell.attrs[name]))
    }
    found.push(element(cell.type === N.table_header ? 'th' : 'td', el, inline(cell.content, place)))
  })
  return found.join('')
}

function image(n: Node, place: Place): string {
  const img = open('img', n.attrs.img, true)
  if (n.attrs.isBare && isBlank(n) && place.form !== 'block') return img
  const linked = n.attrs.link ? element('a', n.attrs.link, img) : img
  const below = !isBlank(n) ? element('figcaption', n.attrs.caption, inline(n.content, place)) : ''
  return element('figure', n.attrs.el, linked + below)
}

function pre(n: Node, place: Place): string {
  const text = inline(n.content, { ...place, form: 'block' })
  // A parser drops the first line end after <pre>, so one that counts is written twice.
  const kept = n.attrs.kind !== 'code' && text.startsWith('\n') ? `\n${text}` : text
  return element('pre', n.attrs.el, n.attrs.kind === 'code' ? element('code', n.attrs.inner, text) : kept)
}

function plainQuote(n: Node, place: Place): string {
  return element('blockquote', n.attrs.el, plainChildren(n, place))
}

function plainChildren(n: Node, place: Place): string {
  const found: string[] = []
  const inside: Place = { form: 'html', lines: place.lines }
  n.forEach((child) => {
    if (child.type === N.cite || child.type === N.callout_title) {
      const tag = child.type === N.cite ? 'cite' : 'p'
      if (tag === 'p' || !isBlank(child)) found.push(element(tag, child.attrs.el, inline(child.content, inside)))
    } else if (child.type === N.paragraph) {
      found.push(element('p', child.attrs.el, inline(child.content, inside)))
    } else if (child.type === N.opaque || child.type === N.frame) {
      found.push(child.attrs.src ?? '')
    } else found.push(render(child, inside))
  })
  return found.join('')
}

function plainCallout(n: Node, place: Place): string {
  return element('div', calloutElement(n.attrs), plainChildren(n, place))
}

/** The attributes of a callout's element, with the class of its kind. */
export function calloutElement({ el, kind }: Attrs): Pairs {
  const others = ['is-warning', 'is-dosage', 'is-contraindication'].filter((name) => name !== `is-${kind}`)
  const classed = withClasses(el, ['wp-block-cms-callout', `is-${kind}`], others)
  return classed.some(([name]) => name === 'role') ? classed : [...classed, ['role', 'note']]
}

function titleOf(n: Node): string {
  return n.firstChild!.textContent.replace(/[ \t\n\f]+/g, ' ').replace(/^ | $/g, '')
}

/** Whether kind and title of a callout are those of its delimiter; one that was read began so. */
export function isSaidByJson(n: Node): boolean {
  const now = said(n.attrs.json)
  return now.kind === n.attrs.kind && now.title === titleOf(n)
}

/** The part of a callout before its first inner block, written anew. */
export function calloutHead(n: Node): string {
  const title = n.firstChild!
  const text = titleOf(n)
  const json = isSaidByJson(n) ? n.attrs.json : withAttributes(n.attrs.json, { kind: n.attrs.kind, title: text })
  const heading = element('p', title.attrs.el, escapeText(text))
  return `${opener('cms/callout', json)}\n${open('div', calloutElement(n.attrs))}${heading}`
}

/** The source line of a quote written anew. */
export function renderCite(n: Node): string {
  return element('cite', n.attrs.el, inline(n.content, { form: 'block', lines: false }))
}

/** The source line of a quote: as it stood if it still says the same (I2). */
export function citeText(n: Node): string {
  const root = n.attrs.src === null ? null : parse(n.attrs.src).firstElementChild
  const isSame = root && readInline(root.childNodes, { lines: false }).eq(n.content)
  return isSame ? n.attrs.src : renderCite(n)
}
