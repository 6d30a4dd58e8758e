"""The fields of a post, in WordPress's order: who shows each, and what stands in it.

Which fields a type has in a context is worked out once, so that a page of posts costs only what it
shows.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cms.content.features import has
from cms.content.permalinks import Permalinks
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.kernel.declarations import MetaKey, PostType
from cms.markup.slugs import slug_of


@dataclass(slots=True)
class Shown:
    """One post on its way out. `site` is where readers see it, `here` where this API is;
    `is_closed`: this reader must give the post's password first."""

    view: PostView
    site: str
    here: str
    permalinks: Permalinks
    meta_keys: Sequence[MetaKey]
    meta: Mapping[str, Any]
    is_edit: bool
    is_closed: bool

    @property
    def link(self) -> str:
        return f"{self.site}{self.permalinks.path(self.view.post)}"


Getter = Callable[[Shown], Any]


def own_fields(shown: Shown, post_type: PostType, context: str) -> dict[str, Any]:
    """What stands before the taxonomies: all that a post has by itself."""
    return {name: get(shown) for name, get in _plan(post_type, context)}


def editors_fields(shown: Shown) -> dict[str, Any]:
    """What stands after the taxonomies in the edit context."""
    return {
        "permalink_template": f"{shown.site}{shown.permalinks.template(shown.view.post)}",
        "generated_slug": generated_slug(shown.view.revision.title, _slug(shown)),
    }


def generated_slug(title: str, slug: str) -> str:
    """The slug that the title gives: its own where that was made from it, with its number."""
    made = slug_of(title)
    is_own = re.fullmatch(rf"{re.escape(made)}(?:-\d+)?", slug)
    return slug if is_own or not made else made


@lru_cache(maxsize=512)
def _plan(post_type: PostType, context: str) -> tuple[tuple[str, Getter], ...]:
    shows = {"view": "v", "edit": "e", "embed": "m"}[context]
    return tuple(
        (name, get)
        for name, contexts, feature, get in _FIELDS
        if shows in contexts and _has(post_type, feature)
    )


def _has(post_type: PostType, feature: str) -> bool:
    if feature == "hierarchy":
        return post_type.is_hierarchical
    if feature == "sticky":
        return post_type.has_sticky
    return not feature or has(post_type, feature)


def is_closed(view: PostView, context: str) -> bool:
    """Whether this reader must give the post's password first."""
    return bool(view.post.password) and context != "edit" and not view.is_unlocked


def wall(value: datetime) -> str:
    """A moment as WordPress writes it: without an offset."""
    return value.isoformat(timespec="seconds")


def utc(value: datetime | None) -> str | None:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat("T", "seconds") if value else None


def _date_gmt(shown: Shown) -> str | None:
    post = shown.view.post
    return None if post.is_date_floating else utc(post.date_gmt)


def _guid(shown: Shown) -> dict[str, str]:
    address = f"{shown.here}/?p={shown.view.post.id}"
    return {"rendered": address, **({"raw": address} if shown.is_edit else {})}


def _slug(shown: Shown) -> str:
    view = shown.view
    return view.post.slug if view.is_shown else view.revision.slug or view.post.slug


def _title(shown: Shown) -> dict[str, Any]:
    rendered = shown.view.rendering.title
    if shown.view.post.status == Status.PRIVATE.value:
        rendered = f"Private: {rendered}"
    raw = {"raw": shown.view.revision.title} if shown.is_edit else {}
    return {**raw, "rendered": rendered}


def _content(shown: Shown) -> dict[str, Any]:
    view = shown.view
    body = {
        "rendered": "" if shown.is_closed else view.rendering.content,
        "protected": bool(view.post.password),
    }
    if shown.is_edit:
        version = 1 if "<!-- wp:" in view.revision.content else 0
        return {"raw": view.revision.content, **body, "block_version": version}
    return body


def _excerpt(shown: Shown) -> dict[str, Any]:
    view = shown.view
    body = {
        "rendered": "" if shown.is_closed else view.rendering.excerpt,
        "protected": bool(view.post.password),
    }
    return {"raw": view.revision.excerpt, **body} if shown.is_edit else body


def _meta(shown: Shown) -> Any:
    """Every registered key, with its default where the post has no value. PHP has one kind of
    array: an empty object leaves as an empty list, and clients know."""
    stored = {} if shown.is_closed else shown.meta
    return {key.name: stored.get(key.name, key.default) for key in shown.meta_keys} or []


# Name, contexts (v)iew (e)dit e(m)bed, what the type must support, value.
_FIELDS: tuple[tuple[str, str, str, Getter], ...] = (
    ("id", "vem", "", lambda s: s.view.post.id),
    ("date", "vem", "", lambda s: wall(s.view.post.date_local)),
    ("date_gmt", "ve", "", _date_gmt),
    ("guid", "ve", "", _guid),
    ("modified", "ve", "", lambda s: wall(s.view.post.modified_local)),
    ("modified_gmt", "ve", "", lambda s: utc(s.view.post.modified_gmt)),
    ("password", "e", "", lambda s: s.view.post.password),
    ("slug", "vem", "", _slug),
    ("status", "ve", "", lambda s: s.view.post.status),
    ("type", "vem", "", lambda s: s.view.post.post_type),
    ("link", "vem", "", lambda s: s.link),
    ("title", "vem", "title", _title),
    ("content", "ve", "editor", _content),
    ("excerpt", "vem", "excerpt", _excerpt),
    ("author", "vem", "author", lambda s: s.view.owner_id),
    ("featured_media", "vem", "thumbnail", lambda s: s.view.revision.featured_media or 0),
    ("parent", "ve", "hierarchy", lambda s: s.view.post.parent_id or 0),
    ("menu_order", "ve", "page-attributes", lambda s: s.view.post.menu_order),
    ("comment_status", "ve", "comments", lambda s: s.view.post.comment_status),
    ("ping_status", "ve", "comments", lambda s: s.view.post.ping_status),
    ("sticky", "ve", "sticky", lambda s: s.view.post.is_sticky),
    ("template", "ve", "", lambda s: s.view.revision.template),
    ("format", "ve", "post-formats", lambda s: s.view.post.format),
    ("meta", "ve", "custom-fields", _meta),
)
