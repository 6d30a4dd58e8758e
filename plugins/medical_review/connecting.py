"""When the plugin runs: each room's hooks, by the event that they wait for."""

from cms.content.draft import Draft
from cms.content.events import PostErased, RevisionSaved, Transition
from cms.kernel.hooks import Hooks
from plugins.medical_review.aftercare import connecting as aftercare
from plugins.medical_review.articles.parts import fit_for_medicine
from plugins.medical_review.reviewing.guards import may_go_on, reviews_stay
from plugins.medical_review.reviewing.renewing import renew_responsible
from plugins.medical_review.reviewing.reviews import follow_edit, follow_move


def connect(hooks: Hooks) -> None:
    """Each hook of the plugin."""
    aftercare.connect(hooks)
    hooks.filter(Draft, fit_for_medicine)
    hooks.prepare(Transition, renew_responsible)
    hooks.guard(Transition, may_go_on)
    hooks.guard(PostErased, reviews_stay)
    hooks.observe(Transition, follow_move)
    hooks.observe(RevisionSaved, follow_edit)
