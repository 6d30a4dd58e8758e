"""The versioned content of a post as a value, and the hash that an approval binds to."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import rfc8785

from cms.content.models import Revision

SCHEMA_VERSION = 1
_PREFIX = b"cms-revision-v1\n"


@dataclass(frozen=True)
class Draft:
    """Everything that belongs to a revision. Filters of this class may refuse it (InvalidInput) or
    return a changed one; they run after the cleaning and before the hash. `immediate` are
    properties of the post that filters may look at (id, status, parent_id, format) and `was` the
    parts of the revision before, `was_meta` its meta; none of them belongs to the revision, and a
    filter that changes them changes nothing."""

    post_type: str
    language: str
    author_id: int
    title: str = ""
    content: str = ""
    excerpt: str = ""
    slug: str = ""
    featured_media: int | None = None
    template: str = ""
    terms: Mapping[str, list[int]] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    immediate: Mapping[str, Any] = field(default_factory=dict)
    was: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    was_meta: Mapping[str, Any] = field(default_factory=dict)

    def hashed_parts(self) -> dict[str, Any]:
        """The object whose canonical form is hashed. No names of people are in it: author and
        registration are ids, so that a corrected name does not void an approval."""
        return {
            "author": self.author_id,
            "content": self.content,
            "excerpt": self.excerpt,
            "featured_media": self.featured_media,
            "language": self.language,
            "meta": dict(self.meta),
            "parts": {name: dict(part) for name, part in self.parts.items()},
            "post_type": self.post_type,
            "slug": self.slug,
            "template": self.template,
            "terms": {name: sorted(ids) for name, ids in self.terms.items()},
            "title": self.title,
        }

    def content_hash(self) -> bytes:
        """SHA-256 over the version prefix and the JCS (RFC 8785) of all registered parts."""
        return hashlib.sha256(_PREFIX + rfc8785.dumps(self.hashed_parts())).digest()

    def with_part(self, name: str, **values: Any) -> "Draft":
        """This draft with some values of a plugin's part replaced."""
        part = {**self.parts.get(name, {}), **values}
        return replace(self, parts={**self.parts, name: part})


@dataclass(frozen=True)
class Told:
    """What the trail is told of a new revision: the two sides of what differs. Filters of this
    class leave out what it is not to be told; the hash of the whole stands beside it all the same.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]


def draft_of(revision: Revision, post_type: str) -> Draft:
    """The draft that would save this very revision again."""
    return Draft(
        post_type=post_type,
        language=revision.language,
        author_id=revision.author_id,
        title=revision.title,
        content=revision.content,
        excerpt=revision.excerpt,
        slug=revision.slug,
        featured_media=revision.featured_media,
        template=revision.template,
        terms=revision.terms,
        meta=revision.meta,
        parts=revision.parts,
    )
