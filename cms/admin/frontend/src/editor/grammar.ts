// WordPress block markup as a row of slices: joined again they are the text, also when it is
// malformed. The same grammar as cms/markup/blocks.py; tests/editor/corpus is read by both.

// White space as Python's regular expressions have it, so that both parsers cut alike.
const SPACE = '[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const NAME = '[a-z][a-z0-9_-]*(?:\\/[a-z][a-z0-9_-]*)?'
const HEAD = new RegExp(`<!--${SPACE}+(\\/)?wp:(${NAME})${SPACE}+(?:(\\/)?-->|(?=(\\{)))`, 'g')
const JSON_END = new RegExp(`\\}${SPACE}+(\\/)?-->`, 'g')
const UNSAFE = /\\\\|\\"|--|[<>&]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

export type Attributes = { [name: string]: unknown }

export interface Delimiter {
  kind: 'open' | 'close' | 'void'
  name: string
  json: string
  start: number
  end: number
}

/** HTML between blocks, or from the first delimiter that does not fit to the end. */
export interface Loose {
  kind: 'text' | 'broken'
  start: number
  end: number
}

/** A block; its inside stands between `opened` and `closed`, which are equal for a void one. */
export interface Block {
  kind: 'block'
  name: string
  json: string
  isVoid: boolean
  start: number
  end: number
  opened: number
  closed: number
  inner: Slice[]
}

export type Slice = Loose | Block

/** All well-formed delimiters in order. Takes time linear in the text. */
export function delimiters(text: string): Delimiter[] {
  return scanned(text).found
}

/** Where a delimiter begins whose attributes never end: whatever is put after it may end them. */
export function unfinished(text: string): number {
  return scanned(text).unfinished
}

function scanned(text: string): { found: Delimiter[]; unfinished: number } {
  const found: Delimiter[] = []
  let position = 0
  let hasJsonEnd = true
  let first = text.length
  for (;;) {
    HEAD.lastIndex = position
    const head = HEAD.exec(text)
    if (!head) return { found, unfinished: first }
    position = HEAD.lastIndex
    const [, slash, name = '', isVoid, hasJson] = head
    if (!hasJson) {
      if (slash && isVoid) continue
      const kind = slash ? 'close' : isVoid ? 'void' : 'open'
      found.push({ kind, name: fullName(name), json: '', start: head.index, end: position })
      continue
    }
    JSON_END.lastIndex = position
    const end = hasJsonEnd ? JSON_END.exec(text) : null
    if (!end) {
      if (hasJsonEnd) first = head.index
      hasJsonEnd = false // none here means none further on: do not look again
      continue
    }
    const json = text.slice(position, end.index + 1)
    position = JSON_END.lastIndex
    if (slash) continue
    const kind = end[1] ? 'void' : 'open'
    found.push({ kind, name: fullName(name), json, start: head.index, end: position })
  }
}

interface Open {
  delimiter: Delimiter
  inner: Slice[]
}

/** The slices of a text, in order and without a gap. Never throws. */
export function slices(text: string): Slice[] {
  const top: Slice[] = []
  const open: Open[] = []
  let position = 0
  const into = () => open[open.length - 1]?.inner ?? top
  const addText = (end: number) => {
    if (end > position) into().push({ kind: 'text', start: position, end })
  }
  const brokenAt = (start: number): Slice[] => {
    const from = open[0]?.delimiter.start ?? start
    return from < text.length ? [...top, { kind: 'broken', start: from, end: text.length }] : top
  }
  for (const one of delimiters(text)) {
    addText(one.start)
    position = one.end
    if (one.kind === 'open') open.push({ delimiter: one, inner: [] })
    else if (one.kind === 'void') into().push(block(one, one, []))
    else {
      const last = open[open.length - 1]
      if (!last || last.delimiter.name !== one.name) return brokenAt(one.start)
      open.pop()
      into().push(block(last.delimiter, one, last.inner))
    }
  }
  if (open.length) return brokenAt(position)
  addText(text.length)
  return top
}

function block(opener: Delimiter, closer: Delimiter, inner: Slice[]): Block {
  const { name, json, start } = opener
  const isVoid = opener.kind === 'void'
  const closed = isVoid ? opener.end : closer.start
  return { kind: 'block', name, json, isVoid, start, end: closer.end, opened: opener.end, closed, inner }
}

function fullName(name: string): string {
  return name.includes('/') ? name : `core/${name}`
}

/** The attributes written in a delimiter; null when they are not a JSON object. */
export function readAttributes(json: string): Attributes | null {
  if (!json) return {}
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** Attributes as WordPress writes them: they can end neither their comment nor an attribute. */
export function writeAttributes(attributes: Attributes): string {
  if (!Object.keys(attributes).length) return ''
  return JSON.stringify(attributes).replace(UNSAFE, escaped)
}

/** Whether reading and writing the attributes anew would change a number. */
export function hasUnsafeNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnsafeNumbers)
}

/** An opening or void delimiter. `json` is the source of its attributes, or empty. */
export function opener(name: string, json: string, isVoid = false): string {
  return `<!-- wp:${shortName(name)} ${json ? `${json} ` : ''}${isVoid ? '/' : ''}-->`
}

export function closer(name: string): string {
  return `<!-- /wp:${shortName(name)} -->`
}

/** The attributes with some changed; undefined takes one out. The rest keeps its order. */
export function withAttributes(json: string, changes: Attributes): string {
  const merged = { ...readAttributes(json), ...changes }
  return writeAttributes(Object.fromEntries(Object.entries(merged).filter(([, v]) => v !== undefined)))
}

export function isObject(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shortName(name: string): string {
  return name.replace(/^core\//, '')
}

// An escaped quote or backslash becomes the \u form of the character that it stands for.
function escaped(found: string): string {
  const characters = found.startsWith('\\') ? found.slice(1) : found
  return [...Array(characters.length).keys()]
    .map((at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')
}
