// What blocks are called that the editor keeps as they are.
import { word } from './words'

const KNOWN = new Set(
  'buttons column columns cover gallery group media-text navigation query social-links template-part'.split(' '),
)

/** The name of a wrapper, in the words of the page where it has some. */
export function frameLabel(name: string): string {
  const short = name.replace(/^core\//, '')
  return KNOWN.has(short) ? word(`frame.${short}`) : word('frame.label', { name })
}
