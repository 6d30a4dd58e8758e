"""What this room hangs on the events and values of others."""

from cms.content.bodies import Beside, PostBody
from cms.content.events import Inherited, Transition
from cms.content.rendering import Rendered
from cms.kernel.hooks import LAST, Hooks
from cms.site.feeds import Feed
from cms.site.sitemap import Listing
from plugins.medical_review.aftercare import (
    announcing,
    case_texts,
    feed_entries,
    retracting,
    telling,
    upkeep,
)
from plugins.medical_review.aftercare.events import (
    ReviewEscalated,
    ReviewReminded,
    ReviewReopened,
)
from plugins.medical_review.aftercare.guards import approval_still_counts
from plugins.medical_review.aftercare.inherited import note_gone, note_inherited
from plugins.medical_review.aftercare.lost_licences import reopen_carried
from plugins.medical_review.aftercare.retracted_references import close_lifted, reopen_resting
from plugins.medical_review.references.events import ReferenceRetracted, RetractionLifted
from plugins.medical_review.reviewing.events import ReviewDecided
from plugins.professional_registry.carried import CarriedTexts, TextsAtOpening
from plugins.professional_registry.case_events import CaseActionTaken, CaseClosed, CaseOpened


def connect(hooks: Hooks) -> None:
    """Each hook of the room."""
    hooks.guard(Transition, approval_still_counts)
    hooks.guard(Transition, retracting.retracted_stays)
    hooks.observe(Transition, upkeep.follow_move)
    hooks.observe(ReviewDecided, upkeep.follow_decision)
    hooks.observe(Inherited, note_inherited)
    hooks.observe(Transition, note_gone)
    # After all others: what they add to the words of a retracted text is withdrawn with them.
    hooks.filter(Rendered, retracting.withdraw_words, order=LAST)
    hooks.filter(Feed, feed_entries.tell_in_feed)
    hooks.filter(Listing, feed_entries.leave_out_retracted)
    hooks.filter(Beside, retracting.withdraw_beside)
    hooks.filter(PostBody, retracting.silence_fields)
    hooks.observe(ReviewReminded, telling.tell_reminder)
    hooks.observe(ReviewReopened, telling.tell_reopening)
    hooks.observe(ReviewEscalated, telling.tell_escalation)
    announcing.connect(hooks)
    hooks.filter(CarriedTexts, case_texts.list_carried)
    hooks.filter(TextsAtOpening, case_texts.list_noted)
    hooks.observe(CaseActionTaken, case_texts.do_action)
    hooks.observe(CaseOpened, case_texts.note_texts)
    hooks.observe(CaseClosed, case_texts.lift_with_case)
    hooks.after_commit(CaseOpened, reopen_carried)
    hooks.after_commit(ReferenceRetracted, reopen_resting)
    hooks.observe(RetractionLifted, close_lifted)
