"""What a text points to: links, files, reusable blocks, and the posts that its fields name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from cms.content.models import Revision
from cms.fields.drafts import fields_of_site
from cms.fields.values import PART
from cms.kernel.tenant import Tenant
from cms.kernel.work import ReadableWork
from cms.markup.expanding import wanted_patterns
from cms.markup.slugs import slug_of
from cms.sealing.values import is_sealed
from plugins.medical_review.articles.media import files_of

_NUMBER = re.compile(r"[0-9]{1,15}")
# What a page of a text can hold; beyond it nothing is looked up.
MOST = 1000


class Kind(StrEnum):
    """How a text points to another."""

    LINK = "link"
    RELATION = "relation"
    BLOCK = "block"
    MEDIA = "media"
    FEATURED = "featured_media"


@dataclass(frozen=True)
class Pointer:
    """`post_id` where the id is written; of a pretty address only the `slug` is known."""

    kind: Kind
    post_id: int = 0
    slug: str = ""


def pointers(work: ReadableWork, revision: Revision) -> list[Pointer]:
    """Everything that a revision points to on its own site, each once."""
    found = dict.fromkeys(_all(work, revision))
    return list(found)[:MOST]


def _all(work: ReadableWork, revision: Revision) -> Iterator[Pointer]:
    if revision.featured_media:
        yield Pointer(Kind.FEATURED, revision.featured_media)
    for media_id in files_of(revision.content, None):
        yield Pointer(Kind.MEDIA, media_id)
    for block_id in sorted(wanted_patterns(revision.content)):
        yield Pointer(Kind.BLOCK, block_id)
    yield from _links(work.tenant, revision.content)
    yield from _relations(work, revision.parts)


def _links(tenant: Tenant, content: str) -> Iterator[Pointer]:
    """Links to posts of this site; its files have addresses of their own."""
    if "href" not in content:
        return
    hosts = {host.lower() for host in tenant.hosts}
    front = urlsplit(tenant.site.front_end_url).netloc.lower()
    for anchor in LexborHTMLParser(content).css("a[href]"):
        pointer = _linked(anchor.attributes.get("href") or "", hosts | {front} - {""})
        if pointer is not None:
            yield pointer


def _linked(href: str, hosts: set[str]) -> Pointer | None:
    try:
        url = urlsplit(href.strip())
    except ValueError:  # such as an unclosed bracket
        return None
    is_own = not url.scheme and not url.netloc and url.path[:1] in {"/", ""}
    if not is_own and url.netloc.lower() not in hosts:
        return None
    asked = parse_qs(url.query, max_num_fields=50) if url.query else {}
    for name in ("p", "page_id"):
        if name in asked and _NUMBER.fullmatch(asked[name][0]):
            return Pointer(Kind.LINK, int(asked[name][0]))
    last = url.path.rstrip("/").rpartition("/")[2]
    slug = slug_of(unquote(last))
    # What has an ending is a file.
    return Pointer(Kind.LINK, slug=slug) if slug and "." not in last else None


def _relations(work: ReadableWork, parts: Mapping[str, Any]) -> Iterator[Pointer]:
    """Posts that custom fields name."""
    site = fields_of_site(work)
    for entry in parts.get(PART, {}).values():
        if entry["key"] not in site.field_by_key or is_sealed(entry["value"]):
            continue
        field, _ = site.field_by_key[entry["key"]]
        for one in site.types[field.type].references(field, entry["value"], site.types):
            if one.kind == "post":
                yield Pointer(Kind.RELATION, one.id)
