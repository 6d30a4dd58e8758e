"""The hooks of the texts themselves: their fields, their heads, what they take along."""

from cms.admin.offering import PeopleOffered
from cms.content.draft import Draft
from cms.content.events import PublicationRefused, RevisionSaved, Transition
from cms.fields.indexing import Compared
from cms.kernel.hooks import Hooks
from plugins.medical_review.articles.answering import offer_professionals
from plugins.medical_review.articles.listing import add_status, follow_review
from plugins.medical_review.articles.media import note_files
from plugins.medical_review.publishing.alerts import tell_of_refusal
from plugins.medical_review.publishing.guard import targets_are_shown
from plugins.medical_review.rebasing.hotfix import follow_withdrawal
from plugins.medical_review.reviewing.events import ReviewDecided, ReviewOpened, ReviewWithdrawn


def connect(hooks: Hooks) -> None:
    """Those that stand beside `fit_for_medicine`, and after it."""
    hooks.filter(Draft, note_files)
    hooks.guard(Transition, targets_are_shown)
    hooks.observe(Transition, follow_withdrawal)
    hooks.observe(PublicationRefused, tell_of_refusal)
    hooks.filter(Compared, add_status)
    hooks.filter(PeopleOffered, offer_professionals)
    hooks.observe(RevisionSaved, follow_review)
    hooks.observe(ReviewOpened, follow_review)
    hooks.observe(ReviewDecided, follow_review)
    hooks.observe(ReviewWithdrawn, follow_review)
