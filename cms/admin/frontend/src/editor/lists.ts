// Lists are one unit, in the style that their root has: items as blocks of their own (WordPress
// 6.1 and later) or bare `<li>`.
import type { Node } from 'prosemirror-model'
import { NotModelled } from './refusal'
import { readAttributes } from './grammar'
import { pairs, tag } from './html'
import { readInline, type Reading } from './inline'
import { N } from './schema'

const COMMENT = /^\s+(\/?)wp:(list|list-item)\s+(\{[\s\S]*\}\s+)?$/

type Attrs = { [name: string]: unknown }

/** A list and all lists in it. `attrs` are those of the root's leaf. */
export function readList(root: Element, attrs: Attrs, reading: Reading): Node {
  const items: Node[] = []
  let style: string | null = null
  let json: string | null = null
  for (const node of root.childNodes) {
    const comment = commentOf(node)
    if (comment === 'space') continue
    if (comment) {
      if (comment.name !== 'list-item') throw new NotModelled('a list directly in a list')
      json = comment.isEnd ? null : comment.json
    } else {
      style = agreed(style, json === null ? 'plain' : 'items')
      items.push(readItem(node as Element, json ?? '', reading))
    }
  }
  if (!items.length) throw new NotModelled('a list without items')
  return N.list.create({ ...attrs, tag: tag(root), el: pairs(root), style }, items)
}

function agreed(before: string | null, now: string): string {
  if (before && before !== now) throw new NotModelled('a list in two styles')
  return now
}

function readItem(item: Element, json: string, reading: Reading): Node {
  if (item.nodeType !== 1 || tag(item) !== 'li') throw new NotModelled('something between the items')
  const nodes = [...item.childNodes]
  const start = nodes.findIndex((node) => isList(node) || node.nodeType === 8)
  const text = start < 0 ? nodes : nodes.slice(0, start)
  const paragraph = N.paragraph.create(null, readInline(text, reading))
  const lists = start < 0 ? [] : nested(nodes.slice(start), reading)
  return N.list_item.create({ json, el: pairs(item) }, [paragraph, ...lists])
}

function nested(nodes: globalThis.Node[], reading: Reading): Node[] {
  const found: Node[] = []
  let json = ''
  for (const node of nodes) {
    const comment = commentOf(node)
    if (comment === 'space') continue
    if (comment) {
      if (comment.name !== 'list') throw new NotModelled('a block inside a list item')
      json = comment.isEnd ? '' : comment.json
    } else if (isList(node)) found.push(readList(node as Element, { json }, reading))
    else throw new NotModelled('text after an inner list')
  }
  return found
}

function isList(node: globalThis.Node): boolean {
  return node.nodeType === 1 && ['ul', 'ol'].includes(tag(node as Element))
}

function commentOf(node: globalThis.Node): 'space' | null | { isEnd: boolean; name: string; json: string } {
  if (node.nodeType === 3 && !node.nodeValue!.trim()) return 'space'
  if (node.nodeType === 1) return null
  const found = node.nodeType === 8 ? COMMENT.exec(node.nodeValue ?? '') : null
  const json = found?.[3]?.trim() ?? ''
  if (!found || !readAttributes(json)) throw new NotModelled('text or a comment between the items')
  return { isEnd: found[1] === '/', name: found[2]!, json }
}
