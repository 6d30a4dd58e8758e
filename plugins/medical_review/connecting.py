"""When the plugin runs: each room's hooks, by the event that they wait for."""

from cms.admin.sent import SentParts
from cms.content.draft import Draft
from cms.content.events import PostErased, RevisionSaved, Transition
from cms.content.rendering import Rendered
from cms.kernel.hooks import Hooks
from plugins.medical_review import telling
from plugins.medical_review.aftercare import connecting as aftercare
from plugins.medical_review.articles import connecting as articles
from plugins.medical_review.articles.parts import fit_for_medicine
from plugins.medical_review.checks.guards import blockers_stand, check_before, overrides_stay
from plugins.medical_review.discussion.events import (
    PersonMentioned,
    RemarkWritten,
    ThreadOpened,
    ThreadSettled,
)
from plugins.medical_review.discussion.guards import discussions_stay, nothing_to_fix
from plugins.medical_review.discussion.notices import (
    tell_of_answer,
    tell_of_mention,
    tell_of_opening,
    tell_of_step,
)
from plugins.medical_review.references.events import (
    CitationStyleChanged,
    ReferenceRetracted,
    ReferencesMerged,
    RetractionLifted,
)
from plugins.medical_review.references.freezing import freeze_copies
from plugins.medical_review.references.guarding import rests_on_sound_references
from plugins.medical_review.references.rendering import (
    follow_entry,
    follow_style,
    note_uses,
    show_citations,
)
from plugins.medical_review.references.sent import read_references
from plugins.medical_review.reviewing.guards import may_go_on, reviews_stay
from plugins.medical_review.reviewing.renewing import renew_responsible
from plugins.medical_review.reviewing.reviews import follow_edit, follow_move
from plugins.medical_review.signing import connecting as signing


def connect(hooks: Hooks) -> None:
    """Each hook of the plugin."""
    aftercare.connect(hooks)
    signing.connect(hooks)
    telling.connect(hooks)
    hooks.filter(Draft, fit_for_medicine)
    articles.connect(hooks)
    connect_references(hooks)
    hooks.prepare(Transition, renew_responsible)
    hooks.prepare(Transition, check_before)
    hooks.guard(Transition, may_go_on)
    hooks.guard(Transition, blockers_stand)
    hooks.guard(PostErased, reviews_stay)
    hooks.guard(PostErased, overrides_stay)
    hooks.observe(Transition, follow_move)
    hooks.observe(RevisionSaved, follow_edit)
    connect_discussion(hooks)


def connect_references(hooks: Hooks) -> None:
    """The hooks of the literature."""
    hooks.filter(Draft, freeze_copies)
    hooks.filter(SentParts, read_references)
    hooks.filter(Rendered, show_citations)
    hooks.guard(Transition, rests_on_sound_references)
    hooks.observe(RevisionSaved, note_uses)
    for event in (ReferenceRetracted, RetractionLifted, ReferencesMerged):
        hooks.observe(event, follow_entry)
    hooks.observe(CitationStyleChanged, follow_style)


def connect_discussion(hooks: Hooks) -> None:
    """The hooks of what is said of a text."""
    hooks.guard(Transition, nothing_to_fix)
    hooks.guard(PostErased, discussions_stay)
    hooks.observe(ThreadOpened, tell_of_opening)
    hooks.observe(ThreadSettled, tell_of_step)
    hooks.observe(RemarkWritten, tell_of_answer)
    hooks.observe(PersonMentioned, tell_of_mention)
