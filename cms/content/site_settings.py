"""What the settings of a site may be. They name pages and terms, so content checks them."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select

from cms.content.faults import Faults
from cms.content.models import Post, Term
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.identity.users import EMAIL
from cms.kernel.tenant import SiteOptions
from cms.tenancy.options import change

DEFAULTS: dict[str, Any] = {
    field: getattr(SiteOptions(), field) for field in SiteOptions.__struct_fields__
}

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_ADDRESS = re.compile(r"https?://[^\s<>\"'{}]+")
_TEMPLATE = re.compile(r"https?://[^\s<>\"']+")
_STRUCTURE = re.compile(r"/(?:[a-z0-9._-]+/|%(?:year|monthnum|day|post_id|postname|category)%/?)+")
# A list of words, such as those that hold a comment, has a line for each.
_MARKUP = re.compile(r"[<>\x00-\x08\x0b\x0c\x0e-\x1f]")
_PLACE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_BOUNDS = {
    "posts_per_page": (1, 100),
    "posts_per_rss": (1, 100),
    "start_of_week": (0, 6),
    "comment_max_links": (0, 1000),
    "close_comments_days_old": (0, 36_500),
    "thread_comments_depth": (1, 10),
    "session_hours": (1, 24),
    "session_idle_minutes": (5, 720),
    "session_remember_days": (1, 60),
    "notices_kept_days": (7, 3650),
}
_FORMATS = frozenset(
    {"0", "standard", "aside", "chat", "gallery", "link", "image", "quote", "status", "video"}
    | {"audio"}
)


async def change_settings(work: UnitOfWork, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Store settings that fit. InvalidInput names every one that does not, and then none is."""
    faults = Faults()
    for name, value in wanted.items():
        fault = _fault_of(name, value)
        if fault is not None:
            faults.add(name, fault)
    await _find_unknown_things(work, wanted, faults)
    faults.refuse()
    await change(work, wanted)
    return dict(wanted)


def _fault_of_places(places: Mapping[str, str]) -> str | None:
    """Places of menus and widgets: names that a theme asks for, each with a label."""
    for name, label in places.items():
        if not _PLACE.fullmatch(name):
            return f"{name[:40]!r} must be lower-case letters, digits, _ and -"
        if not label.strip() or _MARKUP.search(label):
            return f"the label of {name} must be plain text without < and >"
    return None


def _fault_of(name: str, value: Any) -> str | None:
    if isinstance(value, dict):
        return _fault_of_places(value)
    if isinstance(value, str) and _MARKUP.search(value):
        return f"{name} must be plain text without < and >."
    checks: dict[str, tuple[bool, str]] = {
        "timezone": (
            value == "" or value in available_timezones(),
            f"{value!r:.60} is no time zone; write one such as America/Sao_Paulo.",
        ),
        "language": (
            value == "" or bool(_LANGUAGE.fullmatch(str(value))),
            f"{value!r:.60} is no language; write one such as pt_BR.",
        ),
        "email": (
            value == "" or bool(EMAIL.fullmatch(str(value))),
            "Invalid email address.",
        ),
        **dict.fromkeys(
            ("default_comment_status", "default_ping_status"),
            (value in {"open", "closed"}, "must be open or closed"),
        ),
        "show_on_front": (value in {"posts", "page"}, "show_on_front is posts or page."),
        "default_post_format": (
            value in _FORMATS,
            f"{value!r:.60} is no post format; write standard, or 0 for none.",
        ),
        "front_end_url": (
            value == "" or bool(_ADDRESS.fullmatch(str(value))),
            "must begin with https:// or http://, or be empty",
        ),
        "preview_url": (
            value == "" or bool(_TEMPLATE.fullmatch(str(value))),
            "must begin with https:// or http://, or be empty",
        ),
        "permalink_structure": (
            value == "" or bool(_STRUCTURE.fullmatch(str(value))),
            "must look like /%year%/%postname%/ and be made of %year%, %monthnum%, %day%, "
            "%post_id%, %postname%, %category% and plain names",
        ),
    }
    for bounded, (low, high) in _BOUNDS.items():
        is_within = name != bounded or low <= value <= high
        checks[bounded] = (is_within, f"must be between {low} and {high}")
    is_right, fault = checks.get(name, (True, ""))
    return None if is_right else fault


_POSTS = {
    "page_on_front": ("page",),
    "page_for_posts": ("page",),
    "site_logo": ("attachment",),
    "site_icon": ("attachment",),
}


async def _find_unknown_things(work: UnitOfWork, wanted: Mapping[str, Any], faults: Faults) -> None:
    named = {name: wanted[name] for name in _POSTS if wanted.get(name)}
    if named:
        rows = await work.all(
            select(Post.id, Post.post_type).where(
                Post.tenant_id == work.tenant_id,
                Post.id.in_(named.values()),
                Post.status != Status.TRASH.value,
            )
        )
        types = {row.id: row.post_type for row in rows}
        for name, post_id in named.items():
            if types.get(post_id) not in _POSTS[name]:
                faults.add(name, f"There is no {_POSTS[name][0]} {post_id}.")
    category = wanted.get("default_category")
    if category:
        term = await work.session.get(Term, (work.tenant_id, category))
        if term is None or term.taxonomy != "category":
            faults.add("default_category", f"There is no category {category}.")
