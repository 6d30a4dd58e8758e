"""What is known of a page of texts after publication, in one statement for all its fields."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import text

from cms.content.reading import PostView
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.page_facts import once_for_a_page

_KNOWN = text(
    """
    select w.id,
      (select jsonb_build_object('hash', encode(u.content_hash, 'hex'), 'due_on', u.due_on)
       from medical_review.upkeep u
       where u.tenant_id = :tenant and u.post_id = w.id and u.is_live) as upkeep,
      (select jsonb_agg(jsonb_build_object('kind', n.kind, 'at', n.placed_at) order by n.placed_at)
       from medical_review.public_notices n
       where n.tenant_id = :tenant and n.post_id = w.id and n.lifted_at is null) as notices,
      (select jsonb_agg(jsonb_build_object('revision', v.revision_id,
         'hash', encode(v.content_hash, 'hex'), 'at', v.published_at, 'inherited', v.is_inherited)
         order by v.published_at, v.id)
       from medical_review.publications v
       where v.tenant_id = :tenant and v.post_id = w.id) as versions,
      (select jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'wrong', a.wrong,
         'right', a.correct, 'reason', a.reason, 'at', a.made_at,
         'hash', encode(a.content_hash, 'hex'), 'signer', s.signer_name,
         'registration', s.registration, 'signature', s.id)
         order by a.made_at, a.id)
       from medical_review.amendments a
       join medical_review.signatures s on s.tenant_id = a.tenant_id and s.id = a.signature_id
       where a.tenant_id = :tenant and a.post_id = w.id) as amendments,
      (select jsonb_agg(t.name order by t.name)
       from cms.term_relationships f
       join cms.terms t on t.tenant_id = f.tenant_id and t.id = f.term_id
       where f.tenant_id = :tenant and f.post_id = w.id and t.taxonomy = 'category'
      ) as specialties
    from unnest(cast(:ids as bigint[])) as w(id)
    """
)


@dataclass(frozen=True)
class Known:
    """Of one text: its next review with the hash that it is of, notices, versions, and what was
    said of it since."""

    due: date | None = None
    due_hash: str = ""
    notices: Sequence[dict[str, Any]] = field(default_factory=tuple)
    versions: Sequence[dict[str, Any]] = field(default_factory=tuple)
    amendments: Sequence[dict[str, Any]] = field(default_factory=tuple)
    specialties: Sequence[str] = field(default_factory=tuple)

    @property
    def corrections(self) -> list[dict[str, Any]]:
        return [one for one in self.amendments if one["kind"] == "correction"]

    @property
    def retraction(self) -> dict[str, Any] | None:
        """The one that holds now."""
        others = [one for one in self.amendments if one["kind"] != "correction"]
        return others[-1] if others and others[-1]["kind"] == "retraction" else None


@once_for_a_page
async def known_of(work: ReadableWork, views: Sequence[PostView]) -> dict[int, Known]:
    """What is known of the posts of a page."""
    of = {"tenant": work.tenant_id, "ids": [view.id for view in views]}
    return {row.id: _known(row) for row in await work.all(_KNOWN, of)}


def _known(row: Any) -> Known:
    upkeep = row.upkeep or {}
    due = upkeep.get("due_on")
    return Known(
        date.fromisoformat(due) if due else None,
        upkeep.get("hash", ""),
        row.notices or (),
        row.versions or (),
        row.amendments or (),
        row.specialties or (),
    )
