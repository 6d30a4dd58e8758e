// What is typed at the start of a line makes a block of it, as in many editors.
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules'
import type { Plugin } from 'prosemirror-state'
import { insertBlock } from './commands'
import { newSeparator } from './blocks'
import { DEFAULT, N } from './schema'

const separator = new InputRule(/^---$/, (state, _, start, end) => {
  const { $from } = state.selection
  if ($from.parent.type !== N.paragraph || $from.depth !== 1) return null
  const tr = state.tr.delete(start, end)
  let made = tr
  insertBlock(newSeparator())(state.apply(tr), (next) => {
    for (const step of next.steps) made = made.step(step)
  })
  return made
})

export function typingRules(): Plugin {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{2,4})\s$/, N.heading, (match) => ({ level: match[1]!.length })),
      wrappingInputRule(/^\s*[-*]\s$/, N.list, { tag: 'ul' }),
      wrappingInputRule(/^1[.)]\s$/, N.list, { tag: 'ol' }),
      wrappingInputRule(/^>\s$/, N.quote),
      textblockTypeInputRule(/^```$/, N.pre, { kind: 'code', el: DEFAULT.code }),
      separator,
    ],
  })
}
