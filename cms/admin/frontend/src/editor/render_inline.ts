// Inline nodes as HTML. Of the marks that begin at one place the longest stands outermost, so that
// as few elements as possible are cut in two; the order of ranks decides between equals.
import type { Fragment, Mark, Node } from 'prosemirror-model'
import { element, escapeText, open, type Pairs, withAttribute } from './html'
import { N } from './schema'

export function renderInline(content: Fragment, lineBreak: string): string {
  const nodes: Node[] = []
  content.forEach((node) => nodes.push(node))
  const active: Mark[] = []
  let html = ''
  nodes.forEach((node, at) => {
    const keep = active.findIndex((mark) => !mark.isInSet(node.marks))
    if (keep >= 0) for (const mark of active.splice(keep).reverse()) html += `</${tagOf(mark)}>`
    for (const mark of beginning(nodes, at, active)) {
      active.push(mark)
      html += open(tagOf(mark), mark.attrs.el)
    }
    html += written(node, lineBreak)
  })
  return html + active.reverse().map((mark) => `</${tagOf(mark)}>`).join('')
}

function beginning(nodes: Node[], at: number, active: Mark[]): Mark[] {
  const found = nodes[at]!.marks.filter((mark) => !mark.isInSet(active))
  const reach = new Map(found.map((mark) => [mark, extent(nodes, at, mark)]))
  return found.length < 2 ? found : [...found].sort((a, b) => reach.get(b)! - reach.get(a)!)
}

function extent(nodes: Node[], at: number, mark: Mark): number {
  let end = at
  while (end < nodes.length && mark.isInSet(nodes[end]!.marks)) end += 1
  return end
}

function tagOf(mark: Mark): string {
  return mark.attrs.tag ?? 'a'
}

function written(node: Node, lineBreak: string): string {
  if (node.isText) return escapeText(node.text!)
  if (node.type === N.hard_break) return lineBreak
  if (node.type === N.raw) return node.attrs.src
  return element('sup', citationElement(node), escapeText(node.attrs.label))
}

function citationElement(node: Node): Pairs {
  const el: Pairs = node.attrs.el ?? [['class', 'cms-citation']]
  return withAttribute(el, 'data-cms-ref', node.attrs.ref)
}
