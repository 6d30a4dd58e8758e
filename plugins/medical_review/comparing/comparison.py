"""Everything that differs between two revisions of a post, with the names that people know."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, select

from cms.content import posts
from cms.content.attachments import MEDIA
from cms.content.models import Post, Revision, Term
from cms.content.rendering import aside
from cms.database.work import UnitOfWork
from cms.fields.history import differences
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.comparing.diff import Change, FieldChanges, diff
from plugins.medical_review.comparing.lists import (
    MediaChange,
    ReferenceChange,
    media_changes,
    pictures,
    reference_changes,
)
from plugins.medical_review.comparing.structure import BlockChange, compared, flat
from plugins.medical_review.comparing.words import tokens
from plugins.medical_review.references.entries import LISTED_IN
from plugins.medical_review.reviewing.names import names_of

# What is told by lists of its own.
_ELSEWHERE = ("content", "featured_media", f"{PART}.{LISTED_IN}")


class Side(msgspec.Struct, frozen=True):
    """One of the two revisions, and who saved it."""

    revision_id: int
    content_hash: str
    saved_at: datetime
    editor_id: int
    editor: str


class TermName(msgspec.Struct, frozen=True):
    """A term as people know it; the name of one that was deleted is null."""

    id: int
    name: str | None


class TermChange(msgspec.Struct, frozen=True):
    """What a text is filed under now and was not, and the other way round."""

    taxonomy: str
    label: str
    added: tuple[TermName, ...]
    removed: tuple[TermName, ...]


class Totals(msgspec.Struct, frozen=True):
    """How much differs: blocks by what happened to them, and words of the text."""

    blocks_inserted: int
    blocks_deleted: int
    blocks_changed: int
    blocks_moved: int
    words_inserted: int
    words_deleted: int


class Comparison(msgspec.Struct, frozen=True):
    """Two revisions; `blocks` is the whole text in the order of the newer one, with what stayed."""

    post_id: int
    language: str
    before: Side
    after: Side
    is_same: bool
    totals: Totals
    blocks: tuple[BlockChange, ...]
    fields: tuple[FieldChanges, ...]
    terms: tuple[TermChange, ...]
    references: tuple[ReferenceChange, ...]
    media: tuple[MediaChange, ...]


async def compare(
    work: UnitOfWork, post: Post, before_id: int | None, after_id: int | None
) -> Comparison:
    """Any two revisions of the post. Without a second one the working text is meant, without a
    first one the text that readers have, else the one that the second was made from."""
    after = await posts.revision(work, post.id, after_id or post.working_revision_id or 0)
    before = await posts.revision(work, post.id, before_id or _usual_base(post, after))
    fields = await differences(work, before.parts, after.parts)
    size = len(before.content) + len(after.content)
    blocks = await aside(size, compared, before.content, after.content)
    people = await names_of(work, {before.editor_id, after.editor_id})
    return Comparison(
        post_id=post.id,
        language=after.language,
        before=_side(before, people),
        after=_side(after, people),
        is_same=before.content_hash == after.content_hash,
        totals=_totals(blocks),
        blocks=blocks,
        fields=tuple(_fields(work, post, diff(before, after, fields, _ELSEWHERE))),
        terms=await _terms(work, before, after),
        references=tuple(reference_changes(before, after)),
        media=await _media(work, before, after),
    )


def _usual_base(post: Post, after: Revision) -> int:
    live = post.live_revision_id
    base = live if live not in {None, after.id} else after.base_revision_id
    return base or after.id


def _side(revision: Revision, people: dict[int, str]) -> Side:
    return Side(
        revision.id,
        revision.content_hash.hex(),
        revision.created_at,
        revision.editor_id,
        people.get(revision.editor_id, ""),
    )


def _fields(
    work: UnitOfWork, post: Post, changes: Iterable[FieldChanges]
) -> Iterable[FieldChanges]:
    """What is no list of its own. Of a sensitive key it is told that it changed, and not how."""
    keys = work.registry.meta_keys(post.post_type)
    sealed = {f"meta.{key.name}" for key in keys if key.is_sensitive}
    for one in changes:
        if one.field in sealed:
            yield FieldChanges(one.field, (Change("replace"),), one.label)
        elif not one.field.startswith("terms."):
            yield one


async def _terms(work: UnitOfWork, before: Revision, after: Revision) -> tuple[TermChange, ...]:
    both = {**before.terms, **after.terms}
    sides = {
        name: (set(before.terms.get(name, ())), set(after.terms.get(name, ()))) for name in both
    }
    differing = {name: side for name, side in sides.items() if side[0] != side[1]}
    if not differing:
        return ()
    wanted = set().union(*(old ^ new for old, new in differing.values()))
    rows = await work.all(
        select(Term.id, Term.name).where(Term.tenant_id == work.tenant_id, Term.id.in_(wanted))
    )
    names = {row.id: row.name for row in rows}
    return tuple(
        TermChange(
            taxonomy,
            work.registry.taxonomies[taxonomy].label
            if taxonomy in work.registry.taxonomies
            else taxonomy,
            tuple(TermName(one, names.get(one)) for one in sorted(new - old)),
            tuple(TermName(one, names.get(one)) for one in sorted(old - new)),
        )
        for taxonomy, (old, new) in sorted(differing.items())
    )


async def _media(work: UnitOfWork, before: Revision, after: Revision) -> tuple[MediaChange, ...]:
    changes = list(media_changes(pictures(before), pictures(after)))
    ids = {one.media_id for one in changes if one.media_id}
    known = await _files(work, ids) if ids else {}
    return tuple(
        msgspec.structs.replace(one, title=known[one.media_id][0], sha256=known[one.media_id][1])
        if one.media_id in known
        else one
        for one in changes
    )


async def _files(work: UnitOfWork, ids: set[int]) -> dict[int | None, tuple[str, str]]:
    """Title and hash of the file of each; what an attachment is never changes its file."""
    rows: Sequence[Any] = await work.all(
        select(Post.id, Post.title, Revision.parts)
        .join(
            Revision,
            and_(
                Revision.tenant_id == Post.tenant_id,
                Revision.id == Post.working_revision_id,
            ),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id.in_(ids),
            Post.post_type == posts.ATTACHMENT,
        )
    )
    return {row.id: (row.title, row.parts.get(MEDIA, {}).get("sha256", "")) for row in rows}


def _totals(blocks: Sequence[BlockChange]) -> Totals:
    ops = [one.op for one in flat(blocks)]
    changed = [one for one in flat(blocks) if one.op in {"change", "move"}]
    words = [word for one in changed for word in one.words if word.op != "equal"]
    new = [one.html for one in flat(blocks) if one.op == "insert"]
    gone = [one.html for one in flat(blocks) if one.op == "delete"]
    return Totals(
        ops.count("insert"),
        ops.count("delete"),
        ops.count("change"),
        ops.count("move"),
        sum(_count(text) for text in [*new, *(word.after for word in words)]),
        sum(_count(text) for text in [*gone, *(word.before for word in words)]),
    )


def _count(text: str | None) -> int:
    found = (one.strip() for one in tokens(text or ""))
    return sum(not one.startswith("<") and any(map(str.isalnum, one)) for one in found)
