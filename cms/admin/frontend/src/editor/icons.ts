// The signs of the toolbar: letters where a letter says it, lines on a grid of 16 for the rest.

const SVG = 'http://www.w3.org/2000/svg'

const LETTERS: { [id: string]: string } = {
  strong: 'B', em: 'I', sup: 'x²', sub: 'x₂', heading2: 'H2', heading3: 'H3', heading4: 'H4', citation: '[1]',
}

const LINES: { [id: string]: string } = {
  undo: 'M6 3 2 7l4 4M2 7h7a4 4 0 0 1 0 7H7',
  redo: 'm10 3 4 4-4 4M14 7H7a4 4 0 0 0 0 7h2',
  link: 'M7 9a3 3 0 0 0 4 0l3-3a3 3 0 0 0-4-4L9 3M9 7a3 3 0 0 0-4 0l-3 3a3 3 0 0 0 4 4l1-1',
  bullets: 'M6 4h8M6 8h8M6 12h8M2 4h1M2 8h1M2 12h1',
  numbers: 'M7 4h7M7 8h7M7 12h7M2 3l1-1v4M2 10h2l-2 3h2',
  quote: 'M3 4v8M6 5h8M6 8h8M6 11h5',
  'callout.warning': 'M8 2 1.5 14h13zM8 6.5v4M8 12v.5',
  'callout.dosage': 'M5 2h6v3H5zM4 5h8v9H4zM6 9.5h4M8 7.5v4',
  'callout.contraindication': 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 4l8 8',
  table: 'M2 3h12v10H2zM2 6.5h12M2 10h12M8 3v10',
  image: 'M2 3h12v10H2zM2 11l4-4 3 3 2-2 3 3M11 5.5h.5',
  comment: 'M2 3h12v8H7l-3 3v-3H2z',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  palette: 'M8 3v10M3 8h10',
}

/** Whether an action stands in the toolbar. */
export function hasIcon(id: string): boolean {
  return id in LETTERS || id in LINES
}

/** The sign of an action; its button has the name. */
export function icon(id: string): Element {
  const letters = LETTERS[id]
  if (letters === undefined) return drawn(LINES[id]!)
  const span = document.createElement('span')
  span.setAttribute('aria-hidden', 'true')
  span.textContent = letters
  return span
}

function drawn(lines: string): Element {
  const svg = document.createElementNS(SVG, 'svg')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', lines)
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('aria-hidden', 'true')
  svg.append(path)
  return svg
}
