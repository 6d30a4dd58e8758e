"""Checking many posts by jobs, and the list of what was found in them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.declarations import Job
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import reviewed_types
from plugins.medical_review.checks.models import PostCheck, PostFinding
from plugins.medical_review.checks.people import MANAGE, person_of
from plugins.medical_review.checks.results import Result, checked_and_kept
from plugins.medical_review.checks.rules import Severity
from plugins.medical_review.checks.standing_rules import State

SCAN = "medical_review.scan_checks"
# A job holds its transaction for as long as it reads: some seconds at most.
IN_A_JOB, MOST_POSTS = 25, 10_000


async def scan(work: UnitOfWork, post_ids: Sequence[int]) -> int:
    """Check the text of each post that readers have (or would get, where they have none) and keep
    what is found; gives how many were checked. Posts of other types are passed by."""
    rows = await work.all(
        select(Post.id, Post.live_revision_id, Post.working_revision_id)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id.in_(list(post_ids)),
            Post.post_type.in_(reviewed_types(work)),
        )
        .order_by(Post.id)
    )
    for row in rows:
        await _scan_one(work, row.id, row.live_revision_id or row.working_revision_id or 0)
    return len(rows)


async def scan_soon(work: UnitOfWork, post_ids: Sequence[int]) -> int:
    """Have the posts scanned by jobs; gives how many there will be. InvalidInput for too many."""
    person_of(work, MANAGE, "check.scan")
    wanted = sorted(set(post_ids))
    if not 1 <= len(wanted) <= MOST_POSTS:
        raise InvalidInput({"post_ids": f"must be between 1 and {MOST_POSTS:,} posts"})
    chunks = [wanted[at : at + IN_A_JOB] for at in range(0, len(wanted), IN_A_JOB)]
    for chunk in chunks:
        await work.shop.enqueue(work, SCAN, {"post_ids": chunk})
    return len(chunks)


async def _scan_job(work: UnitOfWork, post_ids: list[int]) -> None:
    await scan(work, post_ids)


SCAN_JOBS = (Job(SCAN, _scan_job),)


async def _scan_one(work: UnitOfWork, post_id: int, revision_id: int) -> None:
    found = await checked_and_kept(work, post_id, revision_id)
    if found is None:
        return
    await _note(work, post_id, revision_id, *found)
    await work.execute(
        delete(PostFinding).where(
            PostFinding.tenant_id == work.tenant_id, PostFinding.post_id == post_id
        )
    )
    rows = _rows(work.tenant_id, post_id, found[1])
    if rows:
        await work.execute(insert(PostFinding), rows)


async def _note(
    work: UnitOfWork, post_id: int, revision_id: int, state: State, result: Result
) -> None:
    values = {
        "revision_id": revision_id,
        "content_hash": state.content_hash,
        "fingerprint": state.fingerprint,
        "rule_sets": list(result.rule_sets),
        "blockers": result.count(Severity.BLOCKER),
        "warnings": result.count(Severity.WARNING),
        "notes": result.count(Severity.NOTE),
        "checked_at": work.now,
    }
    statement = upsert(PostCheck).values(tenant_id=work.tenant_id, post_id=post_id, **values)
    await work.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "post_id"], set_=values)
    )


def _rows(tenant_id: int, post_id: int, result: Result) -> list[dict[str, object]]:
    """One row for each rule; of two findings of one rule the places are added."""
    rows: dict[str, dict[str, object]] = {}
    for finding in result.findings:
        places = len(finding.spans) or 1
        known = rows.get(finding.rule)
        if known is not None:
            places += int(str(known["places"]))
        rows[finding.rule] = {
            "tenant_id": tenant_id,
            "post_id": post_id,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "places": places,
        }
    return list(rows.values())


class ListedFinding(msgspec.Struct, frozen=True):
    """A rule that the last scan found broken in a post. `is_current`: the text that was scanned is
    still the one that readers have, or would get."""

    post_id: int
    title: str
    status: str
    rule: str
    severity: str
    places: int
    checked_at: datetime
    is_current: bool


_LISTED = text(
    """
    select f.post_id, r.title, p.status, f.rule, f.severity, f.places, c.checked_at,
           coalesce(p.live_revision_id, p.working_revision_id) = c.revision_id as is_current
    from medical_review.post_findings f
    join medical_review.post_checks c on c.tenant_id = f.tenant_id and c.post_id = f.post_id
    join cms.posts p on p.tenant_id = f.tenant_id and p.id = f.post_id
    join cms.revisions r
      on r.tenant_id = c.tenant_id and r.post_id = c.post_id and r.id = c.revision_id
    where f.tenant_id = :tenant and (f.post_id, f.rule) > (:post, :after_rule)
      and (cast(:rule as text) is null or f.rule = :rule)
      and (cast(:severity as text) is null or f.severity = :severity)
    order by f.post_id, f.rule
    limit :limit
    """
)


async def listed(
    work: ReadableWork,
    *,
    rule: str | None,
    severity: str | None,
    after: tuple[int, str],
    limit: int,
) -> list[ListedFinding]:
    """What scans have found, by post and rule; `after` is the last of the page before."""
    if severity is not None and severity not in set(Severity):
        listed_ = ", ".join(Severity)
        raise InvalidInput({"severity": f"{severity[:20]!r} must be one of {listed_}"})
    values = {
        "tenant": work.tenant_id,
        "post": after[0],
        "after_rule": after[1],
        "rule": rule,
        "severity": severity,
        "limit": limit,
    }
    return [ListedFinding(*row) for row in await work.all(_LISTED, values)]
