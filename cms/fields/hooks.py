"""What the room of fields hangs on the events and values of the host."""

from cms.content.comment_events import CommentDeleted
from cms.content.draft import Draft, Told
from cms.content.events import RevisionSaved, TermDeleted, Transition
from cms.content.indexing import FoundBy
from cms.fields import indexing
from cms.fields.drafts import fit_fields
from cms.fields.guards import has_its_fields
from cms.fields.mirroring import follow_revision
from cms.fields.subject_values import forget_comment, forget_person, forget_term
from cms.fields.telling import tell_names_only
from cms.fields.titles import add_titles
from cms.identity.events import PersonRemoved
from cms.kernel.hooks import FIRST, Hooks


def connect(hooks: Hooks) -> None:
    # First: filters of plugins see fields that are typed and checked.
    hooks.filter(Draft, fit_fields, order=FIRST)
    hooks.guard(Transition, has_its_fields)
    hooks.observe(TermDeleted, forget_term)
    hooks.observe(CommentDeleted, forget_comment)
    hooks.observe(PersonRemoved, forget_person)
    hooks.observe(RevisionSaved, follow_revision)
    hooks.filter(FoundBy, add_titles)
    hooks.filter(Told, tell_names_only)
    indexing.connect(hooks)
