// The document of the editor to markup. What nobody touched is written byte for byte.
import type { Node } from 'prosemirror-model'
import { leafText } from './admit'
import { closer, opener } from './grammar'
import { open } from './html'
import type { Place } from './model'
import { calloutHead, citeText, isBlank as isBlankLine, isSaidByJson } from './render'
import { N, type Form } from './schema'

const BETWEEN = '\n\n'
const BLANK_LINE = /\n\s*\n/

/** What leaves without a form of their own are written as, in this container. */
interface Context {
  form: 'block' | 'classic'
  lines: boolean
  /** The container decides: no leaf keeps another form. */
  isFixed: boolean
}

/** The markup of a whole document. */
export function write(doc: Node): string {
  const isClassic = doc.attrs.form === 'classic' && !hasDelimiters(doc)
  const isTurned = doc.attrs.form === 'classic' && !isClassic
  if (isBlank(doc)) return doc.attrs.head + doc.attrs.tail
  const context: Context = { form: isClassic ? 'classic' : 'block', lines: isClassic, isFixed: isTurned }
  return doc.attrs.head + children(doc, context) + doc.attrs.tail
}

// All was deleted: what is left is the place where writing begins.
function isBlank(doc: Node): boolean {
  const only = doc.childCount === 1 ? doc.firstChild! : null
  return only?.type === N.paragraph && !only.content.size && !only.attrs.src
}

// One delimiter makes a post one of blocks, and its bare lines would no longer be paragraphs.
function hasDelimiters(doc: Node): boolean {
  let found = false
  doc.forEach((node) => {
    found ||= node.type === N.frame || (node.type === N.opaque && node.attrs.src.includes('<!-- wp:'))
  })
  return found
}

function children(parent: Node, context: Context): string {
  let written = ''
  let before: Form | null = null
  parent.forEach((node) => {
    if (node.type === N.cite || node.type === N.callout_title) return
    const text = nodeText(node, context)
    if (!text) return
    const form = formOf(node, context)
    if (written) written += gap(node.attrs.lead, before === 'bare' && form === 'bare')
    written += text
    before = form
  })
  return written
}

// Two bare paragraphs need a blank line between them, wherever they stood before.
function gap(lead: string | null, areBare: boolean): string {
  return lead === null || (areBare && !BLANK_LINE.test(lead)) ? BETWEEN : lead
}

function formOf(node: Node, context: Context): Form {
  if (context.isFixed) return 'block'
  const own: Form | null | undefined = node.attrs.form
  if (own) return own
  if (context.form === 'block') return 'block'
  return node.type === N.paragraph ? 'bare' : 'html'
}

/** The markup of one block at its place. */
function nodeText(node: Node, context: Context): string {
  if (node.type === N.opaque) return node.attrs.src
  if (node.type === N.frame) return node.attrs.head + children(node, INSIDE) + node.attrs.tail
  if (node.attrs.src === '' && !node.content.size && !context.isFixed) return '' // the empty place
  const form = formOf(node, context)
  if (form === 'block' && node.type === N.quote && node.attrs.style !== 'plain') return quote(node)
  if (form === 'block' && node.type === N.callout) return callout(node)
  const isNew = node.attrs.form === null
  const place: Place = { form, lines: form === 'block' ? false : isNew ? context.lines : node.attrs.lines }
  return leafText(node, place)
}

const INSIDE: Context = { form: 'block', lines: false, isFixed: true }

function quote(node: Node): string {
  const { json, el } = node.attrs
  const head = node.attrs.head ?? `${opener('core/quote', json)}\n${open('blockquote', el)}`
  const tail = node.attrs.tail ?? `</blockquote>\n${closer('core/quote')}`
  const last = node.lastChild!
  const cite = last.type === N.cite && !isBlankLine(last) ? last.attrs.lead + citeText(last) : ''
  return head + children(node, INSIDE) + cite + tail
}

function callout(node: Node): string {
  const tail = node.attrs.style === 'blocks' && node.attrs.tail ? node.attrs.tail : `</div>\n${closer('cms/callout')}`
  return calloutText(node) + children(node, INSIDE) + tail
}

function calloutText(node: Node): string {
  return node.attrs.head !== null && isSaidByJson(node) ? node.attrs.head : calloutHead(node)
}
