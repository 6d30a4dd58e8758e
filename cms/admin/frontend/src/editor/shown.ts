// Which attributes of the text the page of the editor shows. All others stay in the model: a
// foreign `onclick` is kept for whoever reads the text and never acts here.
import type { Pairs } from './html'

const HARMLESS = new Set(
  'alt colspan dir height href lang reversed rowspan scope src start style title type value width'.split(' '),
)
const PROTOCOL = /^\s*([a-z][a-z0-9+.-]*):/i
const SAFE = new Set(['http', 'https', 'mailto', 'tel'])
const CLASS = /^(?:wp-|has-|is-|align|size-)/

export function shown(el: Pairs): { [name: string]: string } {
  const found: { [name: string]: string } = {}
  for (const [name, value] of el) {
    if (name === 'class') {
      const names = value.split(/\s+/).filter((one) => CLASS.test(one))
      if (names.length) found.class = names.join(' ')
    } else if (HARMLESS.has(name) && (!['href', 'src'].includes(name) || isSafeAddress(value))) {
      found[name] = value
    }
  }
  return found
}

/** Whether a browser that is led there runs nothing: relative, or one of a few protocols. */
export function isSafeAddress(address: string): boolean {
  const found = PROTOCOL.exec(address.replace(/[\u0000-\u0020]/g, ''))
  return !found || SAFE.has(found[1]!.toLowerCase())
}
