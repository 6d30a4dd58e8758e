// What a piece of markup says, whatever it is spelled like: two pieces with the same canonical
// form look the same to a reader, so one may stand for the other (admission, invariant I3).
//
// Blocks are tags with sorted attributes; inline text is runs of characters with the set of their
// wrappers, because ProseMirror orders marks by rank and `<em><strong>` says what
// `<strong><em>` does. This code shares nothing with model.ts and render.ts on purpose.
import { readAttributes, isObject } from './grammar'
import { BLOCKS, pairs, parse, tag, VOID } from './html'

const DELIMITER = /^\s+(\/)?wp:([a-z][a-z0-9_/-]*)\s+(\{[\s\S]*\}\s+)?(\/)?$/

// Wrappers that say the same whether they stand once or twice beside each other; of all others
// the which they are counts, so that two neighbouring <kbd> or links never become one.
const MERGE = new Set(['strong', 'b', 'em', 'i', 's', 'strike', 'sub', 'sup', 'u'])

/** The canonical form. With `lines` a line end in text is a break, as in posts without blocks. */
export function canon(html: string, lines = false): string {
  const reader = new Canon(lines)
  reader.children(parse(html), [], false)
  reader.border()
  return reader.out.join('')
}

type Item = { text: string; wrappers: string } | 'space' | 'line' | 'break'

class Canon {
  out: string[] = []
  private run: Item[] = []
  private counted = new Map<string, number>()

  constructor(private lines: boolean) {}

  children(of: Node, wrappers: string[], isPre: boolean): void {
    for (const node of of.childNodes) this.node(node, wrappers, isPre)
  }

  private node(node: Node, wrappers: string[], isPre: boolean): void {
    if (node.nodeType === 3) this.text(node.nodeValue ?? '', wrappers, isPre)
    else if (node.nodeType === 8) this.comment(node.nodeValue ?? '')
    else if (BLOCKS.has(tag(node as Element))) this.block(node as Element, isPre)
    else this.inline(node as Element, wrappers, isPre)
  }

  private block(it: Element, isPre: boolean): void {
    this.border()
    this.out.push(`<${described(it)}>`)
    this.children(it, [], isPre || tag(it) === 'pre')
    this.border()
    this.out.push(`</${tag(it)}>`)
  }

  private inline(it: Element, wrappers: string[], isPre: boolean): void {
    if (tag(it) === 'br' && !it.attributes.length) {
      this.run.push('break')
      return
    }
    const of = MERGE.has(tag(it)) ? described(it) : this.counting(described(it))
    if (VOID.has(tag(it)) || !it.childNodes.length) this.add(`<${of}>`, key(wrappers))
    else this.children(it, [...wrappers, of], isPre)
  }

  private counting(of: string): string {
    const count = (this.counted.get(of) ?? 0) + 1
    this.counted.set(of, count)
    return `${of}#${count}`
  }

  private comment(text: string): void {
    const found = DELIMITER.exec(text)
    const attributes = found?.[3] ? readAttributes(found[3].trim()) : {}
    if (!found || !attributes) return this.add(`<!${text}>`, '')
    this.border()
    this.out.push(`<!${found[1] ?? ''}${found[2]} ${sorted(attributes)}${found[4] ?? ''}>`)
  }

  private text(text: string, wrappers: string[], isPre: boolean): void {
    const clean = text.replace(/\0/g, '').replace(/\r\n?/g, '\n')
    if (isPre) return this.add(clean, key(wrappers))
    for (const piece of clean.split(/([ \t\n\f]+)/)) {
      if (!piece) continue
      if (/[^ \t\n\f]/.test(piece)) this.add(piece, key(wrappers))
      else this.run.push(this.lines && piece.includes('\n') ? 'line' : 'space')
    }
  }

  private add(text: string, wrappers: string): void {
    this.run.push({ text: text.replace(/[{}\\]/g, '\\$&'), wrappers })
  }

  /** The inline text so far is whole: white space at its ends and around breaks says nothing. */
  border(): void {
    const kept: Item[] = []
    for (const item of this.run) {
      const last = kept[kept.length - 1]
      const isEdge = last === undefined || last === 'break' || last === 'line'
      if (item === 'space' ? isEdge || last === 'space' : item === 'line' && isEdge) continue
      if (last === 'space' && (item === 'line' || item === 'break')) kept.pop()
      kept.push(item)
    }
    while (kept[kept.length - 1] === 'space' || kept[kept.length - 1] === 'line') kept.pop()
    this.run = []
    this.out.push(spelled(kept))
  }
}

/** White space has no wrapper of its own: nobody sees which one it stands in. */
function spelled(items: Item[]): string {
  let wrappers = ''
  let text = ''
  for (const item of items) {
    if (item === 'space') text += ' '
    else if (typeof item === 'string') text += '{br}'
    else {
      if (item.wrappers !== wrappers) text += `{${item.wrappers}}`
      wrappers = item.wrappers
      text += item.text
    }
  }
  return text
}

function key(wrappers: string[]): string {
  return [...wrappers].sort().join('|').replace(/[{}]/g, '\\$&')
}

function described(it: Element): string {
  const all = pairs(it)
    .map(([name, value]) => `${name}=${JSON.stringify(valueOf(name, value))}`)
    .sort()
  return [tag(it), ...all].join(' ')
}

function valueOf(name: string, value: string): string {
  if (name === 'class') return [...new Set(value.split(/\s+/).filter(Boolean))].sort().join(' ')
  if (name !== 'style') return value
  const declarations = value.split(';').map((one) => one.trim().replace(/\s*:\s*/, ':'))
  return declarations.filter(Boolean).join(';')
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const entries = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${sorted(value[name])}`)
  return `{${entries.join(',')}}`
}
