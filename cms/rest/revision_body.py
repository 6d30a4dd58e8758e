"""A revision or an autosave as WordPress shows it: both are texts that stand below a post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from litestar import Request

from cms.content.dates import at_site
from cms.content.features import has
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType
from cms.rest.shape import rest_url, site_url

_EMBEDDED = frozenset({"author", "date", "id", "parent", "slug", "title", "excerpt"})


@dataclass(frozen=True)
class Text:
    """One text with its raw and its rendered form."""

    raw: str
    rendered: str


@dataclass(frozen=True)
class Written:
    """What was written of a post: by whom, when, and what."""

    id: int
    parent: int
    slug: str
    author: int
    date: datetime
    modified: datetime
    title: Text
    content: Text
    excerpt: Text
    added: Mapping[str, Any] = field(default_factory=dict)
    """What stands after the texts in every context, such as `acf`."""


def revision_body(
    request: Request[Any, Any, Any],
    work: UnitOfWork,
    post_type: PostType,
    written: Written,
    context: str,
) -> dict[str, Any]:
    """The keys of a context in WordPress's order, without links."""
    zone = work.tenant.zone
    guid = f"{site_url(request)}/?p={written.id}"
    body: dict[str, Any] = {
        "author": written.author,
        "date": _wall(at_site(written.date, zone)),
        "date_gmt": _wall(written.date.astimezone(UTC)),
        "id": written.id,
        "modified": _wall(at_site(written.modified, zone)),
        "modified_gmt": _wall(written.modified.astimezone(UTC)),
        "parent": written.parent,
        "slug": written.slug,
        "guid": {"rendered": guid, **({"raw": guid} if context == "edit" else {})},
    }
    for name, feature in (("title", "title"), ("content", "editor"), ("excerpt", "excerpt")):
        if has(post_type, feature):
            text: Text = getattr(written, name)
            raw = {"raw": text.raw} if context == "edit" else {}
            body[name] = {**raw, "rendered": text.rendered}
    if context == "embed":
        body = {name: value for name, value in body.items() if name in _EMBEDDED}
    return {**body, **written.added}


def parent_link(
    request: Request[Any, Any, Any], post_type: PostType, post_id: int
) -> dict[str, Any]:
    """The only link that these have."""
    return {"parent": [{"href": rest_url(request, f"/wp/v2/{post_type.rest_base}/{post_id}")}]}


def _wall(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S")
