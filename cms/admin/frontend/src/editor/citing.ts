// A citation or an image asked for here, where the page has no picker of its own for it.
import { type Node } from 'prosemirror-model'
import { NodeSelection } from 'prosemirror-state'
import { insertBlock } from './commands'
import { newImage } from './blocks'
import type { Editor } from './context'
import { ask } from './dialog'
import { N } from './schema'
import { isSafeAddress } from './shown'
import { word } from './words'

const RESOLVER = /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)/i

// As plugins name publications: the kind, a colon, the identifier in its one form.
const NAMES: readonly (readonly [kind: string, form: RegExp, canonical: (found: string) => string])[] = [
  ['doi', /^(10\.\d{4,9}\/\S+)$/, (found) => found.toLowerCase()],
  ['pmcid', /^(?:pmcid:?\s*)?PMC0*(\d{1,9})$/i, (found) => `PMC${found}`],
  ['pmid', /^(?:pmid:?\s*)?(\d{1,8})$/i, (found) => found.replace(/^0+/, '')],
  ['isbn', /^(?:isbn:?\s*)?((?:97[89][- ]?)?\d[\d -]{7,12}[\dX])$/i, (found) => found.replace(/[ -]/g, '')],
  ['url', /^(?:url:)?(https?:\/\/\S+)$/i, (found) => found],
]

/** The name of a publication by what an author pastes; null for what names none. */
export function referenceName(text: string): string | null {
  const given = text.trim().replace(RESOLVER, '')
  for (const [kind, form, canonical] of NAMES) {
    const found = form.exec(given)?.[1]
    if (found) return `${kind}:${canonical(found)}`
  }
  return null
}

/** Puts a citation in place of the selected one, or at the cursor. */
export function putCitation({ view }: Editor, ref: string, label: string): void {
  const { state } = view
  const { selection } = state
  const isCitation = selection instanceof NodeSelection && selection.node.type === N.citation
  const from = isCitation ? selection.from : selection.to
  const node = N.citation.create({ ref, label })
  view.dispatch(state.tr.replaceWith(from, selection.to, node).scrollIntoView())
}

export async function askCitation(editor: Editor): Promise<void> {
  const { doc, selection } = editor.view.state
  const now = selection instanceof NodeSelection && selection.node.type === N.citation ? selection.node.attrs.ref : ''
  const cited = labels(doc)
  const field = { name: 'ref', label: word('citation.ref'), hint: word('citation.ref.hint'), isRequired: true }
  const found = await ask({ title: word('action.citation'), fields: [{ ...field, value: now, suggestions: [...cited.keys()] }] })
  const given = found?.ref?.trim() ?? ''
  const ref = cited.has(given) ? given : referenceName(given)
  if (ref) putCitation(editor, ref, cited.get(ref) ?? next(cited))
  else if (found) editor.announcer.say(word('citation.unknown'))
  editor.view.focus()
}

/** What is cited in a text, with the number that it shows. */
function labels(doc: Node): Map<string, string> {
  const found = new Map<string, string>()
  doc.descendants((node) => {
    if (node.type === N.citation && !found.has(node.attrs.ref)) found.set(node.attrs.ref, node.attrs.label)
  })
  return found
}

// The number that readers get is counted when the text is shown; this one is a place holder.
function next(cited: Map<string, string>): string {
  return String(Math.max(0, ...[...cited.values()].map((label) => Number(label) || 0)) + 1)
}

export async function askImage(editor: Editor): Promise<void> {
  const found = await ask({
    title: word('action.image'),
    fields: [
      { name: 'url', label: word('image.url'), kind: 'url', isRequired: true },
      { name: 'alt', label: word('image.alt'), hint: word('image.alt.hint') },
      { name: 'decorative', label: word('image.decorative'), kind: 'check' },
      { name: 'caption', label: word('caption') },
    ],
  })
  const { view } = editor
  const url = found?.url?.trim() ?? ''
  if (url && isSafeAddress(url)) {
    const alt = found?.alt?.trim() || (found?.decorative ? '' : null)
    insertBlock(newImage({ url, alt, caption: found?.caption ?? '' }))(view.state, view.dispatch)
  }
  view.focus()
}
