// The keys. Tab leaves the editor except in a list item or a table cell; Escape, then Tab, always
// leaves. Alt+F10 goes to the toolbar.
import { baseKeymap, chainCommands } from 'prosemirror-commands'
import { redo } from 'prosemirror-history'
import { keymap } from 'prosemirror-keymap'
import { type Command, NodeSelection, type Plugin } from 'prosemirror-state'
import { goToNextCell, isInTable } from 'prosemirror-tables'
import { ACTIONS, perform } from './actions'
import { editImage, editSource } from './asking'
import { askCitation } from './citing'
import { selectCells } from './cells'
import { ancestor, indent, outdent } from './commands'
import type { Editor } from './context'
import { backspace, enter, forwardDelete, hardBreak } from './editing'
import { N } from './schema'
import { word } from './words'

export interface Keys {
  openPalette: () => void
  focusToolbar: () => void
}

/** All keys of the editor, the strongest first. */
export function keymaps(editor: Editor, { openPalette, focusToolbar }: Keys): Plugin[] {
  const own: { [key: string]: Command } = {}
  for (const action of ACTIONS) if (action.key) own[action.key] = () => perform(editor, action)
  const tabbing = tabKeys()
  Object.assign(own, tabbing, {
    'Shift-ArrowLeft': selectCells('horiz', -1),
    'Shift-ArrowRight': selectCells('horiz', 1),
    'Shift-ArrowUp': selectCells('vert', -1),
    'Shift-ArrowDown': selectCells('vert', 1),
    'Mod-Shift-z': redo,
    'Mod-/': run(openPalette),
    'Alt-F10': run(focusToolbar),
    '/': slash(openPalette),
    Enter: chainCommands(openSelected(editor), inCode, enter),
    'Shift-Enter': chainCommands(inCode, hardBreak),
    Backspace: chainCommands(askedOnce(editor), backspace),
    Delete: chainCommands(askedOnce(editor), forwardDelete),
  })
  return [keymap(own), keymap(baseKeymap)]
}

function run(act: () => void): Command {
  return () => {
    act()
    return true
  }
}

const inCode: Command = (state, dispatch) => {
  const { $from } = state.selection
  if ($from.parent.type !== N.pre) return false
  dispatch?.(state.tr.insertText('\n').scrollIntoView())
  return true
}

function slash(openPalette: () => void): Command {
  return (state) => {
    const { $from, empty } = state.selection
    if (!empty || $from.parent.type !== N.paragraph || $from.parent.content.size) return false
    openPalette()
    return true
  }
}

function tabKeys(): { [key: string]: Command } {
  let isLeaving = false
  const stays = (command: Command): Command => (state, dispatch, view) => {
    const leave = isLeaving
    isLeaving = false
    if (leave || !(ancestor(state.selection.$from, N.list_item) || isInTable(state))) return false
    command(state, dispatch, view)
    return true
  }
  return {
    Escape: () => {
      isLeaving = true
      return false
    },
    Tab: stays(chainCommands(goToNextCell(1), indent)),
    'Shift-Tab': stays(chainCommands(goToNextCell(-1), outdent)),
  }
}

function openSelected(editor: Editor): Command {
  return ({ selection }) => {
    if (!(selection instanceof NodeSelection)) return false
    const { type } = selection.node
    if (type === N.image) void editImage(editor)
    else if (type === N.opaque || type === N.frame) void editSource(editor)
    else if (type === N.citation) editor.tell('cite', { ref: selection.node.attrs.ref }) && void askCitation(editor)
    else return false
    return true
  }
}

/** A whole block goes with the second key; the first one says so. */
function askedOnce({ announcer }: Editor): Command {
  let asked: unknown = null
  return ({ selection }) => {
    const isWhole = selection instanceof NodeSelection && selection.node.isBlock
    if (!isWhole || asked === selection.node) {
      asked = null
      return false
    }
    asked = selection.node
    announcer.say(word('status.again'))
    return true
  }
}
