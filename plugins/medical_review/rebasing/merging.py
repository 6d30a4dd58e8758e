"""Three revisions of one post become one text, and what only a person can decide.

Each thing that is versioned has a path: `title`, `content`, `terms.category`, `meta.key`,
`medical.evidence_level`, `fields.dose`. The text is merged block by block, terms as sets, lists one
by one; every other value is one thing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cms.content.models import Revision
from cms.fields.values import GROUPS_PART
from cms.markup import blocks
from plugins.medical_review.articles.attributes import MEDIA_HASHES
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.stamps import STAMP_KEYS
from plugins.medical_review.rebasing.merge3 import stretches

OWN = ("title", "excerpt", "slug", "template", "featured_media", "author_id")
CONTENT, TERMS, META = "content", "terms", "meta"
BETWEEN = "\n\n"

# A null says something: a key that is not there says nothing.
ABSENT = object()

# Written by the product out of the rest: never a matter for a person.
_FOLLOWS = frozenset({f"{PART}.{name}" for name in STAMP_KEYS} | {f"{PART}.{MEDIA_HASHES}"})


class Clash(msgspec.Struct, frozen=True):
    """What both sides changed, each in its own way; null where a side has nothing. Of the text it
    is a stretch of blocks, `content#1` being the first such stretch."""

    path: str
    base: Any
    ours: Any
    theirs: Any


@dataclass
class Merged:
    """Values by path, as far as they are settled, and the clashes. The text is in `stretches`: a
    row of texts and of clashes."""

    values: dict[str, Any] = field(default_factory=dict)
    text: list[str | Clash] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def merge(base: Revision, ours: Revision, theirs: Revision) -> Merged:
    """The three-way merge of what is versioned."""
    merged = Merged()
    olds, own, others = values_of(base), values_of(ours), values_of(theirs)
    for path in {**own, **others, **olds}:
        three = [side.get(path, ABSENT) for side in (olds, own, others)]
        settled, value = _settled(path, *three)
        if not settled:
            merged.clashes.append(Clash(path, *(None if v is ABSENT else v for v in three)))
        elif value is not ABSENT:
            merged.values[path] = value
    merged.text = list(_text(base.content, ours.content, theirs.content))
    merged.clashes += [piece for piece in merged.text if isinstance(piece, Clash)]
    return merged


def values_of(revision: Revision) -> dict[str, Any]:
    """Everything versioned but the text and the language, by path."""
    values = {name: getattr(revision, name) for name in OWN}
    values |= {f"{TERMS}.{name}": list(ids) for name, ids in revision.terms.items()}
    values |= {f"{META}.{name}": value for name, value in revision.meta.items()}
    for part, kept in revision.parts.items():
        values |= {f"{part}.{name}": value for name, value in kept.items()}
    return values


def _settled(path: str, base: Any, ours: Any, theirs: Any) -> tuple[bool, Any]:
    if theirs in (ours, base):
        return True, ours
    if ours == base or path in _FOLLOWS:
        return True, theirs
    if path.startswith(f"{TERMS}."):
        return True, _union(*([] if ids is ABSENT else ids for ids in (base, ours, theirs)))
    if path.startswith(f"{GROUPS_PART}."):
        return True, max(version for version in (ours, theirs) if version is not ABSENT)
    if all(isinstance(one, list) for one in (base, ours, theirs)):
        return _list(base, ours, theirs)
    return False, None


def _union(base: list[int], ours: list[int], theirs: list[int]) -> list[int]:
    """What either side added is there, what either side took away is not."""
    gone = (set(base) - set(ours)) | (set(base) - set(theirs))
    return sorted((set(ours) | set(theirs)) - gone)


def _list(base: list[Any], ours: list[Any], theirs: list[Any]) -> tuple[bool, Any]:
    three = ([msgspec.json.encode(one).decode() for one in row] for row in (base, ours, theirs))
    merged: list[Any] = []
    for stretch in stretches(*three):
        if stretch.merged is None:
            return False, None
        merged += [msgspec.json.decode(one) for one in stretch.merged]
    return True, merged


def _text(base: str, ours: str, theirs: str) -> Iterator[str | Clash]:
    """A text that one side left alone is that of the other, byte for byte."""
    if theirs in (ours, base):
        yield ours
    elif ours == base:
        yield theirs
    else:
        yield from _blocks(base, ours, theirs)


def _blocks(base: str, ours: str, theirs: str) -> Iterator[str | Clash]:
    clashes = 0
    for stretch in stretches(_pieces(base), _pieces(ours), _pieces(theirs)):
        if stretch.merged is not None:
            yield from stretch.merged
        else:
            clashes += 1
            three = (BETWEEN.join(side) for side in (stretch.base, stretch.ours, stretch.theirs))
            yield Clash(f"{CONTENT}#{clashes}", *three)


def _pieces(text: str) -> Sequence[str]:
    """The blocks of a text, or its paragraphs where it has none."""
    pieces = blocks.parse(text) if blocks.has_blocks(text) else tuple(text.split(BETWEEN))
    written = (blocks.serialize([piece]).strip("\n") for piece in pieces)
    return [piece for piece in written if piece.strip()]


def parts_of(values: Mapping[str, Any], parts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The parts of plugins out of values by path."""
    return {
        part: {
            path.removeprefix(f"{part}."): value
            for path, value in values.items()
            if path.startswith(f"{part}.")
        }
        for part in parts
    }
