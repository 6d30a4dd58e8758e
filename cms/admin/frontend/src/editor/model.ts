// The source of one leaf to its node; what the schema cannot say is NotModelled.
import type { Node } from 'prosemirror-model'
import { TableMap } from 'prosemirror-tables'
import { NotModelled } from './refusal'
import { hasUnsafeNumbers, readAttributes, slices } from './grammar'
import { attribute, pairs, parse, tag } from './html'
import { readInline, type Reading } from './inline'
import { readList } from './lists'
import { calloutKind, N, type Form } from './schema'

export interface Place {
  form: Form
  /** Line ends are breaks: the post has no blocks. */
  lines: boolean
}

// The elements that a block of the core may consist of, and the kind of its <pre>.
const ROOTS: { [block: string]: string[] } = {
  'core/paragraph': ['p'],
  'core/heading': ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  'core/list': ['ul', 'ol'],
  'core/table': ['figure'],
  'core/image': ['figure'],
  'core/code': ['pre'],
  'core/preformatted': ['pre'],
  'core/verse': ['pre'],
  'core/separator': ['hr'],
  'core/quote': ['blockquote'],
}

interface Around extends Reading {
  block: string
  attrs: { [name: string]: unknown }
}

/** The node that a piece of source is. Pure: the same source gives an equal node. */
export function model(src: string, { form, lines }: Place): Node {
  if (form === 'bare') {
    const content = readInline(parse(src).childNodes, { lines })
    return N.paragraph.create({ form, lines }, content)
  }
  if (form === 'html') return element(onlyRoot(src), { block: '', lines, attrs: { form, lines } })
  const [block, ...more] = slices(src)
  if (block?.kind !== 'block' || more.length || block.isVoid) throw new NotModelled('not one block')
  const said = readAttributes(block.json)
  const root = onlyRoot(src.slice(block.opened, block.closed))
  if (!said || hasUnsafeNumbers(said)) throw new NotModelled('attributes that cannot be written anew')
  if (!ROOTS[block.name]?.includes(tag(root))) throw new NotModelled(`${block.name} of <${tag(root)}>`)
  const attrs = { form, lines: false, json: block.json }
  return element(root, { block: block.name, lines: false, attrs })
}

function onlyRoot(html: string): Element {
  const found: Element[] = []
  for (const node of parse(html).childNodes) {
    if (node.nodeType === 1) found.push(node as Element)
    else if (node.nodeType !== 3 || node.nodeValue!.trim()) throw new NotModelled('text around the element')
  }
  if (found.length !== 1) throw new NotModelled('not one element')
  return found[0]!
}

function element(root: Element, around: Around): Node {
  const name = tag(root)
  const attrs = { ...around.attrs, el: pairs(root) }
  if (name === 'p') return N.paragraph.create(attrs, readInline(root.childNodes, around))
  if (/^h[1-6]$/.test(name)) {
    return N.heading.create({ ...attrs, level: Number(name[1]) }, readInline(root.childNodes, around))
  }
  if (name === 'ul' || name === 'ol') return readList(root, around.attrs, around)
  if (name === 'table') return tableBlock(root, null, { ...attrs, el: [], isBare: true }, around)
  if (name === 'figure') return figure(root, attrs, around)
  if (name === 'img') return N.image.create({ ...attrs, el: [], img: pairs(root), isBare: true })
  if (name === 'pre') return pre(root, attrs, around)
  if (name === 'hr') return N.separator.create(attrs)
  if (name === 'blockquote') return quote(root, attrs, around)
  if (name === 'div' && calloutKind(pairs(root))) return callout(root, attrs, around)
  throw new NotModelled(`<${name}>`)
}

function pre(root: Element, attrs: object, around: Around): Node {
  const kind = around.block.replace('core/', '') || 'preformatted'
  const code = root.children.length === 1 && root.childNodes.length === 1 && tag(root.children[0]!) === 'code'
  if (kind === 'code' && !code) throw new NotModelled('code without <code>')
  const isCode = kind === 'code' || (code && !around.block)
  const holder = isCode ? root.children[0]! : root
  const content = readInline(holder.childNodes, { ...around, isPre: true })
  return N.pre.create({ ...attrs, kind: isCode ? 'code' : kind, inner: isCode ? pairs(holder) : [] }, content)
}

/** The element children of a figure; anything else between them is not modelled. */
function childrenOf(it: Element): Element[] {
  for (const node of it.childNodes) {
    if (node.nodeType !== 1 && (node.nodeType !== 3 || node.nodeValue!.trim())) {
      throw new NotModelled(`text directly in <${tag(it)}>`)
    }
  }
  return [...it.children]
}

function figure(root: Element, attrs: object, around: Around): Node {
  const [first, caption, ...more] = childrenOf(root)
  if (!first || more.length || (caption && tag(caption) !== 'figcaption')) throw new NotModelled('this figure')
  if (tag(first) === 'table' && around.block !== 'core/image') {
    return tableBlock(first, caption ?? null, attrs, around)
  }
  if (around.block === 'core/table') throw new NotModelled('a table block without a table')
  const link = tag(first) === 'a' ? first : null
  const img = link ? childrenOf(link)[0] : first
  if (!img || tag(img) !== 'img' || (link && link.children.length > 1)) throw new NotModelled('this figure')
  const parts = { img: pairs(img), link: link && pairs(link) }
  const content = caption ? readInline(caption.childNodes, around) : undefined
  if (caption && !content!.size) throw new NotModelled('an empty caption')
  return N.image.create({ ...attrs, ...parts, ...(caption ? { caption: pairs(caption) } : {}) }, content)
}

function tableBlock(table: Element, caption: Element | null, attrs: object, around: Around): Node {
  const rows = childrenOf(table).flatMap((section) => rowsOf(section, around))
  if (!rows.length) throw new NotModelled('a table without rows')
  const node = N.table.create({ el: pairs(table) }, rows)
  if (TableMap.get(node).problems) throw new NotModelled('a table with holes')
  // Without a caption there is a place for one, and nothing is written for it.
  const below = caption
    ? N.table_caption.create({ el: pairs(caption) }, readInline(caption.childNodes, around))
    : N.table_caption.create()
  return N.table_block.create(attrs, [node, below])
}

function rowsOf(section: Element, around: Around): Node[] {
  if (!['thead', 'tbody', 'tfoot'].includes(tag(section)) || section.attributes.length) {
    throw new NotModelled(`<${tag(section)}> in a table`)
  }
  return childrenOf(section).map((row) => {
    if (tag(row) !== 'tr') throw new NotModelled(`<${tag(row)}> in a table`)
    const cells = childrenOf(row).map((cell) => cellOf(cell, around))
    return N.table_row.create({ section: tag(section), el: pairs(row) }, cells)
  })
}

function cellOf(cell: Element, around: Around): Node {
  const type = tag(cell) === 'th' ? N.table_header : N.table_cell
  const el = pairs(cell).filter(([name]) => name !== 'colspan' && name !== 'rowspan')
  const span = (name: string) => Math.max(1, Number(attribute(pairs(cell), name) ?? 1) || 1)
  const attrs = { colspan: span('colspan'), rowspan: span('rowspan'), el }
  return type.create(attrs, readInline(cell.childNodes, around))
}

/** A quote of bare paragraphs; one of blocks is a container. */
function quote(root: Element, attrs: object, around: Around): Node {
  const inside = childrenOf(root)
  const last = inside[inside.length - 1]
  const cite = last && tag(last) === 'cite' ? last : null
  const blocks = (cite ? inside.slice(0, -1) : inside).map((one) => plainChild(one, around))
  if (!blocks.length) throw new NotModelled('a quote without paragraphs')
  const below = cite && N.cite.create({ el: pairs(cite) }, readInline(cite.childNodes, around))
  return N.quote.create({ ...attrs, style: 'plain' }, below ? [...blocks, below] : blocks)
}

function callout(root: Element, attrs: object, around: Around): Node {
  const [title, ...inside] = childrenOf(root)
  if (!title || !inside.length || !isTitle(title)) throw new NotModelled('a callout without title or text')
  const head = N.callout_title.create({ el: pairs(title) }, readInline(title.childNodes, { ...around, isPlain: true }))
  const blocks = inside.map((one) => plainChild(one, around))
  const kind = calloutKind(pairs(root))
  return N.callout.create({ ...attrs, kind, style: 'plain' }, [head, ...blocks])
}

export function isTitle(it: Element): boolean {
  return tag(it) === 'p' && it.classList.contains('wp-block-cms-callout__title')
}

function plainChild(it: Element, around: Around): Node {
  if (!/^(?:p|h[1-6]|ul|ol|pre|hr|figure|table|blockquote|div)$/.test(tag(it))) throw new NotModelled(`<${tag(it)}> in a quote`)
  return element(it, { ...around, block: '', attrs: {} })
}
