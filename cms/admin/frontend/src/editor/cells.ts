// Cells of a table made one, and one made several again.
import { Fragment, type Node } from 'prosemirror-model'
import { type Command, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import { cellAround, CellSelection, mergeCells as merge, nextCell, selectedRect, splitCellWithType } from 'prosemirror-tables'
import { ancestor } from './commands'
import { attribute, withAttribute } from './html'
import { isBlank } from './render'
import { N } from './schema'

/** Begins to select cells with the arrow that leaves the one at the cursor; the next arrows go on by
 * themselves. */
export function selectCells(axis: 'horiz' | 'vert', direction: -1 | 1): Command {
  return ({ selection, doc, tr }, dispatch, view) => {
    if (!(selection instanceof TextSelection) || !view) return false
    const $cell = cellAround(selection.$head)
    const way = axis === 'vert' ? (direction < 0 ? 'up' : 'down') : direction < 0 ? 'backward' : 'forward'
    const $next = $cell && view.endOfTextblock(way) ? nextCell($cell, axis, direction) : null
    if (!$cell || !$next) return false
    dispatch?.(tr.setSelection(new CellSelection(doc.resolve($cell.pos), $next)))
    return true
  }
}

/** Makes one cell of those that are selected; what stood in each is a line of it. HTML knows no cell
 * that reaches from the head of a table into its body. */
export const mergeCells: Command = (state, dispatch) => {
  const { selection } = state
  if (!(selection instanceof CellSelection) || !isOneSection(selectedRect(state))) return false
  const lines: Node[] = []
  selection.forEachCell((cell) => void (isBlank(cell) || lines.push(cell)))
  return merge(state, dispatch && ((tr) => dispatch(withLines(tr, lines))))
}

function isOneSection({ table, top, bottom }: { table: Node; top: number; bottom: number }): boolean {
  for (let row = top; row < bottom; row++) {
    if (table.child(row).attrs.section !== table.child(top).attrs.section) return false
  }
  return true
}

function withLines(tr: Transaction, lines: readonly Node[]): Transaction {
  const { pos } = (tr.selection as CellSelection).$anchorCell
  const parts = lines.flatMap((cell, index) => [...(index ? [N.hard_break.create()] : []), ...cell.content.content])
  tr.replaceWith(pos + 1, pos + 1 + tr.doc.nodeAt(pos)!.content.size, Fragment.fromArray(parts))
  return tr.setSelection(Selection.near(tr.doc.resolve(pos + tr.doc.nodeAt(pos)!.nodeSize - 1), -1)).scrollIntoView()
}

const split = splitCellWithType(({ node }) => node.type)

/** Makes cells of one row and one column of a merged one; what stood in it stays in the first. */
export const splitCell: Command = (state, dispatch) => split(state, dispatch && ((tr) => dispatch(withoutTwins(tr))))

// The new cells are made like the old one, whose name on the page there may be only once.
function withoutTwins(tr: Transaction): Transaction {
  const table = ancestor(tr.selection.$from, N.table)!
  const known = new Set<string>()
  table.node.descendants((cell, offset) => {
    const id = cell.attrs.el && attribute(cell.attrs.el, 'id')
    if (id && known.has(id)) tr.setNodeAttribute(table.pos + 1 + offset, 'el', withAttribute(cell.attrs.el, 'id', undefined))
    if (id) known.add(id)
    return cell.type === N.table_row
  })
  return tr
}
