// New blocks, made of what an author answers.
import type { Node } from 'prosemirror-model'
import { withAttributes } from './grammar'
import { withAttribute, type Pairs } from './html'
import { DEFAULT, N } from './schema'

/** A table with a row of headings; sizes count cells. */
export function newTable(rows: number, columns: number): Node {
  const cells = (type: Node['type']) => Array.from({ length: columns }, () => type.create())
  const head = N.table_row.create({ section: 'thead' }, cells(N.table_header))
  const body = Array.from({ length: Math.max(1, rows - 1) }, () => N.table_row.create(null, cells(N.table_cell)))
  return N.table_block.create(null, [
    N.table.create(null, [head, ...body]),
    N.table_caption.create(),
  ])
}

/** What is said of an image. `alt` null is not yet described, '' is decoration. Focus in percent. */
export interface Picture {
  url: string
  alt: string | null
  id?: number
  width?: number
  height?: number
  caption?: string
  focus?: { x: number; y: number } | null
}

export function newImage(picture: Picture): Node {
  const { id, width, height } = picture
  let img: Pairs = [['src', picture.url]]
  if (id) img = withAttribute(img, 'class', `wp-image-${id}`)
  if (width && height) img = [...img, ['width', String(width)], ['height', String(height)]]
  const json = withAttributes('', { id: id || undefined })
  const caption = picture.caption ? [N.image.schema.text(picture.caption)] : []
  const image = N.image.create({ img, json }, caption)
  return described(image, picture.alt, picture.focus ?? null)
}

/** The image with another alternative text and focal point. */
export function described(image: Node, alt: string | null, focus: { x: number; y: number } | null): Node {
  const style = focus ? `object-position:${focus.x}% ${focus.y}%` : undefined
  const img = withFocus(withAttribute(image.attrs.img, 'alt', alt ?? undefined), style)
  const point = focus ? { x: focus.x / 100, y: focus.y / 100 } : undefined
  const json = withAttributes(image.attrs.json, { focalPoint: point })
  const isSame = focusOf(image)?.x === focus?.x && focusOf(image)?.y === focus?.y
  const attrs = isSame ? { img: withAttribute(image.attrs.img, 'alt', alt ?? undefined) } : { img, json }
  return image.type.create({ ...image.attrs, ...attrs }, image.content)
}

function withFocus(img: Pairs, style: string | undefined): Pairs {
  const now = img.find(([name]) => name === 'style')?.[1] ?? ''
  const others = now.split(';').filter((one) => one.trim() && !/^\s*object-position\s*:/.test(one))
  const all = [...others, ...(style ? [style] : [])].join(';')
  return withAttribute(img, 'style', all || undefined)
}

/** The focal point of an image in percent, if it has one. */
export function focusOf(image: Node): { x: number; y: number } | null {
  const style = (image.attrs.img as Pairs).find(([name]) => name === 'style')?.[1] ?? ''
  const found = /object-position\s*:\s*(\d+(?:\.\d+)?)%\s+(\d+(?:\.\d+)?)%/.exec(style)
  return found ? { x: Number(found[1]), y: Number(found[2]) } : null
}

export function newSeparator(): Node {
  return N.separator.create({ el: DEFAULT.separator })
}

export function newPre(kind: 'code' | 'preformatted' | 'verse'): Node {
  return N.pre.create({ kind, el: DEFAULT[kind] })
}

/** The place where the list of references stands. */
export function newReferences(): Node {
  return N.opaque.create({ src: '<!-- wp:cms/references /-->', name: 'cms/references' })
}
