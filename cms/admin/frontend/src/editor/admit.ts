// What may be edited, and what is written for it. A leaf keeps its source as long as parsing the
// source gives exactly this leaf; no flag says "touched", so undo and rejoining are right.
import type { Attrs, Node } from 'prosemirror-model'
import { canon } from './canon'
import { isBalanced } from './html'
import { model, type Place } from './model'
import { NotModelled } from './refusal'
import { render } from './render'
import { N } from './schema'

// Identity proves it: nodes are immutable. What was once written is not written again, so that a
// pause costs what was changed since the last one.
const known = new WeakMap<Node, string>()
const anew = new WeakMap<Node, { place: string; text: string }>()

/** A leaf of the source, if writing it anew would lose nothing (invariant I3). */
export function admitted(src: string, place: Place): Node {
  const node = model(src, place)
  if (node.type === N.quote || node.type === N.callout) node.check()
  const out = render(node, place)
  if (out !== src && (!isBalanced(src) || canon(out, place.lines) !== canon(src, place.lines))) {
    throw new NotModelled('written anew it would say something else')
  }
  return remembered(node.type.create({ ...node.attrs, src }, node.content), place)
}

/** What a leaf is written as: its source if it still is what the source says, else anew (I2). */
export function leafText(node: Node, place: Place): string {
  const src: string | null = node.attrs.src
  if (src && known.get(node) === spelled(place)) return src
  const before = anew.get(node)
  if (before?.place === spelled(place)) return before.text
  if (src && isAsItsSource(node, src, place)) return src
  const text = render(node, place)
  anew.set(node, { place: spelled(place), text })
  return text
}

function isAsItsSource(node: Node, src: string, place: Place): boolean {
  const read = readAgain(src, place)
  if (!read || read.type !== node.type || !read.content.eq(node.content)) return false
  if (!isSame(read.attrs, node.attrs)) return false
  remembered(node, place)
  return true
}

function readAgain(src: string, place: Place): Node | null {
  try {
    return model(src, place)
  } catch (error) {
    if (error instanceof NotModelled) return null
    throw error
  }
}

const APART = { src: null, lead: null, form: null, lines: null }

function isSame(one: Attrs, other: Attrs): boolean {
  return JSON.stringify({ ...one, ...APART }) === JSON.stringify({ ...other, ...APART })
}

function remembered(node: Node, place: Place): Node {
  known.set(node, spelled(place))
  return node
}

function spelled({ form, lines }: Place): string {
  return `${form} ${lines}`
}
