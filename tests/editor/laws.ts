// The laws of the editor's markup, for a browser to run: tests/editor/test_laws.py asks.
import { joinBackward, joinForward, toggleMark } from 'prosemirror-commands'
import { history, undo } from 'prosemirror-history'
import { Node } from 'prosemirror-model'
import { type Command, EditorState, Plugin, TextSelection } from 'prosemirror-state'
import { cellAround, CellSelection, nextCell } from 'prosemirror-tables'
import { canon } from '../../cms/admin/frontend/src/editor/canon'
import { mergeCells, splitCell } from '../../cms/admin/frontend/src/editor/cells'
import {
  addCite, indent, insertBlock, move, outdent, toggleList, turnInto, wrapInCallout, wrapInQuote,
} from '../../cms/admin/frontend/src/editor/commands'
import { backspace, enter, forwardDelete, hardBreak, paragraphAfter } from '../../cms/admin/frontend/src/editor/editing'
import { newImage, newTable } from '../../cms/admin/frontend/src/editor/blocks'
import { slices } from '../../cms/admin/frontend/src/editor/grammar'
import { isRestLast, read } from '../../cms/admin/frontend/src/editor/read'
import { M, N, schema } from '../../cms/admin/frontend/src/editor/schema'
import { write } from '../../cms/admin/frontend/src/editor/write'

type Randomly = () => number

// A small generator with a seed (mulberry32), so that a failure can be told and repeated.
function seeded(seed: number): Randomly {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const below = (random: Randomly, most: number) => Math.floor(random() * most)
const one = <T>(random: Randomly, from: readonly T[]): T => from[below(random, from.length)]!

function topSlices(source: string): [string, string][] {
  return slices(source).map((slice) => [slice.kind === 'block' ? slice.name : slice.kind, source.slice(slice.start, slice.end)])
}

function kinds(doc: Node): string[] {
  const found: string[] = []
  doc.forEach((node) => found.push(node.type.name))
  return found
}

function keptSources(doc: Node, types = [N.opaque, N.raw]): string[] {
  const found: string[] = []
  doc.descendants((node) => {
    if (types.includes(node.type)) found.push(node.attrs.src)
  })
  return found
}

const even = (text: string) => text.replace(/[ \t\r\n]+/g, ' ').trim()

function words(doc: Node): string {
  return even(doc.textBetween(0, doc.content.size, ' ', (leaf) => (leaf.type === N.citation ? leaf.attrs.label : ' ')))
}

/** What breaks when a text is only opened, stored as a document, or edited in one place. */
function faults(source: string): string[] {
  const found: string[] = []
  const expect = (name: string, is: boolean) => is || found.push(name)
  expect('tiling', topSlices(source).map(([, text]) => text).join('') === source)
  const doc = read(source)
  doc.check()
  expect('untouched', write(doc) === source)
  expect('through JSON', write(Node.fromJSON(schema, doc.toJSON())) === source)
  found.push(...editedFaults(source, doc))
  return found
}

function textblocks(doc: Node): { node: Node; pos: number }[] {
  const found: { node: Node; pos: number }[] = []
  doc.descendants((node, pos) => {
    if (node.isTextblock) found.push({ node, pos })
  })
  return found
}

/** One letter in each block of text: all around it stays byte for byte, undo brings all back. */
function editedFaults(source: string, doc: Node): string[] {
  const found: string[] = []
  textblocks(doc).forEach(({ pos, node }, index) => {
    const state = EditorState.create({ doc, plugins: [history()] })
    const typed = state.apply(state.tr.insertText('Ω<&>', pos + 1 + node.content.size))
    const text = write(typed.doc)
    const again = read(text)
    if (text === source) found.push(`block ${index}: nothing was written`)
    if (!words(again).includes('Ω<&>')) found.push(`block ${index}: the new words are lost`)
    if (words(again) !== words(typed.doc)) found.push(`block ${index}: other words after reload`)
    if (isMore(keptSources(again), keptSources(doc))) found.push(`block ${index}: locked after reload`)
    const erased = typed.apply(typed.tr.delete(pos + 1 + node.content.size, pos + 5 + node.content.size))
    if (write(erased.doc) !== source) found.push(`block ${index}: erasing leaves a trace`)
    if (write(undone(typed).doc) !== source) found.push(`block ${index}: undo leaves a trace`)
    for (const child of untouched(doc, pos)) if (!text.includes(child)) found.push(`block ${index}: a neighbour changed`)
  })
  return found
}

function untouched(doc: Node, pos: number): string[] {
  const found: string[] = []
  doc.forEach((node, at) => {
    const isHit = at <= pos && pos < at + node.nodeSize
    const src: string | undefined = node.attrs.src
    if (!isHit && src) found.push(src)
  })
  return found
}

function isMore(now: string[], before: string[]): boolean {
  const had = new Set(before)
  return now.some((src) => !had.has(src))
}

function undone(state: EditorState): EditorState {
  let now = state
  while (undo(now, (tr) => (now = now.apply(tr)))) continue
  return now
}

const COMMANDS: [string, Command][] = [
  ['enter', enter],
  ['backspace', (state, dispatch) => backspace(state, dispatch) || joinBackward(state, dispatch)],
  ['delete', (state, dispatch) => forwardDelete(state, dispatch) || joinForward(state, dispatch)],
  ['strong', toggleMark(M.strong)],
  ['em', toggleMark(M.em)],
  ['sup', toggleMark(M.sup)],
  ['link', toggleMark(M.link, { el: [['href', 'https://example.org/?a=1&b="2"']] })],
  ['heading', turnInto(N.heading, { level: 3 })],
  ['bullets', toggleList('ul')],
  ['numbers', toggleList('ol')],
  ['indent', indent],
  ['outdent', outdent],
  ['quote', wrapInQuote],
  ['callout', wrapInCallout('dosage')],
  ['cite', addCite],
  ['after', paragraphAfter],
  ['up', move(-1)],
  ['down', move(1)],
  ['break', hardBreak],
  ['table', (state, dispatch) => insertBlock(newTable(2, 2))(state, dispatch)],
  ['cells', (state, dispatch) => mergeCells(withCells(state), dispatch)],
  ['cell', splitCell],
  ['image', (state, dispatch) => insertBlock(newImage({ url: '/m/x.png', alt: 'x', id: 9 }))(state, dispatch)],
]

/** The state with the cell at the cursor and its neighbour selected, if there are any. */
function withCells(state: EditorState): EditorState {
  const $cell = cellAround(state.selection.$from)
  const $next = $cell && (nextCell($cell, 'horiz', 1) ?? nextCell($cell, 'vert', 1))
  return $cell && $next ? state.apply(state.tr.setSelection(new CellSelection(state.doc.resolve($cell.pos), $next))) : state
}

// As the element does it.
const restLast = new Plugin({ filterTransaction: (tr) => !tr.docChanged || isRestLast(tr.doc) })

const LETTERS = ['a', ' ', 'ção ', '<b>&amp;', '-->', '"', '\u00a0', '<!-- wp:x /-->', '💊', '1. ']

function step(state: EditorState, random: Randomly): [string, EditorState] {
  const blocks = textblocks(state.doc)
  if (!blocks.length) return ['nothing', state]
  const { node, pos } = one(random, blocks)
  const at = pos + 1 + below(random, node.content.size + 1)
  const selected = state.apply(state.tr.setSelection(TextSelection.create(state.doc, at)))
  const choice = random()
  if (choice < 0.35) {
    const text = one(random, LETTERS)
    return [`type ${text}`, selected.apply(selected.tr.insertText(text))]
  }
  if (choice < 0.5) return ['erase', erased(selected, pos, node, random)]
  const [name, command] = one(random, COMMANDS)
  const from = pos + 1 + below(random, node.content.size + 1)
  const ranged = selected.apply(selected.tr.setSelection(TextSelection.create(selected.doc, Math.min(at, from), Math.max(at, from))))
  let now = ranged
  command(ranged, (tr) => (now = ranged.apply(tr)))
  return [name, now]
}

function erased(state: EditorState, pos: number, node: Node, random: Randomly): EditorState {
  const from = pos + 1 + below(random, node.content.size + 1)
  const to = Math.min(pos + 1 + node.content.size, from + below(random, 12))
  return to > from ? state.apply(state.tr.delete(from, to)) : state
}

/** Random editing of a text: what it did when a law was broken, or null. */
function edited(source: string, seed: number, steps: number): string | null {
  const random = seeded(seed)
  const start = EditorState.create({ doc: read(source), plugins: [history({ newGroupDelay: 0, depth: 10_000 }), restLast] })
  let state = start
  const done: string[] = []
  for (let count = 0; count < steps; count++) {
    const [name, next] = step(state, random)
    state = next
    done.push(name)
    const fault = closureFault(state.doc, start.doc)
    if (fault) return `${fault} after ${done.join(', ')}\n${write(state.doc)}`
  }
  state.doc.check()
  return write(undone(state).doc) === source ? null : `undo leaves a trace after ${done.join(', ')}`
}

function closureFault(doc: Node, before: Node): string | null {
  const text = write(doc)
  const again = read(text)
  if (write(again) !== text) return 'not stable'
  if (isMore(keptSources(again), keptSources(before))) return 'locked after reload'
  if (words(again) !== words(doc)) return `other words after reload: ${words(again)} | ${words(doc)}`
  if (isMore(keptSources(before, [N.opaque]), keptSources(doc))) return 'a foreign block is lost'
  return null
}

const PARTS = [
  '<p>a</p>', 'texto ', '\n\n', '\n', '<strong>', '</strong>', '<em>b</em>', '<!-- wp:paragraph -->', '<!-- /wp:paragraph -->',
  '<!-- wp:group -->', '<!-- /wp:group -->', '<div class="x">', '</div>', '<!-- wp:acme/x {"a":1} /-->', '<ul><li>a</li></ul>',
  '<!-- wp:list -->', '<!-- /wp:list -->', '<!-- wp:list-item -->', '<!-- /wp:list-item -->', '<li>', '</li>', '<ul>', '</ul>',
  '<blockquote>', '</blockquote>', '<cite>c</cite>', '<!-- wp:quote -->', '<!-- /wp:quote -->', '<hr/>', '<br>', '&amp;', '&', '<', '>',
  '<img src="/a.png" alt="">', '<figure>', '</figure>', '<!--more-->', '<!-- wp:x {', '} -->', '"', "'", '\r\n', '\0', ' ', '\u00a0',
  '<table><tbody><tr><td>a</td></tr></tbody></table>', '<h2>t</h2>', '<pre>\n', '</pre>', '<script>', '</script>', '<a href="/x">', '</a>',
  '<span style="color:red">', '</span>', '<sup data-cms-ref="doi:10.5555/a">1</sup>', '[caption]', '[/caption]', '</p>', '<p>',
]

/** A text of any pieces, most of it malformed. */
function anyText(seed: number): string {
  const random = seeded(seed)
  return Array.from({ length: below(random, 14) }, () => one(random, PARTS)).join('')
}

const laws = { topSlices, faults, edited, anyText, canon, kinds: (source: string) => kinds(read(source)) }
Object.assign(window, { laws })
