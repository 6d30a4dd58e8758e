"""When the plugin runs: each room's hooks, by the event that they wait for."""

from typing import cast

from cms.content.draft import Draft
from cms.content.events import PostErased, RevisionSaved, Transition
from cms.kernel.hooks import Hooks, Observer
from plugins.medical_review.aftercare.case_texts import do_action, list_carried
from plugins.medical_review.articles.parts import fit_for_medicine
from plugins.medical_review.reviewing.guards import may_go_on, reviews_stay
from plugins.medical_review.reviewing.renewing import renew_responsible
from plugins.medical_review.reviewing.reviews import follow_edit, follow_move
from plugins.medical_review.signing.certificates import certify_soon
from plugins.professional_registry.carried import CarriedTexts
from plugins.professional_registry.case_events import CaseActionTaken


def connect(hooks: Hooks) -> None:
    """Each hook of the plugin."""
    hooks.filter(Draft, fit_for_medicine)
    hooks.prepare(Transition, renew_responsible)
    hooks.guard(Transition, may_go_on)
    hooks.guard(PostErased, reviews_stay)
    hooks.observe(Transition, follow_move)
    hooks.observe(Transition, cast("Observer[Transition]", certify_soon))
    hooks.observe(RevisionSaved, follow_edit)
    hooks.filter(CarriedTexts, list_carried)
    hooks.observe(CaseActionTaken, do_action)
