// Decorations that stand at quotes of the text. A range that vanished is looked for again where the
// text has changed, since undo brings its text back and not its decoration; nowhere else, so that a
// key costs the same in a text of any length.
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { type Decoration, DecorationSet } from 'prosemirror-view'
import { type Anchor, asRead, type Leaf, placeOf, places, resolve, textAt, type Place, pathOf } from './anchors'

export interface Anchored {
  id: string
  anchor: Anchor
}

export interface Range {
  from: number
  to: number
}

/** How things of one kind are shown. Each decoration has the `id` in its spec. */
export interface Way<T extends Anchored> {
  draw: (one: T, range: Range) => Decoration[]
  /** What an atom reads as. */
  leaf: Leaf
  /** Whether they stand only at the very words of their quote. */
  isExact: boolean
}

export interface Standing<T extends Anchored> {
  items: readonly T[]
  set: DecorationSet
}

export function placed<T extends Anchored>(doc: Node, items: readonly T[], way: Way<T>): Standing<T> {
  return { items, set: DecorationSet.create(doc, drawn(items, places(doc, way.leaf), way)) }
}

/** Where they stand after a change. */
export function moved<T extends Anchored>(tr: Transaction, { items, set }: Standing<T>, way: Way<T>): Standing<T> {
  if (!tr.docChanged || !items.length) return { items, set }
  const { from, to } = changed(tr)
  let now = set.map(tr.mapping, tr.doc)
  if (way.isExact) now = now.remove(untrue(tr.doc, items, now, way.leaf, { from, to }))
  const there = ids(now)
  const lost = items.filter((one) => !there.has(one.id))
  if (lost.length) now = now.add(tr.doc, drawn(lost, placesIn(tr.doc, from, to, way.leaf), way))
  return { items, set: now }
}

export function ids(set: DecorationSet): Set<string> {
  return new Set(set.find().map((one) => one.spec.id as string))
}

/** Where one stands now; its widget has no width. */
export function rangeOf(set: DecorationSet, id: string): Range | null {
  const found = set.find(undefined, undefined, (spec) => spec.id === id).find(({ from, to }) => to > from)
  return found ? { from: found.from, to: found.to } : null
}

function drawn<T extends Anchored>(items: readonly T[], where: readonly Place[], { draw }: Way<T>): Decoration[] {
  return items.flatMap((one) => {
    const range = resolve(where, one.anchor)
    return range ? draw(one, range) : []
  })
}

/** Decorations of those whose words were changed. */
function untrue<T extends Anchored>(doc: Node, items: readonly T[], set: DecorationSet, leaf: Leaf, { from, to }: Range): Decoration[] {
  const near = new Set(set.find(from, to).map((one) => one.spec.id as string))
  const wrong = items.filter(({ id, anchor }) => {
    const range = near.has(id) ? rangeOf(set, id) : null
    return near.has(id) && (!range || textAt(doc, range, leaf) !== asRead(anchor.quote))
  })
  const names = new Set(wrong.map((one) => one.id))
  return set.find(undefined, undefined, (spec) => names.has(spec.id))
}

/** From the first to the last place that a transaction touched, in its document. */
function changed(tr: Transaction): Range {
  let from = tr.doc.content.size
  let to = 0
  tr.mapping.maps.forEach((map, index) => {
    const rest = tr.mapping.slice(index + 1)
    map.forEach((_oldStart, _oldEnd, start, end) => {
      from = Math.min(from, rest.map(start, -1))
      to = Math.max(to, rest.map(end, 1))
    })
  })
  return { from: Math.min(from, to), to }
}

function placesIn(doc: Node, from: number, to: number, leaf: Leaf): Place[] {
  const found: Place[] = []
  doc.nodesBetween(from, Math.min(Math.max(to, from + 1), doc.content.size), (node, pos) => {
    if (node.isTextblock) found.push(placeOf(node, pos, pathOf(doc, pos), leaf))
    return !node.isTextblock
  })
  return found
}
