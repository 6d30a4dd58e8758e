// Comments in the margin, as decorations.
import { Plugin, PluginKey, type EditorState } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { type Anchored, ids, moved, placed, type Standing, type Way } from './anchored'
import { atom } from './anchors'

export interface Comment extends Anchored {
  isActive?: boolean
}

const key = new PluginKey<Standing<Comment>>('cms-comments')

const WAY: Way<Comment> = {
  leaf: atom,
  isExact: false,
  draw: ({ id, isActive }, { from, to }) => [
    Decoration.inline(from, to, { class: isActive ? 'cms-comment is-active' : 'cms-comment' }, { id }),
  ],
}

export function commentsPlugin(open: (id: string) => void): Plugin {
  return new Plugin<Standing<Comment>>({
    key,
    state: {
      init: () => ({ items: [], set: DecorationSet.empty }),
      apply: (tr, before) => {
        const given: readonly Comment[] | undefined = tr.getMeta(key)
        return given ? placed(tr.doc, given, WAY) : moved(tr, before, WAY)
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

/** Shows these comments and no others; answers the ids of those whose text is gone. */
export function showComments(view: { state: EditorState; dispatch: (tr: EditorState['tr']) => void }, comments: readonly Comment[]): string[] {
  view.dispatch(view.state.tr.setMeta(key, comments).setMeta('addToHistory', false))
  return orphans(view.state)
}

export function orphans(state: EditorState): string[] {
  const { items, set } = key.getState(state)!
  const there = ids(set)
  return items.filter((one) => !there.has(one.id)).map((one) => one.id)
}
