"""What a feed tells beside the texts: who answers for each, what readers are told of it, and every
correction and retraction as an entry of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from html import escape
from typing import Any, cast

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from cms.content.models import Post, Revision
from cms.content.permalinks import paths
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork
from cms.site.feeds import Entry, Feed, filed_under
from cms.site.sitemap import Listing
from plugins.medical_review.aftercare.amendments import AmendmentKind
from plugins.medical_review.aftercare.fields import signed_by
from plugins.medical_review.aftercare.models import Amendment
from plugins.medical_review.aftercare.public_notices import is_portuguese, rendered, said
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.signing.models import Signature
from plugins.professional_registry.bylines import Byline, bylines

_BESIDE = text(
    """
    select p.id, r.language, (r.parts -> :part ->> :responsible)::bigint as responsible,
           array(select n.kind from medical_review.public_notices n
                 where n.tenant_id = p.tenant_id and n.post_id = p.id
                   and n.lifted_at is null) as notices
    from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.live_revision_id
    where p.tenant_id = :tenant and p.id = any(:ids)
    """
)

_TITLES: Mapping[str, Mapping[str, str]] = {
    "pt": {
        AmendmentKind.CORRECTION: "Correção: {title}",
        AmendmentKind.RETRACTION: "Retratação: {title}",
        AmendmentKind.REINSTATEMENT: "Retratação retirada: {title}",
    },
    "en": {
        AmendmentKind.CORRECTION: "Correction: {title}",
        AmendmentKind.RETRACTION: "Retraction: {title}",
        AmendmentKind.REINSTATEMENT: "Retraction withdrawn: {title}",
    },
}


@dataclass(frozen=True)
class _Said:
    amendment: Amendment
    post: Post
    language: str
    signature: Signature

    @property
    def signer(self) -> str:
        return signed_by(self.signature.registration, self.signature.signer_name)


async def tell_in_feed(work: ReadableWork, feed: Feed) -> Feed:
    """The feed with what belongs to its reviewed texts; costs nothing for feeds of others."""
    types = [name for name in feed.types if is_reviewed(work, name)]
    if not types:
        return feed
    told = await _with_lines(work, feed.entries)
    amended = await _amended(work, feed, types) if feed.page == 1 else []
    entries = sorted([*told, *amended], key=lambda one: one.published, reverse=True)
    return replace(feed, entries=entries[: feed.limit])


async def _with_lines(work: ReadableWork, entries: Sequence[Entry]) -> list[Entry]:
    ids = [one.post_id for one in entries if is_reviewed(work, one.post_type)]
    if not ids:
        return list(entries)
    of = {"tenant": work.tenant_id, "ids": ids, "part": PART, "responsible": RESPONSIBLE}
    rows = {row.id: row for row in await work.all(_BESIDE, of)}
    people = sorted({row.responsible for row in rows.values() if row.responsible is not None})
    lines = await bylines(work, people) if people else {}
    return [_beside(one, rows.get(one.post_id), lines) for one in entries]


def _beside(entry: Entry, row: Any, lines: Mapping[int, Byline]) -> Entry:
    if row is None:
        return entry
    line = lines.get(row.responsible)
    note = rendered(said(row.notices, row.language), row.language) if row.notices else ""
    return replace(
        entry,
        contributors=(line.text,) if line else (),
        summary=note + entry.summary,
        content=note + entry.content if entry.content else "",
    )


async def _amended(work: ReadableWork, feed: Feed, types: Sequence[str]) -> list[Entry]:
    conditions = [
        Amendment.tenant_id == work.tenant_id,
        Post.post_type.in_(types),
        Post.status == Status.PUBLISH.value,
        Post.password == "",
    ]
    if feed.term_id is not None:
        conditions.append(Post.id.in_(filed_under(work, feed.term_id)))
    rows = await work.all(
        select(Amendment, Post, Revision.language, Signature)
        .join(
            Signature,
            (Signature.tenant_id == Amendment.tenant_id) & (Signature.id == Amendment.signature_id),
        )
        .join(Post, (Post.tenant_id == Amendment.tenant_id) & (Post.id == Amendment.post_id))
        .join(
            Revision,
            (Revision.tenant_id == Amendment.tenant_id) & (Revision.id == Amendment.revision_id),
        )
        .where(*conditions)
        .order_by(Amendment.made_at.desc(), Amendment.id.desc())
        .limit(feed.limit)
    )
    places = await paths(cast(UnitOfWork, work), [row[1] for row in rows]) if rows else {}
    return [_entry(_Said(*row), places[row[1].id]) for row in rows]


def _entry(one: _Said, path: str) -> Entry:
    made, spoken = one.amendment, "pt" if is_portuguese(one.language) else "en"
    words = [made.wrong, made.correct] if made.kind == AmendmentKind.CORRECTION else [made.reason]
    html = "".join(f"<p>{escape(part)}</p>" for part in words)
    at = made.made_at.astimezone(UTC)
    return Entry(
        path=f"{path}#{made.kind}-{made.id}",
        guid=f"/?p={one.post.id}#{made.kind}-{made.id}",
        title=_TITLES[spoken][made.kind].format(title=one.post.title),
        author=one.signer,
        published=at,
        modified=at,
        summary=html,
        content=html,
    )


async def leave_out_retracted(work: ReadableWork, listing: Listing) -> Listing:
    """Search engines are not led to a text that is retracted; its address stays."""
    return listing.where(Post.id.not_in(_retracted(work)))


def _retracted(work: ReadableWork) -> Any:
    is_not_corrected: ColumnElement[bool] = Amendment.kind != AmendmentKind.CORRECTION.value
    last = (
        select(Amendment.post_id, Amendment.kind)
        .ext(distinct_on(Amendment.post_id))
        .where(Amendment.tenant_id == work.tenant_id, is_not_corrected)
        .order_by(Amendment.post_id, Amendment.made_at.desc(), Amendment.id.desc())
        .subquery()
    )
    return select(last.c.post_id).where(last.c.kind == AmendmentKind.RETRACTION.value)
