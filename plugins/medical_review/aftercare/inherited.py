"""Texts that were public before they came here, and that nobody has reviewed here yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text

from cms.content.permissions import require
from cms.content.reading import PostView
from cms.content.saving import IMPORTED
from cms.database.work import UnitOfWork
from plugins.medical_review.articles.kinds import PART, reviewed_types
from plugins.medical_review.reviewing.approvals import Course
from plugins.medical_review.reviewing.reading import may_oversee

NOTICE = "Published before this site had its texts reviewed; not yet reviewed here."

# What makes a wrong sentence do harm, and its weight. Patients act on doses; what is old, or names
# no source, is wrong more often.
RISKS: Mapping[str, int] = {
    "patient_data": 8,
    "doses": 4,
    "urgent": 3,
    "for_patients": 2,
    "no_references": 2,
    "older_than_two_years": 1,
}

_DOSES = r"\m\d+([.,]\d+)?\s?(mg|mcg|µg|g|ml|ui|gotas|comprimidos?)(/(kg|dia|h|ml))?\M"
_URGENT = (
    r"\m(emerg[eê]ncia|overdose|dose m[aá]xima|gestantes?|gravidez|beb[eê]s?|crian[cç]as?"
    r"|anticoagulantes?|quimioterapia|insulina|suic[ií]dio)\M"
)

_INHERITED = text(
    """
    with inherited as (
      select p.id as post_id, p.post_type, p.status, p.slug, r.id as revision_id, r.title,
             r.content_hash, p.date_gmt, p.modified_gmt, r.created_at,
             p.working_revision_id <> r.id as is_being_changed,
             r.parts -> :part as medical, r.title || ' ' || r.content as words
      from cms.posts p
      join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.live_revision_id
      where p.tenant_id = :tenant and p.post_type = any(:types) and r.kind = :kind
        and not exists (
          select from medical_review.decisions d
          where d.tenant_id = p.tenant_id and d.post_id = p.id
            and d.content_hash = r.content_hash and d.verdict = 'approve')
    ), judged as (
      select post_id, post_type, status, slug, revision_id, title, content_hash, date_gmt,
             modified_gmt, created_at, is_being_changed,
             array_remove(array[
               case when coalesce((medical ->> 'contains_patient_data')::boolean, false)
                    then 'patient_data' end,
               case when words ~* :doses then 'doses' end,
               case when words ~* :urgent then 'urgent' end,
               case when coalesce(medical ->> 'target_audience', 'patients') <> 'professionals'
                    then 'for_patients' end,
               case when coalesce(jsonb_array_length(medical -> 'scientific_references'), 0) = 0
                    then 'no_references' end,
               case when modified_gmt < cast(:two_years_ago as timestamptz)
                    then 'older_than_two_years' end
             ], null) as reasons
      from inherited
    ), weighed as (
      select j.*, (select coalesce(sum((cast(:weights as jsonb) ->> reason)::int), 0)
                   from unnest(j.reasons) as reason)::int as risk
      from judged j
    )
    select *, count(*) over () as total from weighed
    order by risk desc, modified_gmt, post_id
    limit :limit offset :offset
    """
)


class InheritedText(msgspec.Struct, frozen=True):
    """A live text that waits for its first review here; `reasons` are those of `risk`, and
    `is_being_changed` says that somebody has begun to work on it."""

    post_id: int
    post_type: str
    status: str
    slug: str
    revision_id: int
    title: str
    content_hash: str
    published_at: datetime | None
    modified_at: datetime
    imported_at: datetime
    is_being_changed: bool
    risk: int
    reasons: list[str]


async def listed(
    work: UnitOfWork, *, limit: int, offset: int = 0
) -> tuple[list[InheritedText], int]:
    """Inherited texts, those first whose mistakes would do most harm, and how many there are."""
    require(may_oversee(work), "review.list", "Sorry, you are not allowed to see the reviews.")
    values = {
        "tenant": work.tenant_id,
        "part": PART,
        "types": reviewed_types(work),
        "kind": IMPORTED,
        "doses": _DOSES,
        "urgent": _URGENT,
        "two_years_ago": work.now.replace(year=work.now.year - 2, day=min(work.now.day, 28)),
        "weights": msgspec.json.encode(RISKS).decode(),
        "limit": limit,
        "offset": offset,
    }
    rows = await work.all(_INHERITED, values)
    return [_of(row) for row in rows], rows[0].total if rows else 0


def _of(row: Any) -> InheritedText:
    return InheritedText(
        row.post_id,
        row.post_type,
        row.status,
        row.slug,
        row.revision_id,
        row.title,
        row.content_hash.hex(),
        row.date_gmt,
        row.modified_gmt,
        row.created_at,
        row.is_being_changed,
        row.risk,
        list(row.reasons),
    )


def inherited_mark(view: PostView, course: Course) -> dict[str, Any] | None:
    """What readers are told of a text that nobody has reviewed here; null for every other."""
    revision = view.revision
    if not view.is_live or revision.kind != IMPORTED or course.approval(revision.content_hash):
        return None
    return {"reviewed": False, "notice": NOTICE}


def next_offset(limit: int, offset: int, total: int) -> int | None:
    """The offset of the next page, if there is one."""
    return offset + limit if offset + limit < total else None
