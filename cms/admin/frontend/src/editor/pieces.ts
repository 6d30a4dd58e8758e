// A text without delimiters cut into the pieces that can be edited one by one: at blank lines and
// at the borders of block elements, outside of all of them.
import { BLOCKS, VOID } from './html'
import type { Form } from './schema'

/** A piece of source after its white space. `form` is null where nothing can be said about it. */
export interface Piece {
  lead: string
  src: string
  form: Form | null
}

const TOKEN = /<!--[\s\S]*?-->|<(\/)?([a-zA-Z][a-zA-Z0-9]*)(?:[^"'>]|"[^"]*"|'[^']*')*>|\n[^\S\n]*\n\s*/g
const VERBATIM = new Set(['script', 'style', 'pre', 'textarea'])
const VERBATIM_END = /<\/(script|style|pre|textarea)\s*>/gi

class Cutter {
  pieces: Piece[] = []
  private from = 0
  private lead = ''

  constructor(private text: string) {}

  /** Ends the piece that began after the last one. */
  cut(end: number, form: Form | null): void {
    const piece = this.text.slice(this.from, end)
    const body = piece.trim()
    this.from = end
    if (!body) {
      this.lead += piece
      return
    }
    const start = piece.indexOf(body)
    this.pieces.push({ lead: this.lead + piece.slice(0, start), src: body, form: form && formOf(body, form) })
    this.lead = piece.slice(start + body.length)
  }

  /** White space after the last piece. */
  get rest(): string {
    return this.lead
  }
}

// A caption around an image is one thing, and its brackets are no text.
function formOf(src: string, form: Form): Form | null {
  return /\[caption\b/.test(src) && /<img\b/i.test(src) ? null : form
}

/** The pieces, and the white space behind them; joined again they are the text. */
export function pieces(text: string): { pieces: Piece[]; rest: string } {
  const cutter = new Cutter(text)
  const isWhole = cutAtBorders(text, cutter)
  cutter.cut(text.length, isWhole ? 'bare' : null)
  return { pieces: cutter.pieces, rest: cutter.rest }
}

/** False when an element is left open, or an end has no beginning. */
function cutAtBorders(text: string, cutter: Cutter): boolean {
  let depth = 0
  TOKEN.lastIndex = 0
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [all, isEnd, written] = found
    const end = found.index + all.length
    const name = written?.toLowerCase() ?? ''
    if (name ? !BLOCKS.has(name) && !VERBATIM.has(name) : depth) continue
    if (isEnd && !depth) return false
    if (!depth) cutter.cut(found.index, 'bare')
    if (isEnd) depth -= 1
    else if (name && !VOID.has(name)) {
      depth += 1
      if (VERBATIM.has(name)) skipTo(text, end, name)
    }
    const isBlank = !name && !all.startsWith('<')
    if (!depth && !isBlank) cutter.cut(end, name ? 'html' : null)
  }
  return depth === 0
}

// What stands in these elements is no markup of the text; their end is read as any other.
function skipTo(text: string, from: number, name: string): void {
  VERBATIM_END.lastIndex = from
  for (let found = VERBATIM_END.exec(text); found; found = VERBATIM_END.exec(text)) {
    if (found[1]!.toLowerCase() === name) {
      TOKEN.lastIndex = found.index
      return
    }
  }
}
