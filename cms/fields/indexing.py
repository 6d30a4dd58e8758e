"""What lists of posts filter and sort by, written with the revision that it comes from.

One statement replaces the rows of a post, those of what readers get and those of the working head:
once, last before the commit, however often it changed. It runs only where something is marked
`filterable`, or has an argument of lists, and may have changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import and_, or_, select, text

from cms.content import indexing, posts
from cms.content.events import (
    HeadSetAside,
    HeadTakenUp,
    PropertiesChanged,
    RevisionSaved,
    Transition,
)
from cms.content.indexing import FoundBy
from cms.content.models import Post, Revision
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.events import FieldGroupRemoved, FieldGroupSaved
from cms.fields.field import Field
from cms.fields.kinds import POST, Kind
from cms.fields.marks import have_changed, words_of
from cms.fields.plans import possible
from cms.fields.site_fields import SiteFields
from cms.fields.values import GROUPS_PART, PART, is_kept_elsewhere, values_in
from cms.jobs.queue import enqueue, enqueue_at
from cms.kernel.declarations import Job, RestField
from cms.kernel.hooks import Hooks
from cms.kernel.work import ReadableWork, Work
from cms.sealing.values import is_sealed
from cms.tenancy.directory import REMEMBER_SECONDS

INDEX_FIELDS = "index_fields"
# So many posts in one transaction; the rest goes on in a job of its own.
BATCH = 100
LONGEST = 500
"""Characters of a text that are compared: a page of an index holds no longer ones."""

# Until then another process may still save posts by the group as it was.
_UNTIL_KNOWN = timedelta(seconds=REMEMBER_SECONDS + 5)

Comparable = str | float | datetime
Values = tuple[tuple[str, Comparable], ...]


@dataclass(frozen=True)
class Compared:
    """What lists may find a post by: path and value, for each of its `revisions` (what readers get
    of it, and the working head). Filters of this class add what is computed, such as a state."""

    post: Post
    revisions: Sequence[Revision]
    values: Sequence[Values]


_REPLACE = text(
    """
    with given as (
      select * from unnest(
        cast(:post_ids as bigint[]), cast(:lives as boolean[]), cast(:fields as text[]),
        cast(:positions as integer[]), cast(:shelves as text[]), cast(:dates as timestamp[]),
        cast(:texts as text[]), cast(:numbers as double precision[]),
        cast(:moments as timestamptz[])
      ) as given (post_id, is_live, field, position, shelf, date_local, text_value, number_value,
                  moment_value)
    ), gone as (
      delete from cms.field_index as old
      where old.tenant_id = :tenant and old.post_id = any(cast(:replaced as bigint[]))
        and not exists (
          select from given where given.post_id = old.post_id and given.is_live = old.is_live
            and given.field = old.field and given.position = old.position
        )
    )
    insert into cms.field_index as old (tenant_id, post_id, is_live, field, position, shelf,
                                        date_local, text_value, number_value, moment_value)
    select :tenant, given.* from given
    on conflict (tenant_id, post_id, is_live, field, position) do update
      set shelf = excluded.shelf, date_local = excluded.date_local,
          text_value = excluded.text_value, number_value = excluded.number_value,
          moment_value = excluded.moment_value
      where (old.shelf, old.date_local, old.text_value, old.number_value, old.moment_value)
        is distinct from (excluded.shelf, excluded.date_local, excluded.text_value,
                          excluded.number_value, excluded.moment_value)
    """
)


def open_shelf(post_type: str) -> str:
    """Where published posts stand that everybody may read."""
    return post_type


def closed_shelf(post_type: str) -> str:
    """Where all others stand, by what readers get of them."""
    return f"{post_type}:closed"


def working_shelf(post_type: str) -> str:
    """Where all stand by their working heads."""
    return f"{post_type}:working"


# -- with the revision


async def follow_revision(work: Work, event: RevisionSaved) -> None:
    """Keep what the new working head is filtered by. One that changes no field costs nothing."""
    if event.before is None or "parts" in (event.after or {}):
        await _follow(work, event.post_id, is_changed=event.before is not None)


async def follow_post(
    work: Work, event: Transition | PropertiesChanged | HeadSetAside | HeadTakenUp
) -> None:
    """Readers may get another revision now, or another post: a status, a password, a date; or
    those who edit it."""
    await _follow(work, event.post_id, is_changed=False)


async def _follow(work: Work, post_id: int, *, is_changed: bool) -> None:
    whole = cast(UnitOfWork, work)
    site = fields_of_site(work)
    post = await posts.get(whole, post_id)
    if site.marked.filterable and _may_have_marked(whole, site, post.post_type):
        _index_later(whole, post, is_changed=is_changed)
    elif _has_arguments(whole, post.post_type):
        _index_later(whole, post, is_changed=False)


async def index_again(work: Work, post_id: int) -> None:
    """Before the commit, once, write anew what the post is found by: for whoever changes something
    that stands in its rows and is no revision, such as a state. Posts of types without arguments of
    their own are left alone."""
    whole = cast(UnitOfWork, work)
    post = await posts.get(whole, post_id)
    if _has_arguments(whole, post.post_type):
        _index_later(whole, post, is_changed=False)


def _has_arguments(work: UnitOfWork, post_type: str) -> bool:
    """Whether lists of this type can be filtered by REST fields."""
    return any(one.argument for one in work.registry.rest_fields(post_type))


def _index_later(work: UnitOfWork, post: Post, *, is_changed: bool) -> None:
    changed = work.session.info.setdefault("indexed posts", {})
    changed[post.id] = is_changed or changed.get(post.id, False)
    # Held until then, so that it is not read once more.
    work.before_commit(f"index fields of post {post.id}", partial(_index, work, post))


async def _index(work: UnitOfWork, post: Post) -> None:
    if post not in work.session:
        return  # deleted for good since
    rows = await _rows(work, fields_of_site(work), post, await _shown(work, post))
    if rows or work.session.info["indexed posts"][post.id]:
        await _write(work, [post.id], rows)


def _may_have_marked(work: UnitOfWork, site: SiteFields, post_type: str) -> bool:
    """Whether any marked field may be one of posts of this type: mostly none is, and then nothing
    is asked. Where a group applied before, the job that follows it has taken the rows out."""
    groups = possible(work, Kind(POST, post_type)).groups
    return any(one.key in site.marked.filterable for group in groups for one in group.fields)


async def _shown(work: UnitOfWork, post: Post) -> list[Revision]:
    """The revision that readers get, and the working head."""
    ids = (post.live_revision_id or post.working_revision_id, post.working_revision_id)
    return [await posts.revision(work, post.id, one) for one in ids if one is not None]


Row = tuple[int, bool, str, int, str, datetime, str | None, float | None, datetime | None]


async def _rows(
    work: UnitOfWork, site: SiteFields, post: Post, shown: Sequence[Revision]
) -> list[Row]:
    attributes = [one for one in work.registry.rest_fields(post.post_type) if one.argument]
    values = [
        (*comparables(site, revision), *_attributes(attributes, revision)) for revision in shown
    ]
    return list(_placed(await work.shape(Compared(post, shown, values))))


def _placed(found: Compared) -> Iterator[Row]:
    """The rows of what readers get, and then of the working head."""
    post = found.post
    is_open = Status(post.status) is Status.PUBLISH and not post.password
    live = open_shelf(post.post_type) if is_open else closed_shelf(post.post_type)
    shelves = (live, working_shelf(post.post_type))
    for values, is_live, shelf in zip(found.values, (True, False), shelves, strict=False):
        places: dict[str, int] = {}
        for path, value in dict.fromkeys(values):
            places[path] = places.get(path, -1) + 1
            where = (post.id, is_live, path, places[path], shelf, post.date_local)
            yield (*where, *_columns(value))


def comparables(site: SiteFields, revision: Revision) -> Iterator[tuple[str, Comparable]]:
    """What a revision can be filtered by: path and value, of marked fields only."""
    for one, kept in _values(site, revision):
        paths = site.marked.filterable.get(one.key, frozenset())
        for path, value in site.types[one.type].indexed(one, kept, site.types) if paths else ():
            if path in paths:
                yield path, value[:LONGEST] if isinstance(value, str) else value


def _attributes(
    fields: Sequence[RestField], revision: Revision
) -> Iterator[tuple[str, Comparable]]:
    """The values of REST fields that lists can be filtered by and that live in a part."""
    for one in fields:
        if one.part is not None:
            kept = revision.parts.get(one.part, {}).get(one.name, one.unset)
            for value in kept if isinstance(kept, list) else [kept]:
                if value is not None:
                    yield one.index_path, comparable(value)


def comparable(value: str | float | bool) -> Comparable:
    """What stands in the index for the value of a REST field: a yes and a no are words."""
    if isinstance(value, bool):
        return str(value).lower()
    return value[:LONGEST] if isinstance(value, str) else float(value)


def _values(site: SiteFields, revision: Revision) -> Iterator[tuple[Field, Any]]:
    """The marked fields that the revision has values of, wherever those are kept."""
    marks = site.marked
    for entry in revision.parts.get(PART, {}).values():
        key = entry["key"]
        if key in marks.filterable or key in marks.searchable:
            one, _ = site.field_by_key[key]
            if not is_kept_elsewhere(one, revision.parts) and not is_sealed(entry["value"]):
                yield one, entry["value"]
    for one in marks.sourced:
        found = values_in(revision.parts, [one])
        if is_kept_elsewhere(one, revision.parts) and one.name in found:
            yield one, found[one.name]


def _columns(value: Comparable) -> tuple[str | None, float | None, datetime | None]:
    if isinstance(value, str):
        return value, None, None
    return (None, None, value) if isinstance(value, datetime) else (None, float(value), None)


async def _write(work: UnitOfWork, replaced: Sequence[int], rows: Sequence[Row]) -> None:
    names = ("post_ids", "lives", "fields", "positions", "shelves", "dates", "texts", "numbers",
             "moments")  # fmt: skip
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    await work.execute(
        _REPLACE,
        {
            "tenant": work.tenant_id,
            "replaced": list(replaced),
            **dict(zip(names, columns, strict=True)),
        },
    )


# -- words


async def add_words(work: ReadableWork, found_by: FoundBy) -> FoundBy:
    """Let the search find a post by the words of its searchable fields."""
    site = fields_of_site(work)
    if not site.marked.searchable:
        return found_by
    words = tuple(
        word
        for one, kept in _values(site, found_by.revision)
        if one.key in site.marked.searchable
        for word in words_of(one, kept, site.types)
    )
    return replace(found_by, texts=(*found_by.texts, *words))


# -- when a group changes


async def follow_group(work: Work, event: FieldGroupSaved | FieldGroupRemoved) -> None:
    """Index the posts of a group again when what it marks has changed."""
    before, after = event.before or {}, event.after or {}
    key = after.get("key") or before.get("key")
    if key and (isinstance(event, FieldGroupRemoved) or have_changed(before, after)):
        whole, args = cast(UnitOfWork, work), {"group": str(key)}
        later = partial(enqueue_at, whole, INDEX_FIELDS, args, work.now + _UNTIL_KNOWN)
        work.before_commit(f"index fields: {key}", later)


async def index_fields(work: UnitOfWork, group: str, after: int = 0) -> None:
    """Index a batch of the posts again that have values of this group."""
    rows = await work.all(
        select(Post.id)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.post_id == Post.id))
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id > after,
            or_(Revision.id == Post.live_revision_id, Revision.id == Post.working_revision_id),
            or_(*_with_values_of(fields_of_site(work), group)),
        )
        .distinct()
        .order_by(Post.id)
        .limit(BATCH)
    )
    site = fields_of_site(work)
    written: list[Row] = []
    for row in rows:
        post = await posts.lock(work, row.id)
        shown = await _shown(work, post)
        written += await _rows(work, site, post, shown)
        if shown and Status(post.status) is not Status.TRASH:
            await indexing.index(work, post, shown[0])
    await _write(work, [row.id for row in rows], written)
    if len(rows) == BATCH:
        await enqueue(work, INDEX_FIELDS, {"group": group, "after": rows[-1].id})


def _with_values_of(site: SiteFields, group: str) -> Iterator[Any]:
    """A revision names the groups that it was written with, and has the parts of plugins."""
    yield Revision.parts[GROUPS_PART].has_key(group)
    fields = site.by_key[group].fields if group in site.by_key else ()
    for part in sorted({one.source[0] for one in fields if one.source is not None}):
        yield Revision.parts.has_key(part)


def connect(hooks: Hooks) -> None:
    hooks.observe(RevisionSaved, follow_revision)
    hooks.observe(Transition, follow_post)
    hooks.observe(PropertiesChanged, follow_post)
    hooks.observe(HeadSetAside, follow_post)
    hooks.observe(HeadTakenUp, follow_post)
    hooks.observe(FieldGroupSaved, follow_group)
    hooks.observe(FieldGroupRemoved, follow_group)
    hooks.filter(FoundBy, add_words)


JOBS = (Job(INDEX_FIELDS, index_fields),)
