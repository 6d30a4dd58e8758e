// What the parts of the editor share.
import type { EditorView } from 'prosemirror-view'
import type { Announcer } from './announce'

export interface Editor {
  readonly view: EditorView
  readonly announcer: Announcer
  /** The element of the page; events go out from it. */
  readonly host: HTMLElement
  /** Sends an event of the editor; false when somebody took it over. */
  tell(name: string, detail?: object): boolean
}
