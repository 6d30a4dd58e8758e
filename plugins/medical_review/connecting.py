"""When the plugin runs: each room's hooks, by the event that they wait for."""

from cms.content.draft import Draft
from cms.content.events import PostErased, PublicationRefused, RevisionSaved, Transition
from cms.fields.indexing import Compared
from cms.kernel.hooks import Hooks
from plugins.medical_review.aftercare.case_texts import do_action, list_carried
from plugins.medical_review.articles.listing import add_status, follow_review
from plugins.medical_review.articles.media import note_files
from plugins.medical_review.articles.parts import fit_for_medicine
from plugins.medical_review.publishing.alerts import tell_of_refusal
from plugins.medical_review.publishing.guard import targets_are_shown
from plugins.medical_review.rebasing.hotfix import follow_withdrawal
from plugins.medical_review.reviewing.events import ReviewDecided, ReviewOpened, ReviewWithdrawn
from plugins.medical_review.reviewing.guards import may_go_on, reviews_stay
from plugins.medical_review.reviewing.renewing import renew_responsible
from plugins.medical_review.reviewing.reviews import follow_edit, follow_move
from plugins.professional_registry.carried import CarriedTexts
from plugins.professional_registry.case_events import CaseActionTaken


def connect(hooks: Hooks) -> None:
    """Each hook of the plugin."""
    hooks.filter(Draft, fit_for_medicine)
    hooks.filter(Draft, note_files)
    hooks.prepare(Transition, renew_responsible)
    hooks.guard(Transition, may_go_on)
    hooks.guard(Transition, targets_are_shown)
    hooks.guard(PostErased, reviews_stay)
    hooks.observe(Transition, follow_move)
    hooks.observe(RevisionSaved, follow_edit)
    hooks.observe(Transition, follow_withdrawal)
    hooks.filter(CarriedTexts, list_carried)
    hooks.observe(CaseActionTaken, do_action)
    hooks.observe(PublicationRefused, tell_of_refusal)
    hooks.filter(Compared, add_status)
    hooks.observe(RevisionSaved, follow_review)
    hooks.observe(ReviewOpened, follow_review)
    hooks.observe(ReviewDecided, follow_review)
    hooks.observe(ReviewWithdrawn, follow_review)
