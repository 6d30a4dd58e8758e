// Stored markup to the document of the editor. Nothing falls between blocks: what stands between
// two is the `lead` of the second, what stands around all of them is `head` and `tail`.
import { Fragment, type Node } from 'prosemirror-model'
import { admitted } from './admit'
import { canon } from './canon'
import { readAttributes, slices, unfinished, type Block, type Slice } from './grammar'
import { attribute, isBalanced, pairs, parse } from './html'
import { readInline } from './inline'
import { isTitle } from './model'
import { pieces } from './pieces'
import { NotModelled } from './refusal'
import { calloutHead, renderCite } from './render'
import { calloutKind, N, type Form } from './schema'

const DEEPEST = 40
const CITE = /^(\s*)(<cite(?:\s[^<>]*)?>[\s\S]*<\/cite>)?(\s*<\/blockquote>\s*)$/

/** The document of a text. Any text has one. */
export function read(source: string): Node {
  const isClassic = source.trim() !== '' && !source.includes('<!-- wp:')
  const reader = new Reader(source, isClassic)
  const whole = source.slice(0, unfinished(source))
  for (const slice of slices(whole)) reader.slice(slice)
  if (whole.length < source.length) reader.rest(source.slice(whole.length))
  return reader.document()
}

class Reader {
  private nodes: Node[] = []
  private head = ''
  private lead = ''

  constructor(
    private source: string,
    private isClassic: boolean,
  ) {}

  slice(slice: Slice): void {
    const src = this.source.slice(slice.start, slice.end)
    if (slice.kind === 'broken') this.rest(src)
    else if (slice.kind === 'block') this.add(blockNode(this.source, slice, 0))
    else this.free(src)
  }

  /** What stays at the end, since it could take in whatever stood behind it. */
  rest(src: string): void {
    const last = this.nodes[this.nodes.length - 1]
    if (!last?.attrs.isRest) return this.add(N.opaque.create({ src, isRest: true }))
    const joined = last.attrs.src + this.lead + src
    this.lead = ''
    this.nodes[this.nodes.length - 1] = N.opaque.create({ ...last.attrs, src: joined })
  }

  private free(text: string): void {
    const found = pieces(text)
    for (const { lead, src, form } of found.pieces) {
      this.lead += lead
      this.add(freeNode(src, form, this.isClassic))
    }
    this.lead += found.rest
  }

  private add(node: Node): void {
    if (!this.nodes.length) this.head = this.lead
    this.nodes.push(this.nodes.length ? withLead(node, this.lead) : node)
    this.lead = ''
  }

  private markOpenEnd(): void {
    const last = this.nodes[this.nodes.length - 1]
    if (last?.type !== N.opaque || isBalanced(last.attrs.src)) return
    this.nodes[this.nodes.length - 1] = N.opaque.create({ ...last.attrs, isRest: true })
  }

  document(): Node {
    this.markOpenEnd()
    const attrs = { head: this.head, tail: this.lead, form: this.isClassic ? 'classic' : 'block' }
    // The empty place for a first paragraph: nothing is written for it.
    const content = this.nodes.length ? this.nodes : [N.paragraph.create({ src: '' })]
    return N.doc.create(attrs, content)
  }
}

/** Whether what has to stay the last is the last. */
export function isRestLast(doc: Node): boolean {
  let found = true
  doc.forEach((node, _, index) => {
    if (node.attrs.isRest && index < doc.childCount - 1) found = false
  })
  return found
}

function withLead(node: Node, lead: string): Node {
  return readmitted(node, { ...node.attrs, lead })
}

function readmitted(node: Node, attrs: object): Node {
  return node.type.create(attrs, node.content, node.marks)
}

function freeNode(src: string, form: Form | null, lines: boolean): Node {
  return (form && attempt(() => admitted(src, { form, lines }))) ?? N.opaque.create({ src })
}

function attempt(read: () => Node): Node | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof NotModelled) return null
    throw error
  }
}

/** A block as leaf, quote, callout, frame, or as what is kept as it stands. */
export function blockNode(source: string, block: Block, depth: number): Node {
  const src = source.slice(block.start, block.end)
  const hasInner = block.inner.some((one) => one.kind === 'block')
  const isLeaf = !hasInner || block.name === 'core/list'
  const read = () => (isLeaf ? admitted(src, { form: 'block', lines: false }) : container(source, block, depth))
  return attempt(read) ?? N.opaque.create({ src, name: block.name })
}

interface Parts {
  head: string
  tail: string
  /** HTML of head and tail without the delimiters. */
  before: string
  after: string
  children: Node[]
}

function container(source: string, block: Block, depth: number): Node {
  if (depth > DEEPEST) throw new NotModelled('nested too deeply')
  const parts = partsOf(source, block, depth)
  if (block.name === 'core/quote') return quote(block, parts)
  const found = block.name === 'cms/callout' ? attempt(() => callout(block, parts)) : null
  if (found) return found
  const { head, tail } = parts
  const around = parse(parts.before + parts.after).textContent ?? ''
  if (around.trim()) throw new NotModelled('text that is no block of its own')
  return N.frame.create({ head, tail, name: block.name }, parts.children)
}

function partsOf(source: string, block: Block, depth: number): Parts {
  const at = block.inner.map((one, index) => (one.kind === 'block' ? index : -1)).filter((one) => one >= 0)
  const first = block.inner[at[0]!] as Block
  const last = block.inner[at[at.length - 1]!] as Block
  const children: Node[] = []
  let end = first.start
  for (const index of at) {
    const child = block.inner[index] as Block
    const between = source.slice(end, child.start)
    if (between.trim()) throw new NotModelled('HTML between the blocks')
    const node = blockNode(source, child, depth + 1)
    children.push(children.length ? withLead(node, between) : node)
    end = child.end
  }
  return {
    head: source.slice(block.start, first.start),
    tail: source.slice(last.end, block.end),
    before: source.slice(block.opened, first.start),
    after: source.slice(last.end, block.closed),
    children,
  }
}

function quote(block: Block, { head, tail, before, after, children }: Parts): Node {
  const found = CITE.exec(after)
  const root = parse(`${before}</blockquote>`).firstElementChild
  if (!found || !root || !readAttributes(block.json) || root.textContent?.trim()) throw new NotModelled('this quote')
  const [, lead, src] = found
  const attrs = { form: 'block', style: 'blocks', json: block.json, el: pairs(root), head }
  if (!src) return N.quote.create({ ...attrs, tail }, children)
  const rest = tail.slice(lead!.length + src.length)
  return N.quote.create({ ...attrs, tail: rest }, [...children, cite(src, lead!)])
}

function cite(src: string, lead: string): Node {
  const root = parse(src).firstElementChild!
  const content = readInline(root.childNodes, { lines: false })
  const node = N.cite.create({ src, lead, el: pairs(root) }, content)
  if (!isBalanced(src) || canon(renderCite(node)) !== canon(src)) throw new NotModelled('this source of a quote')
  return node
}

function callout(block: Block, { head, tail, before, children }: Parts): Node {
  const json = readAttributes(block.json)
  const root = parse(`${before}</div>`).firstElementChild
  const title = root?.firstElementChild
  if (!json || !root || !title || root.children.length > 1 || !isTitle(title)) throw new NotModelled('this callout')
  const kind = calloutKind(pairs(root))
  const line = N.callout_title.create({ el: pairs(title) }, readInline(title.childNodes, { lines: false, isPlain: true }))
  const attrs = { form: 'block', style: 'blocks', json: block.json, el: pairs(root), kind, head, tail }
  const node = N.callout.create(attrs, [line, ...children])
  if (!kind || attribute(pairs(root), 'role') !== 'note') throw new NotModelled('a callout of another kind')
  if (canon(`${calloutHead(node)}</div>`) !== canon(`${head}</div>`)) throw new NotModelled('this callout')
  return node
}

export function fragmentOf(source: string): Fragment {
  return read(source).content
}
