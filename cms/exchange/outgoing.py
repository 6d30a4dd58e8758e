"""What leaves with the posts: their comments, their files, fields of plugins; and the menus."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import select

from cms.content import seo
from cms.content.attachments import MEDIA
from cms.content.comment_models import Comment
from cms.content.models import Post, Revision
from cms.content.posts import ATTACHMENT
from cms.database.work import UnitOfWork
from cms.exchange.attachments import ALT_TEXT
from cms.exchange.files import ATTACHED
from cms.exchange.own_fields import keys_of
from cms.exchange.php import serialize
from cms.exchange.seo import meta_of
from cms.identity.models import User
from cms.media.models import MediaRecord
from cms.site.models import Menu, MenuItem


@dataclass(frozen=True)
class Beside:
    """What belongs to some posts, by their ids."""

    comments: Mapping[int, Sequence[Comment]] = field(default_factory=dict)
    media: Mapping[int, MediaRecord] = field(default_factory=dict)


async def beside(work: UnitOfWork, posts: Sequence[Post]) -> Beside:
    """With at most two statements for all of them."""
    files = [post.id for post in posts if post.post_type == ATTACHMENT]
    said: dict[int, list[Comment]] = {}
    rows = await work.all(
        select(Comment)
        .where(Comment.tenant_id == work.tenant_id, Comment.post_id.in_([p.id for p in posts]))
        .order_by(Comment.post_id, Comment.id)
    )
    for (comment,) in rows:
        said.setdefault(comment.post_id, []).append(comment)
    if not files:
        return Beside(said)
    rows = await work.all(
        select(MediaRecord).where(
            MediaRecord.tenant_id == work.tenant_id, MediaRecord.post_id.in_(files)
        )
    )
    return Beside(said, {record.post_id: record for (record,) in rows})


async def menus(work: UnitOfWork) -> list[Menu]:
    rows = await work.all(select(Menu).where(Menu.tenant_id == work.tenant_id).order_by(Menu.id))
    return [row[0] for row in rows]


async def menu_items(work: UnitOfWork, menu: Menu) -> list[MenuItem]:
    rows = await work.all(
        select(MenuItem)
        .where(MenuItem.tenant_id == work.tenant_id, MenuItem.menu_id == menu.id)
        .order_by(MenuItem.id)
    )
    return [row[0] for row in rows]


def meta_of_post(
    work: UnitOfWork,
    post: Post,
    revision: Revision,
    record: MediaRecord | None,
    people: Mapping[int, User],
) -> Iterable[tuple[str, str]]:
    """All that WordPress keeps in postmeta, and what it does not know; but for custom fields."""
    if revision.template:
        yield "_wp_page_template", revision.template
    if revision.featured_media:
        yield "_thumbnail_id", str(revision.featured_media)
    if post.trashed_status:
        yield "_wp_trash_meta_status", post.trashed_status
    if record is not None:
        yield ATTACHED, f"{record.folder}/{record.full['name']}"
        alt_text = revision.parts.get(MEDIA, {}).get("alt_text")
        if alt_text:
            yield ALT_TEXT, alt_text
    for key, value in revision.meta.items():
        yield key, _text(value)
    yield from meta_of(revision.parts.get(seo.PART, {}))
    yield from _own(work, post, revision, people)


def _own(
    work: UnitOfWork, post: Post, revision: Revision, people: Mapping[int, User]
) -> Iterable[tuple[str, str]]:
    """Fields of plugins that say something; people by their logins, for their ids are ours."""
    declared = work.registry.post_types[post.post_type]
    for key, (part, name) in keys_of(work, declared).items():
        value = revision.parts.get(part.name, {}).get(name, part.defaults[name])
        if name in part.people and value is not None:
            person = people.get(value)
            value = person.login if person is not None else None
        if value != part.defaults[name]:
            yield key, msgspec.json.encode(value).decode()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | dict):
        return serialize(value)
    return "" if value is None else str(value)


def meta_of_line(item: MenuItem) -> list[tuple[str, str]]:
    """As WordPress keeps a line of a menu."""
    told = {
        "type": item.kind,
        "menu_item_parent": str(item.parent_id or 0),
        "object_id": str(item.object_id),
        "object": item.object,
        "target": item.target,
        "classes": serialize(list(item.classes) or [""]),
        "xfn": " ".join(item.xfn),
        "url": item.url,
    }
    return [(f"_menu_item_{name}", value) for name, value in told.items()]
