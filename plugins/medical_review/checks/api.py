"""/api/v1/reviews/checks: what the rules say of texts, overrides, scans."""

import msgspec

from cms.api.routing import get, post
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.checks import overriding, reading, scanning
from plugins.medical_review.checks.presenting import ChecksOut, OverrideOut
from plugins.medical_review.checks.reading import Unsaved
from plugins.medical_review.checks.scanning import ListedFinding
from plugins.medical_review.reviewing.reading import may_oversee

MOST = 100


class OverrideIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rule whose finding may pass, the SHA-256 of the text that was read, and why."""

    rule: str
    content_hash: str
    justification: str


class ScanIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Posts to be checked by jobs."""

    post_ids: list[int]


class ScanOut(msgspec.Struct, frozen=True):
    """How many jobs were queued."""

    jobs: int


class ListedOut(msgspec.Struct, frozen=True):
    """A page of findings; `next` is the value of `after` that continues it."""

    findings: list[ListedFinding]
    next: str | None


@post("/checks", action="check.run", resource="check", status_code=200)
async def check_text(data: Unsaved, work: UnitOfWork) -> ChecksOut:
    """Check a text while it is being written. Nothing of it is kept."""
    return await reading.check_text(work, data)


@get("/checks/{post_id:int}", action="check.read", resource="check")
async def check_post(post_id: int, work: UnitOfWork) -> ChecksOut:
    """Check the working text of a post."""
    return await reading.check_post(work, post_id)


@get("/checks/{post_id:int}/overrides", action="check.read", resource="check")
async def list_overrides(post_id: int, work: UnitOfWork) -> list[OverrideOut]:
    """Every finding that was let pass in any text of the post, by whom and why."""
    return await reading.history(work, post_id)


@post("/checks/{post_id:int}/overrides", action="check.override", resource="check", status_code=201)
async def override(post_id: int, data: OverrideIn, work: UnitOfWork) -> OverrideOut:
    """Let a finding pass in exactly the text with this hash. It is signed."""
    return OverrideOut.of(
        await overriding.override(work, post_id, data.rule, data.content_hash, data.justification)
    )


@post("/checks/scans", action="check.scan", resource="check", status_code=202)
async def scan(data: ScanIn, work: UnitOfWork) -> ScanOut:
    """Have the texts that readers have of these posts checked by jobs."""
    return ScanOut(await scanning.scan_soon(work, data.post_ids))


@get("/checks/findings", action="check.list", resource="check")
async def list_findings(
    work: UnitOfWork,
    rule: str | None = None,
    severity: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> ListedOut:
    """What scans have found, by post and rule."""
    require(may_oversee(work), "check.list", "Sorry, you are not allowed to see the findings.")
    if not 1 <= limit <= MOST:
        raise InvalidInput({"limit": f"{limit} must be between 1 and {MOST}"})
    found = await scanning.listed(
        work, rule=rule, severity=severity, after=_place(after), limit=limit
    )
    more = f"{found[-1].post_id}:{found[-1].rule}" if len(found) == limit else None
    return ListedOut(found, more)


def _place(after: str | None) -> tuple[int, str]:
    number, _, rule = (after or "0:").partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 19) or len(rule) > 100:
        raise InvalidInput({"after": "must be the value of `next` of the page before"})
    return int(number), rule


routes = [check_text, check_post, list_overrides, override, scan, list_findings]
