// The text editor, loaded by the screens that edit a text and by no other.
import { CmsEditor } from './editor/element'

customElements.define('cms-editor', CmsEditor)
