"""Which parts of a revision can be spoken of, and how new words get into them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.content.models import Revision
from cms.content.saving import Changes
from cms.fields.values import GROUPS_PART
from cms.fields.values import PART as FIELDS
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.discussion.passages import Passages, of_html, of_plain

CONTENT = "content"

_MARKUP = frozenset({"title", CONTENT, "excerpt", f"{PART}.medical_disclaimer"})
_OWN = ("title", CONTENT, "excerpt", "slug", "author_id", "featured_media", "template")


@dataclass(frozen=True)
class Spoken:
    """A field by the name that comparisons give it, and its value."""

    name: str
    value: Any

    @property
    def is_text(self) -> bool:
        """Whether a passage of it can be quoted. Values of custom fields may be for few eyes, and a
        quote would show them to all who read the discussion."""
        return isinstance(self.value, str) and not self.name.startswith(f"{FIELDS}.")

    @property
    def is_markup(self) -> bool:
        return self.name in _MARKUP

    def passages(self) -> Passages:
        """What people read of it."""
        return of_html(self.value) if self.is_markup else of_plain(self.value)


def spoken(revision: Revision, name: str) -> Spoken | None:
    """The field of the revision, if it has one of this name."""
    if name in _OWN:
        return Spoken(name, getattr(revision, name))
    room, _, key = name.partition(".")
    values = _room(revision, room)
    return Spoken(name, values[key]) if key in values else None


def names(revision: Revision) -> list[str]:
    """Every name that can be spoken of."""
    parts = [name for name in sorted(revision.parts) if name != GROUPS_PART]
    rooms = ["terms", *parts]
    return [*_OWN, *(f"{room}.{key}" for room in rooms for key in sorted(_room(revision, room)))]


def _room(revision: Revision, room: str) -> Mapping[str, Any]:
    if room == "terms":
        return revision.terms
    return revision.parts.get(room, {}) if room != GROUPS_PART else {}


def changes_of(texts: Mapping[str, str]) -> Changes:
    """What is to be saved, by the name of each field."""
    versioned: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for name, value in texts.items():
        room, _, key = name.partition(".")
        if key:
            parts.setdefault(room, {})[key] = value
        else:
            versioned[name] = value
    return Changes(versioned, parts=parts)
