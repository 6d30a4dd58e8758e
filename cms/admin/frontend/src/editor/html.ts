// HTML read without consequences: one inert document that loads nothing and runs nothing. Styles
// and handlers are renamed before parsing: a strict Content-Security-Policy complains even there.

export type Pairs = readonly (readonly [string, string])[]

const inert = document.implementation.createHTMLDocument('')
const RENAMED = 'data-cms--'
const TAG = /<[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>/g
const ATTRIBUTE = /([\s"'/])(style|on[a-z]+)(?=[\s=>/])|"[^"]*"|'[^']*'/gi
const TOKEN = /<!--[\s\S]*?-->|<(\/)?([a-zA-Z][a-zA-Z0-9]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>/g

const words = (text: string) => new Set(text.split(' '))
export const VOID = words('area base br col embed hr img input link meta source track wbr')
export const BLOCKS = words(
  'address article aside blockquote body caption col colgroup dd details div dl dt ' +
    'fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main map ' +
    'menu nav object ol p pre section summary table tbody td tfoot th thead tr ul video audio iframe',
)

let policy: { createHTML(html: string): string } | null = null

/** The nodes of a piece of HTML, owned by the inert document. */
export function parse(html: string): DocumentFragment {
  const holder = inert.createElement('template')
  holder.innerHTML = trusted(harmless(html)) as string
  return holder.content
}

// With Trusted Types switched on only a policy may write HTML; without them a string may.
function trusted(html: string): string {
  const factory = (window as { trustedTypes?: { createPolicy: Function } }).trustedTypes
  if (!factory) return html
  policy ??= factory.createPolicy('cms-editor', { createHTML: (text: string) => text })
  return policy!.createHTML(html)
}

/** HTML whose styles and handlers have names that only this editor reads. */
export function harmless(html: string): string {
  if (!/style|[\s"'/]on[a-z]/i.test(html)) return html
  return html.replace(TAG, (tag) =>
    tag.replace(ATTRIBUTE, (all, before: string, name: string) => (name ? `${before}${RENAMED}${name}` : all)),
  )
}

/** The style that an element had in its source. */
export function styleOf(element: Element): string {
  return element.getAttribute(`${RENAMED}style`) ?? ''
}

/** The attributes of an element in their order, under the names of the source. */
export function pairs(element: Element): Pairs {
  return [...element.attributes].map(({ name, value }) => [name.replace(RENAMED, ''), value])
}

export function attribute(of: Pairs, name: string): string | undefined {
  return of.find(([found]) => found === name)?.[1]
}

/** The attributes with one changed, or taken out by undefined; its place stays. */
export function withAttribute(of: Pairs, name: string, value: string | undefined): Pairs {
  if (value === undefined) return of.filter(([found]) => found !== name)
  if (attribute(of, name) === undefined) return [...of, [name, value]]
  return of.map(([found, old]) => [found, found === name ? value : old])
}

/** The classes with some put in and some taken out; no attribute when none is left. */
export function withClasses(of: Pairs, put: string[], take: string[] = []): Pairs {
  const now = (attribute(of, 'class') ?? '').split(/\s+/).filter((one) => one && !take.includes(one))
  const all = [...now, ...put.filter((one) => !now.includes(one))]
  return withAttribute(of, 'class', all.length ? all.join(' ') : undefined)
}

export function tag(element: Element): string {
  return element.localName
}

export function escapeText(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\u00a0/g, '&nbsp;')
}

export function escapeAttribute(value: string): string {
  return escapeText(value).replace(/"/g, '&quot;')
}

export function open(name: string, of: Pairs = [], isVoid = false): string {
  const written = of.map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`).join('')
  return `<${name}${written}${isVoid ? '/' : ''}>`
}

export function element(name: string, of: Pairs, inside: string): string {
  return `${open(name, of)}${inside}</${name}>`
}

/** A node as HTML, attributes in their order. */
export function written(node: Node): string {
  if (node.nodeType === 3) return escapeText(node.nodeValue ?? '')
  if (node.nodeType === 8) return `<!--${node.nodeValue}-->`
  const it = node as Element
  if (VOID.has(tag(it))) return open(tag(it), pairs(it), true)
  return element(tag(it), pairs(it), [...it.childNodes].map(written).join(''))
}

/** Whether each tag has its end and stands where it ends: what a parser mends cannot be kept. */
export function isBalanced(html: string): boolean {
  const waiting: string[] = []
  let end = 0
  for (const found of html.matchAll(TOKEN)) {
    if (/<[a-zA-Z/!?]/.test(html.slice(end, found.index))) return false
    end = found.index + found[0].length
    const name = found[2]?.toLowerCase()
    if (!name || VOID.has(name)) {
      if (name && found[1]) return false
    } else if (!found[1]) waiting.push(name)
    else if (waiting.pop() !== name) return false
  }
  return !waiting.length && !/<[a-zA-Z/!?]/.test(html.slice(end))
}
