// Inline HTML to ProseMirror's inline nodes. White space is collapsed as a browser shows it,
// outside of `pre`.
import { Fragment, type Mark, type Node } from 'prosemirror-model'
import { NotModelled } from './refusal'
import { BLOCKS, pairs, tag, VOID, written } from './html'
import { M, N, schema } from './schema'

export interface Reading {
  /** Line ends are breaks, as in posts without blocks. */
  lines: boolean
  isPre?: boolean
  /** Only text and no mark may stand here. */
  isPlain?: boolean
}

const MARKS: { [tag: string]: Mark['type'] } = {
  strong: M.strong, b: M.strong, em: M.em, i: M.em, u: M.u, s: M.s, strike: M.s, sup: M.sup, sub: M.sub, code: M.code, a: M.link,
}

/** The inline content of some DOM nodes. NotModelled where a block or a comment stands in it. */
export function readInline(from: Iterable<globalThis.Node>, reading: Reading): Fragment {
  const reader = new Reader(reading)
  reader.all(from, [])
  return reader.content()
}

type Space = { space: 'space' | 'line'; marks: readonly Mark[] }

class Reader {
  private found: (Node | Space)[] = []

  constructor(private reading: Reading) {}

  all(from: Iterable<globalThis.Node>, marks: readonly Mark[]): void {
    for (const node of from) {
      if (node.nodeType === 3) this.text(node.nodeValue ?? '', marks)
      else if (node.nodeType === 1) this.element(node as Element, marks)
      else throw new NotModelled('a comment inside a line of text')
    }
  }

  private element(it: Element, marks: readonly Mark[]): void {
    const name = tag(it)
    if (BLOCKS.has(name) || this.reading.isPlain) throw new NotModelled(`<${name}> inside a line of text`)
    if (name === 'br' && !it.attributes.length) this.found.push(N.hard_break.create(null, null, marks))
    else if (name === 'sup' && it.hasAttribute('data-cms-ref')) this.found.push(citation(it).mark(marks))
    else if (VOID.has(name) || !it.childNodes.length || isFootnote(it)) this.found.push(raw(it).mark(marks))
    else this.all(it.childNodes, markOf(it).addToSet(marks))
  }

  private text(text: string, marks: readonly Mark[]): void {
    const clean = text.replace(/\0/g, '').replace(/\r\n?/g, '\n')
    if (this.reading.isPre) return this.add(clean, marks)
    for (const piece of clean.split(/([ \t\n\f]+)/)) {
      if (!piece) continue
      if (/[^ \t\n\f]/.test(piece)) this.add(piece, marks)
      else this.found.push({ space: this.reading.lines && piece.includes('\n') ? 'line' : 'space', marks })
    }
  }

  private add(text: string, marks: readonly Mark[]): void {
    if (text) this.found.push(schema.text(text, marks))
  }

  content(): Fragment {
    const kept: Node[] = []
    let waiting: Space | null = null
    for (const item of this.found) {
      if ('space' in item) {
        if (!kept.length || kept[kept.length - 1]!.type === N.hard_break) continue
        if (!waiting || item.space === 'line') waiting = item
        continue
      }
      if (waiting?.space === 'line') kept.push(N.hard_break.create(null, null, waiting.marks))
      else if (waiting && item.type !== N.hard_break) kept.push(schema.text(' ', waiting.marks))
      waiting = null
      kept.push(item)
    }
    return Fragment.fromArray(joined(kept))
  }
}

function joined(nodes: Node[]): Node[] {
  const found: Node[] = []
  for (const node of nodes) {
    const last = found[found.length - 1]
    if (last?.isText && node.isText && last.sameMarkup(node)) {
      found[found.length - 1] = schema.text(last.text! + node.text!, last.marks)
    } else found.push(node)
  }
  return found
}

function citation(it: Element): Node {
  const isSimple = [...it.childNodes].every((node) => node.nodeType === 3)
  if (!isSimple) return raw(it)
  return N.citation.create({ ref: it.getAttribute('data-cms-ref'), label: it.textContent, el: pairs(it) })
}

function raw(it: Element): Node {
  return N.raw.create({ src: written(it) })
}

// A footnote's text is in the post's meta: its mark moves with the text and stays what it is.
function isFootnote(it: Element): boolean {
  return it.hasAttribute('data-fn')
}

function markOf(it: Element): Mark {
  const type = MARKS[tag(it)]
  if (!type) return M.el.create({ tag: tag(it), el: pairs(it) })
  return type === M.link ? type.create({ el: pairs(it) }) : type.create({ tag: tag(it), el: pairs(it) })
}
