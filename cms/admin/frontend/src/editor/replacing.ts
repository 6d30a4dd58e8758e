// The document after the server stored another text than was sent: only the blocks that differ
// are replaced, the selection and the history stay.
import type { Node } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import { write } from './write'
import { read } from './read'

/** The transaction that makes the document say `source`; null when it does already. */
export function replacing(state: EditorState, source: string): Transaction | null {
  const { doc, tr } = state
  if (write(doc) === source) return null
  const wanted = read(source)
  const before = parts(doc)
  const after = parts(wanted)
  const head = alike(before, after)
  const tail = alike(before.slice(head).reverse(), after.slice(head).reverse())
  const from = offset(doc, head)
  const to = offset(doc, doc.childCount - tail)
  const middle = wanted.content.cut(offset(wanted, head), offset(wanted, wanted.childCount - tail))
  tr.replaceWith(from, to, middle)
  for (const name of ['head', 'tail', 'form']) tr.setDocAttribute(name, wanted.attrs[name])
  return tr.setMeta('addToHistory', false)
}

/** Each block with what stands before it, so that equal parts are equal bytes. */
function parts(doc: Node): string[] {
  const found: string[] = []
  doc.forEach((node) => {
    const alone = doc.type.create({ ...doc.attrs, head: '', tail: '' }, node)
    found.push(`${node.type.name} ${found.length ? (node.attrs.lead ?? '\n\n') : ''}${write(alone)}`)
  })
  return found
}

function alike(one: string[], other: string[]): number {
  let count = 0
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1
  return count
}

function offset(doc: Node, index: number): number {
  let found = 0
  for (let at = 0; at < index; at++) found += doc.child(at).nodeSize
  return found
}
