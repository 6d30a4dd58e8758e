// The toolbar: one stop for Tab, arrows between its buttons (ARIA practice for role=toolbar).
import type { EditorState } from 'prosemirror-state'
import { GROUPS, isOffered, isPossible, perform, type Action } from './actions'
import type { Editor } from './context'
import { hasIcon, icon } from './icons'
import { word } from './words'

interface Shown {
  action: Action
  button: HTMLButtonElement
}

export class Toolbar {
  readonly element = document.createElement('div')
  private shown: Shown[] = []
  private frame = 0

  constructor(
    private editor: Editor,
    openPalette: () => void,
  ) {
    this.element.className = 'cms-editor-toolbar'
    this.element.setAttribute('role', 'toolbar')
    this.element.setAttribute('aria-label', word('toolbar.label'))
    for (const group of GROUPS) this.addGroup(group.filter((one) => hasIcon(one.id) && isOffered(editor, one)))
    this.addPalette(openPalette)
    this.element.addEventListener('keydown', (event) => this.onKey(event))
    this.buttons[0]!.tabIndex = 0
  }

  private get buttons(): HTMLButtonElement[] {
    return [...this.element.querySelectorAll('button')]
  }

  private addGroup(actions: readonly Action[]): void {
    if (!actions.length) return
    const group = document.createElement('div')
    group.className = 'cms-editor-group'
    for (const action of actions) {
      const button = buttonOf(action.id, labelOf(action))
      button.addEventListener('click', () => perform(this.editor, action))
      group.append(button)
      this.shown.push({ action, button })
    }
    this.element.append(group)
  }

  private addPalette(openPalette: () => void): void {
    const button = buttonOf('palette', word('palette.open'))
    button.setAttribute('aria-haspopup', 'dialog')
    button.addEventListener('click', openPalette)
    this.element.append(button)
  }

  focus(): void {
    this.buttons.find((one) => one.tabIndex === 0)?.focus()
  }

  private onKey(event: KeyboardEvent): void {
    const all = this.buttons
    const now = all.indexOf(event.target as HTMLButtonElement)
    const next = {
      ArrowRight: (now + 1) % all.length,
      ArrowLeft: (now + all.length - 1) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key]
    if (event.key === 'Escape') this.editor.view.focus()
    else if (next === undefined) return
    else {
      for (const button of all) button.tabIndex = -1
      all[next]!.tabIndex = 0
      all[next]!.focus()
    }
    event.preventDefault()
  }

  /** Shows what is pressed and possible, once for all changes before the next frame. */
  update(): void {
    if (this.frame) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      this.show(this.editor.view.state)
    })
  }

  private show(state: EditorState): void {
    const { editable } = this.editor.view
    for (const { action, button } of this.shown) {
      if (action.isActive) set(button, 'aria-pressed', String(action.isActive(state)))
      set(button, 'aria-disabled', String(!editable || !isPossible(state, action)))
    }
  }
}

function set(button: HTMLElement, name: string, value: string): void {
  if (button.getAttribute(name) !== value) button.setAttribute(name, value)
}

function buttonOf(id: string, label: string): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.tabIndex = -1
  button.title = label
  button.dataset.action = id
  button.setAttribute('aria-label', label)
  button.append(icon(id))
  return button
}

export function nameOf(action: Action): string {
  return word(`action.${action.id}`)
}

/** The name of an action with its key, as people write keys. */
export function labelOf(action: Action): string {
  const name = nameOf(action)
  return action.key ? `${name} (${keyName(action.key)})` : name
}

function keyName(key: string): string {
  const parts = key.replace('Mod', 'Ctrl').replace('Arrow', '').split(/-(?=.)/)
  return parts.map((part) => (part.length === 1 ? part.toUpperCase() : part)).join('+').replace('Up', '↑').replace('Down', '↓')
}
