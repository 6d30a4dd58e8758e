"""What the rules say of a text: found once for each content hash and state of the rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from cms.content.models import Revision
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.checks.engine import About, Reading, run
from plugins.medical_review.checks.findings import Finding
from plugins.medical_review.checks.medicines import Medicine, MedicineKind, Medicines
from plugins.medical_review.checks.models import CheckResult
from plugins.medical_review.checks.readability import Readability
from plugins.medical_review.checks.rules import Severity
from plugins.medical_review.checks.standing_rules import State, state_of
from plugins.medical_review.checks.text import Text, prepare

_NAMES = text(
    """
    select name, kind, substance, is_brand from medical_review.medicines
    where tenant_id = :tenant and list_id = :list and first_word = any(cast(:words as text[]))
    """
)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and by which versions of which rules. `not_checked`: councils of the author
    and of who answers for the text that have no rule set here."""

    rule_sets: tuple[str, ...]
    councils: tuple[str, ...]
    not_checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    readability: Readability | None
    checked_at: datetime

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


def text_of(revision: Revision) -> Text:
    """Everything of a revision that readers get to read."""
    medical = revision.parts.get(PART, {})
    lines = {"seo_title": "", "seo_description": ""}
    markup = {
        "title": revision.title,
        "excerpt": revision.excerpt,
        "content": revision.content,
        "medical_disclaimer": str(medical.get("medical_disclaimer") or ""),
    }
    return prepare(markup, {name: str(medical.get(name) or "") for name in lines})


def about_of(revision: Revision, medicines: Medicines) -> About:
    """What the rules may know beside the words."""
    medical: Mapping[str, Any] = revision.parts.get(PART, {})
    return About(revision.language, medical.get("target_audience"), medical, medicines)


async def medicines_in(work: ReadableWork, state: State, prepared: Text) -> Medicines:
    """The names of the tenant's list that may stand in the text: those whose first word does."""
    if state.medicine_list is None:
        return Medicines()
    values = {
        "tenant": work.tenant_id,
        "list": state.medicine_list,
        "words": list(prepared.index),
    }
    rows = await work.all(_NAMES, values)
    return Medicines(
        Medicine(row.name, MedicineKind(row.kind), row.substance, row.is_brand) for row in rows
    )


def judged(reading: Reading, state: State, now: datetime) -> Result:
    """Ask every rule of the state about the text."""
    return Result(
        rule_sets=tuple(one.name for one in state.sets),
        councils=state.councils,
        not_checked=state.not_checked,
        findings=run(reading, state.rules),
        readability=reading.readability,
        checked_at=now,
    )


async def checked(
    work: ReadableWork, state: State, post_id: int, revision_id: int
) -> tuple[Result, bool]:
    """What is to be said of a revision, and whether that was known already."""
    known = (state.results or {}).get(state.fingerprint.hex())
    if known is not None:
        return msgspec.convert(known, Result), True
    row = await work.one(
        select(Revision).where(
            Revision.tenant_id == work.tenant_id,
            Revision.post_id == post_id,
            Revision.id == revision_id,
        )
    )
    revision: Revision = row[0]
    prepared = text_of(revision)
    about = about_of(revision, await medicines_in(work, state, prepared))
    return judged(Reading(prepared, about), state, work.now), False


async def keep(work: Work, state: State, result: Result) -> None:
    """Keep a result for the next who asks. Two who find the same at once keep one."""
    await work.execute(
        insert(CheckResult)
        .values(
            tenant_id=work.tenant_id,
            content_hash=state.content_hash,
            fingerprint=state.fingerprint,
            body=msgspec.to_builtins(result),
            checked_at=work.now,
        )
        .on_conflict_do_nothing()
    )


async def checked_and_kept(
    work: Work, post_id: int, revision_id: int
) -> tuple[State, Result] | None:
    """State and result of a revision, kept from now on; None when its type is not reviewed."""
    state = await state_of(work, post_id, revision_id)
    if state is None:
        return None
    result, is_known = await checked(work, state, post_id, revision_id)
    if not is_known:
        await keep(work, state, result)
    return state, result
