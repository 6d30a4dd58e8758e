"""Never a silent block: who has the right may let a finding pass, for exactly one text, by name."""

import re
from dataclasses import dataclass

from sqlalchemy import select, text

from cms.content import posts
from cms.database.work import UnitOfWork
from cms.errors import Conflict, Forbidden, InvalidInput, NotFound
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.checks.events import FindingOverridden
from plugins.medical_review.checks.findings import Finding
from plugins.medical_review.checks.models import Override
from plugins.medical_review.checks.people import OVERRIDE, person_of
from plugins.medical_review.checks.results import checked_and_kept
from plugins.medical_review.checks.standing_rules import State
from plugins.medical_review.reviewing.reading import facts
from plugins.medical_review.signing.signing import About, sign

ACTION = "check.override"
KIND = "override"
# One of the meanings of 21 CFR 11.50: she answers for letting it pass.
MEANING = "responsibility"
SHORTEST, LONGEST = 20, 5000

_HASH = re.compile(r"[0-9a-f]{64}")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# Whoever wrote or changed any revision of the post has a part in what the finding is about.
_PARTS = text(
    """
    select coalesce(bool_or(r.author_id = :person or r.editor_id = :person), false) as wrote,
           coalesce(bool_or(r.id = :revision
             and (r.parts -> cast(:part as text) ->> cast(:responsible as text))::bigint = :person),
             false) as answers
    from cms.revisions r where r.tenant_id = :tenant and r.post_id = :post
    """
)


class OwnFinding(Forbidden):
    """Nobody lets a finding pass in a text of her own."""

    slug = "own-text"


async def override(
    work: UnitOfWork, post_id: int, rule: str, content_hash: str, justification: str
) -> Override:
    """Let the finding of a rule pass in the working text, if it is the one with this SHA-256.

    Raises OwnFinding, Conflict when the text is another by now or the finding was overridden
    already, NotFound without such a finding; InvalidInput names every fault; `sign` may ask for a
    fresh sign-in or a stronger signature.
    """
    person = person_of(work, OVERRIDE, ACTION)
    post = await posts.lock(work, post_id)
    revision_id = post.working_revision_id or 0
    said, digest = _read(justification, content_hash)
    found = await checked_and_kept(work, post.id, revision_id)
    if found is None:
        raise NotFound("reviewed post", post_id)
    await work.decide(ACTION, "check", post.id, facts(post))
    await _refuse_own(work, post.id, revision_id, person)
    state, result = found
    _refuse_stale(state, digest)
    finding = next((one for one in result.findings if one.rule == rule), None)
    if finding is None:
        raise NotFound("finding of the rule", rule[:60])
    if rule in state.overridden:
        raise Conflict("This finding was overridden for this text already.", rule=rule)
    return await _signed(work, _Text(post.id, revision_id, digest), finding, said, person)


async def overrides_of(work: ReadableWork, post_id: int) -> list[Override]:
    """Every override in any text of the post, the newest first."""
    rows = await work.all(
        select(Override)
        .where(Override.tenant_id == work.tenant_id, Override.post_id == post_id)
        .order_by(Override.id.desc())
    )
    return [row[0] for row in rows]


def _read(justification: str, content_hash: str) -> tuple[str, str]:
    said, digest = justification.strip(), content_hash.strip().lower()
    faults: dict[str, str] = {}
    if not SHORTEST <= len(said) <= LONGEST or _UNSTORABLE.search(said):
        faults["justification"] = (
            f"must say why in {SHORTEST} to {LONGEST} characters of plain text: it is signed"
        )
    if not _HASH.fullmatch(digest):
        faults["content_hash"] = (
            "must be the SHA-256 of the text you have read, 64 hexadecimal digits; the checks of "
            "the post show it as content_hash"
        )
    if faults:
        raise InvalidInput(faults)
    return said, digest


async def _refuse_own(work: ReadableWork, post_id: int, revision_id: int, person: int) -> None:
    row = await work.one(
        _PARTS,
        {
            "tenant": work.tenant_id,
            "post": post_id,
            "revision": revision_id,
            "person": person,
            "part": PART,
            "responsible": RESPONSIBLE,
        },
    )
    if row.wrote or row.answers:
        raise OwnFinding(
            "You have written, changed or answer for this text; somebody else has to judge what "
            "the checks found in it.",
            action=ACTION,
        )


def _refuse_stale(state: State, digest: str) -> None:
    current = state.content_hash.hex() if state.content_hash else ""
    if digest != current:
        raise Conflict(
            f"The text was changed: you have read {digest[:12]}…, it is {current[:12]}… now. "
            "Read the checks of the post again.",
            code="check.stale",
        )


@dataclass(frozen=True)
class _Text:
    post_id: int
    revision_id: int
    digest: str


async def _signed(
    work: UnitOfWork, about: _Text, finding: Finding, said: str, person: int
) -> Override:
    statement = {
        "post": about.post_id,
        "rule": finding.rule,
        "rule_set": finding.rule_set,
        "severity": finding.severity.value,
        "justification": said,
    }
    number = await work.next_id("check_override")
    content_hash = bytes.fromhex(about.digest)
    signature = await sign(work, About(KIND, number), statement, content_hash, MEANING)
    row = Override(
        tenant_id=work.tenant_id,
        id=number,
        post_id=about.post_id,
        revision_id=about.revision_id,
        content_hash=content_hash,
        rule=finding.rule,
        rule_set=finding.rule_set,
        severity=finding.severity.value,
        justification=said,
        signature_id=signature.id,
        overridden_by=person,
        overridden_at=work.now,
    )
    work.session.add(row)
    await work.emit(
        FindingOverridden(
            override_id=number,
            post_id=about.post_id,
            revision_id=about.revision_id,
            content_hash=about.digest,
            rule=finding.rule,
            severity=finding.severity,
            signature_id=signature.id,
        )
    )
    return row
