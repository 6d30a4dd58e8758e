"""The kinds of things that have fields, and where location rules find each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.fields.field import Field
from cms.fields.locations import Place

POST, TERM, USER, COMMENT, OPTION = "post", "term", "user", "comment", "option"

# Which parameter the name of a kind answers.
_NAMED_BY = {POST: "post_type", TERM: "taxonomy", OPTION: "options_page"}


@dataclass(frozen=True)
class Kind:
    """The posts of a type, the terms of a taxonomy, people, comments, or an options page. `name` is
    that of the type, the taxonomy or the page."""

    subject: str
    name: str = ""

    def place(self) -> Place:
        """What is known of all things of the kind; of posts `places.place_of_type` knows more."""
        param = _NAMED_BY.get(self.subject)
        return Place(self.subject, {param: frozenset({self.name})} if param and self.name else {})


PEOPLE, COMMENTS = Kind(USER), Kind(COMMENT)


@dataclass(frozen=True)
class Subject:
    """One thing whose fields are shown or changed. `edits`: whether the actor may change it, asked
    only where that matters. `values`: the stored ones that these fields have. `place`: what
    location rules may ask of it, where they ask for more than its kind. `is_closed`: its reader
    must give a password first."""

    edits: Callable[[], bool]
    values: Callable[[Sequence[Field]], Mapping[str, Any]]
    place: Place | None = None
    is_closed: bool = False
