"""What came, went and changed in what a text names: its literature and its pictures."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

import msgspec

from cms.content.models import Revision
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.references.entries import LISTED_IN, key_of_entry

_IMAGE = re.compile(r"<img\s[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s(src|alt|class)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_MEDIA_ID = re.compile(r"\bwp-image-(\d{1,18})\b")


class ReferenceChange(msgspec.Struct, frozen=True):
    """A reference that is new, gone, changed or only at another place; `before_place` and
    `after_place` count from 1, as readers see them."""

    op: str
    before: Any = None
    after: Any = None
    before_place: int | None = None
    after_place: int | None = None


class MediaChange(msgspec.Struct, frozen=True):
    """A picture that is new or gone, or whose alternative text is another. `place` is content or
    featured; an alternative text of null is none at all, an empty one says: decoration only."""

    op: str
    place: str
    media_id: int | None
    source: str = ""
    alt_before: str | None = None
    alt_after: str | None = None
    title: str = ""
    sha256: str = ""


class Picture(msgspec.Struct, frozen=True):
    """An image as a text shows it."""

    place: str
    media_id: int | None
    source: str
    alt: str | None

    @property
    def key(self) -> tuple[str, Any]:
        return self.place, self.media_id or self.source


def reference_changes(before: Revision, after: Revision) -> list[ReferenceChange]:
    """By what citations name each one by: DOI, PubMed id, …, at last its title."""
    old, new = _references(before), _references(after)
    gone = [
        ReferenceChange("delete", one, None, place)
        for key, (place, one) in old.items()
        if key not in new
    ]
    return [*gone, *(change for key in new if (change := _reference(old.get(key), new[key])))]


_Placed = tuple[int, Any]


def _references(revision: Revision) -> dict[str, _Placed]:
    named = revision.parts.get(PART, {}).get(LISTED_IN, [])
    return {key_of_entry(one): (place, one) for place, one in enumerate(named, start=1)}


def _reference(old: _Placed | None, new: _Placed) -> ReferenceChange | None:
    place, one = new
    if old is None:
        return ReferenceChange("insert", None, one, None, place)
    if old == new:
        return None
    op = "move" if old[1] == one else "change"
    return ReferenceChange(op, old[1], one, old[0], place)


def pictures(revision: Revision) -> list[Picture]:
    """The images of the text in order, and the one that stands for it."""
    found = [_picture(tag[0]) for tag in _IMAGE.finditer(revision.content)]
    if revision.featured_media:
        found.append(Picture("featured", revision.featured_media, "", None))
    return found


def _picture(tag: str) -> Picture:
    said = {
        name.lower(): unescape(double or single) for name, double, single in _ATTRIBUTE.findall(tag)
    }
    number = _MEDIA_ID.search(said.get("class", ""))
    source = said.get("src", "")
    return Picture("content", int(number[1]) if number else None, source, said.get("alt"))


def media_changes(before: Sequence[Picture], after: Sequence[Picture]) -> Iterator[MediaChange]:
    """Pictures by number or address; one that is shown twice is compared where it stands first."""
    old = {one.key: one for one in reversed(before)}
    new = {one.key: one for one in reversed(after)}
    for key in {**new, **old}:
        was, now = old.get(key), new.get(key)
        shown = now or was
        if shown is None or (was and now and was.alt == now.alt):
            continue
        op = "change" if was and now else "insert" if now else "delete"
        alts = (was.alt if was else None, now.alt if now else None)
        yield MediaChange(op, shown.place, shown.media_id, shown.source, *alts)
