"""A blocker stands in the way of submitting and of publishing, until it is mended or overridden."""

from collections.abc import AsyncIterator

from sqlalchemy import select

from cms.content.events import Inherited, PostErased, Transition
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.articles.kinds import is_of_reviewed
from plugins.medical_review.checks.findings import Finding
from plugins.medical_review.checks.models import Override
from plugins.medical_review.checks.results import checked, checked_and_kept
from plugins.medical_review.checks.rules import Rule, Severity
from plugins.medical_review.checks.standing_rules import State, state_of


def _is_asked(move: Transition) -> bool:
    """What was public before it came here is scanned, and stays public."""
    return not isinstance(move, Inherited) and (move.publishes or move.submits)


async def check_before(work: Work, move: Transition) -> None:
    """Have the text checked and the result kept, so that the guard, and whoever publishes the same
    text later, finds it there."""
    if _is_asked(move) and await is_of_reviewed(work, move):
        await checked_and_kept(work, move.post_id, move.revision_id)


async def blockers_stand(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """Each finding that blocks and that nobody has overridden for exactly this text."""
    if not _is_asked(move) or not await is_of_reviewed(work, move):
        return
    state = await state_of(work, move.post_id, move.revision_id)
    if state is None:
        return
    result, _ = await checked(work, state, move.post_id, move.revision_id)
    for finding in result.findings:
        if finding.severity is Severity.BLOCKER and finding.rule not in state.overridden:
            yield _objection(state, finding, move.post_id)


def _objection(state: State, finding: Finding, post_id: int) -> Objection:
    """The words of the rule. What the text says there is not repeated: it may name a patient."""
    rule = rules_of(state)[finding.rule]
    count = len(finding.spans)
    where = f" ({count} {'place' if count == 1 else 'places'})" if count else ""
    return Objection(
        f"check.{finding.rule}",
        f"{rule.title.en}{where}. {rule.explanation.en}",
        f"{rule.remedy.en} GET /api/v1/reviews/checks/{post_id} shows the places; somebody else "
        "may override the finding for this text with a signed justification.",
    )


def rules_of(state: State) -> dict[str, Rule]:
    """The rules of a state by their codes."""
    return {aimed.rule.code: aimed.rule for aimed in state.rules}


async def overrides_stay(work: ReadableWork, erased: PostErased) -> AsyncIterator[Objection]:
    """A text that somebody signed an override for is what that signature names."""
    found = await work.one(
        select(Override.id)
        .where(Override.tenant_id == work.tenant_id, Override.post_id == erased.post_id)
        .limit(1)
    )
    if found is not None:
        yield Objection(
            "check.evidence",
            "A finding in this text was overridden, and what a signature names is kept.",
            "Leave out 'force' to keep it in the bin, where readers do not find it.",
        )
