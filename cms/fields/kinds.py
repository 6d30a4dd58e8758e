"""The kinds of things that have fields, and where location rules find each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cms.fields.locations import Place
from cms.kernel.actors import Actor

POST, TERM, USER, COMMENT, OPTION = "post", "term", "user", "comment", "option"

# Which parameter the name of a kind answers.
_NAMED_BY = {POST: "post_type", TERM: "taxonomy", COMMENT: "comment", OPTION: "options_page"}

Facts = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Kind:
    """The posts of a type, the terms of a taxonomy, people, the comments on a type of post, or an
    options page. `name` is that of the type, the taxonomy or the page; empty for people, and for
    comments wherever they stand."""

    subject: str
    name: str = ""

    def place(self, facts: Facts | None = None) -> Place:
        """The place of such a thing, of which so much is known."""
        param = _NAMED_BY.get(self.subject)
        own = {param: frozenset({self.name})} if param and self.name else {}
        return Place(self.subject, {**own, **(facts or {})})


PEOPLE, COMMENTS = Kind(USER), Kind(COMMENT)


@dataclass(frozen=True)
class Subject:
    """One thing whose fields are shown or changed: what location rules may ask of it and whether
    the actor may change it, which are found out only where that matters, and its stored values.
    `is_closed`: a reader who must give a password first."""

    facts: Callable[[], Facts]
    edits: Callable[[], bool]
    values: Mapping[str, Any]
    is_closed: bool = False


def of_actor(actor: Actor) -> Facts:
    """What rules may ask of who asks."""
    signed_in = frozenset({"viewing_front"} if actor.is_anonymous else {"logged_in"})
    return {"current_user": signed_in, "current_user_role": frozenset(actor.roles)}
