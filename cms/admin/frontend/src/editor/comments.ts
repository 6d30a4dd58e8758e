// Comments in the margin, as decorations. A range that vanished is looked for again, since undo
// brings its text back and not its decoration.
import { Plugin, PluginKey, type EditorState } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { type Anchor, resolve } from './anchors'

export interface Comment {
  id: string
  anchor: Anchor
  isActive?: boolean
}

interface Shown {
  comments: readonly Comment[]
  set: DecorationSet
}

const key = new PluginKey<Shown>('cms-comments')

export function commentsPlugin(open: (id: string) => void): Plugin {
  return new Plugin<Shown>({
    key,
    state: {
      init: () => ({ comments: [], set: DecorationSet.empty }),
      apply: (tr, { comments, set }) => {
        const given: readonly Comment[] | undefined = tr.getMeta(key)
        if (given) return { comments: given, set: decorated(tr.doc, given) }
        if (!tr.docChanged || !comments.length) return { comments, set }
        const mapped = set.map(tr.mapping, tr.doc)
        const isWhole = mapped.find().length === comments.length
        return { comments, set: isWhole ? mapped : restored(tr.doc, comments, mapped) }
      },
    },
    props: {
      decorations: (state) => key.getState(state)?.set,
      handleClick: (view, pos) => {
        const found = key.getState(view.state)?.set.find(pos, pos)[0]
        if (found) open(found.spec.id)
        return false
      },
    },
  })
}

type Doc = EditorState['doc']

function decorated(doc: Doc, comments: readonly Comment[]): DecorationSet {
  return DecorationSet.create(doc, comments.flatMap((one) => decoration(doc, one)))
}

function decoration(doc: Doc, comment: Comment): Decoration[] {
  const range = resolve(doc, comment.anchor)
  const name = comment.isActive ? 'cms-comment is-active' : 'cms-comment'
  return range ? [Decoration.inline(range.from, range.to, { class: name }, { id: comment.id })] : []
}

function restored(doc: Doc, comments: readonly Comment[], set: DecorationSet): DecorationSet {
  const there = new Set(set.find().map((one) => one.spec.id))
  const lost = comments.filter((one) => !there.has(one.id))
  return set.add(doc, lost.flatMap((one) => decoration(doc, one)))
}

/** Shows these comments and no others; answers the ids of those whose text is gone. */
export function showComments(view: { state: EditorState; dispatch: (tr: EditorState['tr']) => void }, comments: readonly Comment[]): string[] {
  view.dispatch(view.state.tr.setMeta(key, comments).setMeta('addToHistory', false))
  return orphans(view.state)
}

export function orphans(state: EditorState): string[] {
  const { comments, set } = key.getState(state)!
  const there = new Set(set.find().map((one) => one.spec.id))
  return comments.filter((one) => !there.has(one.id)).map((one) => one.id)
}
