"""When the plugin runs: each room's hooks, by the event that they wait for."""

from cms.content.draft import Draft
from cms.content.events import Inherited, PostErased, RevisionSaved, Transition
from cms.kernel.hooks import Hooks
from plugins.medical_review.aftercare.case_texts import (
    do_action,
    lift_with_case,
    list_carried,
    list_noted,
    note_texts,
)
from plugins.medical_review.aftercare.guards import approval_still_counts
from plugins.medical_review.aftercare.inherited import note_inherited
from plugins.medical_review.aftercare.lost_licences import reopen_carried
from plugins.medical_review.aftercare.upkeep import follow_decision
from plugins.medical_review.aftercare.upkeep import follow_move as follow_publication
from plugins.medical_review.articles.parts import fit_for_medicine
from plugins.medical_review.reviewing.events import ReviewDecided
from plugins.medical_review.reviewing.guards import may_go_on, reviews_stay
from plugins.medical_review.reviewing.renewing import renew_responsible
from plugins.medical_review.reviewing.reviews import follow_edit, follow_move
from plugins.professional_registry.carried import CarriedTexts, TextsAtOpening
from plugins.professional_registry.case_events import CaseActionTaken, CaseClosed, CaseOpened


def connect(hooks: Hooks) -> None:
    """Each hook of the plugin."""
    hooks.filter(Draft, fit_for_medicine)
    hooks.prepare(Transition, renew_responsible)
    hooks.guard(Transition, may_go_on)
    hooks.guard(Transition, approval_still_counts)
    hooks.guard(PostErased, reviews_stay)
    hooks.observe(Transition, follow_move)
    hooks.observe(Transition, follow_publication)
    hooks.observe(Inherited, note_inherited)
    hooks.observe(ReviewDecided, follow_decision)
    hooks.observe(RevisionSaved, follow_edit)
    hooks.filter(CarriedTexts, list_carried)
    hooks.observe(CaseActionTaken, do_action)
    hooks.filter(TextsAtOpening, list_noted)
    hooks.observe(CaseOpened, note_texts)
    hooks.observe(CaseClosed, lift_with_case)
    hooks.after_commit(CaseOpened, reopen_carried)
