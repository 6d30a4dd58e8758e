"""When the plugin runs: each room's hooks, by the event that they wait for."""

from cms.content.draft import Draft
from cms.content.events import PostErased, RevisionSaved, Transition
from cms.kernel.hooks import Hooks
from plugins.medical_review.aftercare.case_texts import do_action, list_carried
from plugins.medical_review.articles.parts import fit_for_medicine
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
from plugins.medical_review.reviewing.guards import may_go_on, reviews_stay
from plugins.medical_review.reviewing.renewing import renew_responsible
from plugins.medical_review.reviewing.reviews import follow_edit, follow_move
from plugins.professional_registry.carried import CarriedTexts
from plugins.professional_registry.case_events import CaseActionTaken


def connect(hooks: Hooks) -> None:
    """Each hook of the plugin."""
    hooks.filter(Draft, fit_for_medicine)
    hooks.prepare(Transition, renew_responsible)
    hooks.guard(Transition, may_go_on)
    hooks.guard(Transition, nothing_to_fix)
    hooks.guard(PostErased, reviews_stay)
    hooks.guard(PostErased, discussions_stay)
    hooks.observe(Transition, follow_move)
    hooks.observe(RevisionSaved, follow_edit)
    hooks.filter(CarriedTexts, list_carried)
    hooks.observe(CaseActionTaken, do_action)
    hooks.observe(ThreadOpened, tell_of_opening)
    hooks.observe(ThreadSettled, tell_of_step)
    hooks.observe(RemarkWritten, tell_of_answer)
    hooks.observe(PersonMentioned, tell_of_mention)
