// What a text is made of in the editor. Every leaf carries the source that it came from; what a
// block says beyond the editor's knowledge stays in `json`, `el` and `src`.
import { Schema, type Attrs, type DOMOutputSpec, type MarkSpec, type MarkType, type NodeSpec, type NodeType } from 'prosemirror-model'
import { attribute, pairs, type Pairs } from './html'
import { frameLabel } from './labels'
import { shown } from './shown'
import { word } from './words'

/** How a leaf is written: with block delimiters, as bare HTML, or as a bare paragraph of text. */
export type Form = 'block' | 'html' | 'bare'

const classes = (names: string): Pairs => [['class', names]]

/** The attributes of new blocks, as WordPress 6.1 writes them. */
export const DEFAULT = {
  table: classes('wp-block-table'),
  image: classes('wp-block-image'),
  caption: classes('wp-element-caption'),
  quote: classes('wp-block-quote'),
  separator: classes('wp-block-separator has-alpha-channel-opacity'),
  code: classes('wp-block-code'),
  preformatted: classes('wp-block-preformatted'),
  verse: classes('wp-block-verse'),
} as const

const leaf = (el: Pairs = []) => ({
  src: { default: null },
  lead: { default: null },
  form: { default: null },
  lines: { default: false },
  json: { default: '' },
  el: { default: el },
})

const isPasted = (it: Element) => it.closest('[data-pm-slice]') !== null || it.ownerDocument !== document

function kept(it: HTMLElement): Attrs | false {
  const data = it.dataset
  return isPasted(it) && data.src !== undefined ? { src: data.src, name: data.name ?? '' } : false
}

function keptFrame(it: HTMLElement): Attrs | false {
  const { head, tail, name } = it.dataset
  return head === undefined || tail === undefined ? false : { head, tail, name: name ?? '' }
}

const cell = (tag: string, role: string): NodeSpec => ({
  content: 'inline*',
  attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null }, el: { default: [] } },
  tableRole: role,
  isolating: true,
  parseDOM: [{ tag, getAttrs: (it) => ({ colspan: (it as HTMLTableCellElement).colSpan, rowspan: (it as HTMLTableCellElement).rowSpan }) }],
  toDOM: (n): DOMOutputSpec => [tag, { ...shown(n.attrs.el), ...spans(n.attrs) }, 0],
})

function spans({ colspan, rowspan }: Attrs): Attrs {
  return { ...(colspan > 1 ? { colspan } : {}), ...(rowspan > 1 ? { rowspan } : {}) }
}

const nodes: { [name: string]: NodeSpec } = {
  doc: { content: 'block+', attrs: { head: { default: '' }, tail: { default: '' }, form: { default: 'block' } } },
  text: { group: 'inline' },
  paragraph: {
    group: 'block',
    content: 'inline*',
    attrs: leaf(),
    parseDOM: [{ tag: 'p' }],
    toDOM: (n) => ['p', shown(n.attrs.el), 0],
  },
  heading: {
    group: 'block',
    content: 'inline*',
    defining: true,
    attrs: { ...leaf(), level: { default: 2 } },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    toDOM: (n) => [`h${n.attrs.level}`, shown(n.attrs.el), 0],
  },
  list: {
    group: 'block',
    content: 'list_item+',
    attrs: { ...leaf(), tag: { default: 'ul' }, style: { default: null } },
    parseDOM: ['ul', 'ol'].map((tag) => ({ tag, attrs: { tag } })),
    toDOM: (n) => [n.attrs.tag, shown(n.attrs.el), 0],
  },
  list_item: {
    content: 'paragraph list*',
    defining: true,
    attrs: { json: { default: '' }, el: { default: [] } },
    parseDOM: [{ tag: 'li' }],
    toDOM: (n) => ['li', shown(n.attrs.el), 0],
  },
  table_block: {
    group: 'block',
    content: 'table table_caption',
    isolating: true,
    attrs: { ...leaf(DEFAULT.table), isBare: { default: false } },
    parseDOM: [{ tag: 'figure', getAttrs: (it) => (it.querySelector('table') ? null : false) }],
    toDOM: (n) => ['figure', shown(n.attrs.el), 0],
  },
  table: {
    content: 'table_row+',
    tableRole: 'table',
    isolating: true,
    attrs: { el: { default: [] } },
    parseDOM: [{ tag: 'table' }],
    toDOM: (n) => ['table', shown(n.attrs.el), ['tbody', 0]],
  },
  table_row: {
    content: '(table_cell | table_header)*',
    tableRole: 'row',
    attrs: { section: { default: 'tbody' }, el: { default: [] } },
    parseDOM: [{ tag: 'tr', getAttrs: (it) => ({ section: sectionOf(it) }) }],
    toDOM: (n) => ['tr', { ...shown(n.attrs.el), 'data-section': n.attrs.section }, 0],
  },
  table_cell: cell('td', 'cell'),
  table_header: cell('th', 'header_cell'),
  table_caption: {
    content: 'inline*',
    isolating: true,
    attrs: { el: { default: DEFAULT.caption } },
    parseDOM: [{ tag: 'figcaption', context: 'table_block/' }],
    toDOM: (n) => ['figcaption', { ...shown(n.attrs.el), 'data-placeholder': word('caption') }, 0],
  },
  image: {
    group: 'block',
    content: 'inline*',
    isolating: true,
    defining: true,
    draggable: true,
    attrs: {
      ...leaf(DEFAULT.image),
      img: { default: [] },
      link: { default: null },
      caption: { default: DEFAULT.caption },
      isBare: { default: false },
    },
    parseDOM: [{ tag: 'figure', getAttrs: imageOf, contentElement: captionOf }],
    toDOM: (n) => [
      'figure',
      shown(n.attrs.el),
      ['img', { ...shown(n.attrs.img), draggable: 'false' }],
      ['figcaption', { ...shown(n.attrs.caption), 'data-placeholder': word('caption') }, 0],
    ],
  },
  pre: {
    group: 'block',
    content: 'inline*',
    code: true,
    defining: true,
    attrs: { ...leaf(DEFAULT.code), kind: { default: 'code' }, inner: { default: [] } },
    parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
    toDOM: (n) => ['pre', { ...shown(n.attrs.el), 'data-kind': n.attrs.kind }, 0],
  },
  separator: {
    group: 'block',
    attrs: leaf(DEFAULT.separator),
    parseDOM: [{ tag: 'hr' }],
    toDOM: (n) => ['hr', shown(n.attrs.el)],
  },
  quote: {
    group: 'block',
    content: 'block+ cite?',
    defining: true,
    attrs: { ...leaf(DEFAULT.quote), style: { default: null }, head: { default: null }, tail: { default: null } },
    parseDOM: [{ tag: 'blockquote' }],
    toDOM: (n) => ['blockquote', shown(n.attrs.el), 0],
  },
  cite: {
    content: 'inline*',
    isolating: true,
    attrs: { src: { default: null }, lead: { default: '' }, el: { default: [] } },
    parseDOM: [{ tag: 'cite', context: 'quote/' }],
    toDOM: (n) => ['cite', { ...shown(n.attrs.el), 'data-placeholder': word('cite') }, 0],
  },
  callout: {
    group: 'block',
    content: 'callout_title block+',
    isolating: true,
    defining: true,
    attrs: {
      ...leaf(),
      kind: { default: 'warning' },
      style: { default: null },
      head: { default: null },
      tail: { default: null },
    },
    parseDOM: [{ tag: 'div.wp-block-cms-callout', getAttrs: (it) => ({ kind: calloutKind(pairs(it)) }) }],
    toDOM: (n) => [
      'div',
      { class: `cms-callout is-${n.attrs.kind}`, role: 'group', 'aria-label': word(`callout.${n.attrs.kind}`) },
      0,
    ],
  },
  callout_title: {
    content: 'text*',
    marks: '',
    isolating: true,
    attrs: { el: { default: [['class', 'wp-block-cms-callout__title']] } },
    parseDOM: [{ tag: 'p.wp-block-cms-callout__title', context: 'callout/', priority: 80 }],
    toDOM: (n) => ['p', { ...shown(n.attrs.el), 'data-placeholder': word('callout.title') }, 0],
  },
  frame: {
    group: 'block',
    content: 'block+',
    isolating: true,
    defining: true,
    attrs: { head: {}, tail: {}, lead: { default: null }, name: { default: '' } },
    parseDOM: [{ tag: 'div.cms-frame', getAttrs: keptFrame }],
    toDOM: (n) => [
      'div',
      { class: 'cms-frame', role: 'group', 'aria-label': frameLabel(n.attrs.name), 'data-label': frameLabel(n.attrs.name), 'data-name': n.attrs.name, 'data-head': n.attrs.head, 'data-tail': n.attrs.tail },
      0,
    ],
  },
  opaque: {
    group: 'block',
    atom: true,
    draggable: true,
    // The rest of a text from where its markup breaks has to stay the last.
    attrs: { src: {}, lead: { default: null }, name: { default: '' }, isRest: { default: false } },
    parseDOM: [{ tag: 'div.cms-opaque', getAttrs: kept }],
    toDOM: (n) => [
      'div',
      { class: 'cms-opaque', role: 'group', 'aria-label': opaqueLabel(n.attrs), 'data-src': n.attrs.src, 'data-name': n.attrs.name },
      ['span', { class: 'cms-opaque-label' }, opaqueLabel(n.attrs)],
      ['span', { class: 'cms-opaque-text' }, excerpt(n.attrs.src)],
    ],
  },
  hard_break: {
    inline: true,
    group: 'inline',
    selectable: false,
    linebreakReplacement: true,
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br'],
  },
  citation: {
    inline: true,
    group: 'inline',
    atom: true,
    attrs: { ref: {}, label: { default: '' }, el: { default: null } },
    parseDOM: [{ tag: 'sup[data-cms-ref]', priority: 80, getAttrs: (it) => ({ ref: it.dataset.cmsRef ?? '', label: it.textContent ?? '' }) }],
    toDOM: (n) => [
      'sup',
      { class: 'cms-citation', 'data-cms-ref': n.attrs.ref, contenteditable: 'false', role: 'img', 'aria-label': word('citation.label', { label: n.attrs.label || '?', ref: n.attrs.ref }) },
      n.attrs.label || '?',
    ],
  },
  raw: {
    inline: true,
    group: 'inline',
    atom: true,
    attrs: { src: {} },
    parseDOM: [{ tag: 'span.cms-raw', getAttrs: kept }],
    toDOM: (n) => ['span', { class: 'cms-raw', 'data-src': n.attrs.src, contenteditable: 'false', title: n.attrs.src.slice(0, 80) }, rawText(n.attrs.src)],
  },
}

function sectionOf(it: HTMLElement): string {
  const above = it.parentElement?.localName ?? ''
  return it.dataset.section ?? (['thead', 'tfoot'].includes(above) ? above : 'tbody')
}

function imageOf(it: HTMLElement): Attrs | false {
  const img = it.querySelector('img')
  return img && !it.querySelector('table') ? { img: pairs(img).filter(([name]) => ['src', 'alt', 'class'].includes(name)) } : false
}

function captionOf(it: Node): HTMLElement {
  const found = (it as Element).querySelector('figcaption')
  return (found ?? (it as Element).ownerDocument.createElement('figcaption')) as HTMLElement
}

export const CALLOUTS = ['warning', 'dosage', 'contraindication'] as const

export function calloutKind(el: Pairs): string {
  const found = / is-([a-z]+)/.exec(` ${attribute(el, 'class') ?? ''}`)?.[1] ?? ''
  return (CALLOUTS as readonly string[]).includes(found) ? found : ''
}

function opaqueLabel({ name }: Attrs): string {
  return word('opaque.label', { name: name || 'HTML' })
}

function excerpt(src: string): string {
  return src.replace(/<!--[\s\S]*?-->|<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 140)
}

function rawText(src: string): string {
  return excerpt(src) || `<${/[a-z0-9]+/i.exec(src)?.[0] ?? ''}>`
}

const simple = (tags: string[], more: MarkSpec = {}): MarkSpec => ({
  attrs: { tag: { default: tags[0] }, el: { default: [] } },
  parseDOM: tags.map((tag) => ({ tag, attrs: { tag } })),
  toDOM: (mark) => [mark.attrs.tag, shown(mark.attrs.el), 0],
  ...more,
})

const marks: { [name: string]: MarkSpec } = {
  link: {
    attrs: { el: {} },
    inclusive: false,
    parseDOM: [{ tag: 'a[href]', getAttrs: (it) => ({ el: [['href', it.getAttribute('href') ?? '']] }) }],
    toDOM: (mark) => ['a', shown(mark.attrs.el), 0],
  },
  strong: simple(['strong', 'b']),
  em: simple(['em', 'i']),
  u: simple(['u']),
  s: simple(['s', 'strike']),
  sup: simple(['sup'], { excludes: 'sub sup' }),
  sub: simple(['sub'], { excludes: 'sub sup' }),
  code: simple(['code']),
  el: {
    attrs: { tag: {}, el: { default: [] } },
    excludes: '',
    toDOM: (mark) => ['span', { class: 'cms-el', 'data-tag': mark.attrs.tag, ...shown(mark.attrs.el) }, 0],
  },
}

export const schema = new Schema({ nodes, marks })

type NodeName =
  | 'doc' | 'text' | 'paragraph' | 'heading' | 'list' | 'list_item' | 'table_block' | 'table' | 'table_row'
  | 'table_cell' | 'table_header' | 'table_caption' | 'image' | 'pre' | 'separator' | 'quote' | 'cite'
  | 'callout' | 'callout_title' | 'frame' | 'opaque' | 'hard_break' | 'citation' | 'raw'
type MarkName = 'link' | 'strong' | 'em' | 'u' | 's' | 'sup' | 'sub' | 'code' | 'el'

export const N = schema.nodes as Record<NodeName, NodeType>
export const M = schema.marks as Record<MarkName, MarkType>
