// Where a comment is about: a quote of the text (W3C Web Annotation, TextQuoteSelector) with the
// block that it stood in. Kept by the server, shown here as decorations, never in the text.
import type { Node } from 'prosemirror-model'
import type { EditorState } from 'prosemirror-state'

export interface Anchor {
  block: { path: number[] }
  quote: string
  /** At most 32 characters before and behind the quote, in its block. */
  prefix: string
  suffix: string
  /** Where the quote began in the text of its block, in UTF-16 units of the NFC text. */
  start: number
}

const AROUND = 32
const ATOM = '\ufffc'

/** What an atom in a line reads as. */
export type Leaf = (node: Node) => string

/** In quotes of comments an atom is one fixed character. */
export const atom: Leaf = () => ATOM

/** A textblock as it is read. */
export interface Place {
  pos: number
  path: number[]
  text: string
  /** The offset in the block for each offset in the text, which is NFC. */
  offsets: number[]
}

/** The anchor of what is selected; null for nothing, or for more than one block. */
export function anchorOf({ selection, doc }: EditorState): Anchor | null {
  const { $from, $to, empty } = selection
  if (empty || !$from.sameParent($to) || !$from.parent.isTextblock) return null
  const place = placeOf($from.parent, $from.before(), pathOf(doc, $from.before()), atom)
  const start = place.offsets.findIndex((offset) => offset >= $from.parentOffset)
  const found = place.offsets.findIndex((offset) => offset >= $to.parentOffset)
  const end = found < 0 ? place.text.length : found
  const quote = place.text.slice(start, end)
  return {
    block: { path: place.path },
    quote,
    prefix: place.text.slice(Math.max(0, start - AROUND), start),
    suffix: place.text.slice(end, end + AROUND),
    start,
  }
}

/** Where an anchor's quote stands now among these places, from and to in the document; null for an
 * orphan. */
export function resolve(where: readonly Place[], anchor: Anchor): { from: number; to: number } | null {
  let best: { score: number; from: number; to: number } | null = null
  const quote = asRead(anchor.quote)
  for (const place of where) {
    for (let at = quote ? place.text.indexOf(quote) : -1; at >= 0; at = place.text.indexOf(quote, at + 1)) {
      const score = likeness(place, at, anchor)
      const end = at + quote.length
      const to = end < place.offsets.length ? place.offsets[end]! : place.offsets[place.offsets.length - 1]!
      if (!best || score > best.score) best = { score, from: place.pos + 1 + place.offsets[at]!, to: place.pos + 1 + to }
    }
  }
  return best ? { from: best.from, to: best.to } : null
}

function likeness(place: Place, at: number, anchor: Anchor): number {
  const before = place.text.slice(Math.max(0, at - AROUND), at)
  const after = place.text.slice(at + anchor.quote.length, at + anchor.quote.length + AROUND)
  const around = same(reversed(before), reversed(anchor.prefix)) + same(after, anchor.suffix)
  const isThere = place.path.join() === anchor.block.path.join()
  return around * 4 + (isThere ? 3 : 0) + (at === anchor.start ? 1 : 0)
}

function same(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

function reversed(text: string): string {
  return [...text].reverse().join('')
}

/** Every textblock of the document. */
export function places(doc: Node, leaf: Leaf): Place[] {
  const found: Place[] = []
  const walk = (node: Node, pos: number, path: number[]): void => {
    if (node.isTextblock) found.push(placeOf(node, pos, path, leaf))
    else node.forEach((child, offset, index) => walk(child, pos + 1 + offset, [...path, index]))
  }
  doc.forEach((child, offset, index) => walk(child, offset, [index]))
  return found
}

/** One textblock; any white space is a blank. */
export function placeOf(node: Node, pos: number, path: number[], leaf: Leaf): Place {
  let raw = ''
  const at: number[] = []
  node.forEach((child, offset) => {
    const said = child.isText ? child.text! : leaf(child)
    for (let index = 0; index < said.length; index++) at.push(offset + (child.isText ? index : 0))
    raw += said
  })
  at.push(node.content.size)
  raw = raw.replace(/\s/g, ' ')
  const text = raw.normalize('NFC')
  return { pos, path, text, offsets: text === raw ? at : offsetsOf(raw).map((offset) => at[offset]!) }
}

/** Any white space is a blank, and a letter with its accent one sign. */
export function asRead(text: string): string {
  return text.replace(/\s/g, ' ').normalize('NFC')
}

/** What a range within one textblock reads as. */
export function textAt(doc: Node, { from, to }: { from: number; to: number }, leaf: Leaf): string {
  return asRead(doc.textBetween(from, to, ' ', leaf))
}

function offsetsOf(raw: string): number[] {
  const offsets: number[] = []
  for (const cluster of raw.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    const length = cluster[0].normalize('NFC').length
    for (let at = 0; at < length; at++) offsets.push(cluster.index + Math.min(at, cluster[0].length))
  }
  return [...offsets, raw.length]
}

export function pathOf(doc: Node, pos: number): number[] {
  const $pos = doc.resolve(pos)
  return Array.from({ length: $pos.depth + 1 }, (_, depth) => $pos.index(depth))
}
