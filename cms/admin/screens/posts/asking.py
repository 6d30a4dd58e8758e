"""What an address of the list of posts asks for, and the addresses of the lists beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from cms.content.browsing import LISTED, Browsing, Place
from cms.content.permissions import require
from cms.content.reading import TermFilter
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.fields import filtering, filters
from cms.kernel.declarations import PostType, RestField, Taxonomy

LIST = "/admin/posts"
_TERM, _FIELD = "in.", "by."
_LONGEST_WORDS = 200


@dataclass(frozen=True)
class Wanted:
    """The parameters of an address, typed; those that cannot be used are left out, as a list that
    somebody has kept must still open when a category is gone."""

    post_type: PostType
    status: Status | None = None
    words: str = ""
    author_id: int | None = None
    since: date | None = None
    until: date | None = None
    terms: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    start: Place | None = None

    def query(self) -> str:
        """The same as the query of an address, without the place in the list."""
        said: dict[str, Any] = {
            "type": self.post_type.name,
            "status": self.status,
            "q": self.words,
            "author": self.author_id,
            "since": self.since,
            "until": self.until,
            **{f"{_TERM}{name}": term for name, term in self.terms.items()},
            **{f"{_FIELD}{name}": value for name, value in self.fields.items()},
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def address(self) -> str:
        return f"{LIST}?{self.query()}"

    def with_status(self, status: Status | None) -> str:
        """The same list of another status."""
        return replace(self, status=status, start=None).address

    @property
    def is_narrowed(self) -> bool:
        """Whether more is asked for than a type and a status."""
        return self.query() != Wanted(self.post_type, self.status).query()

    def after(self, place: Place) -> str:
        """The page that follows this row."""
        return f"{self.address}&after={place.date.isoformat()}_{place.post_id}"


def offered_types(work: UnitOfWork) -> list[PostType]:
    """The types whose posts this person may edit, those of the site too."""
    return [
        one
        for one in work.registry.post_types.values()
        if one.rest_controller == "posts" and work.actor.has(one.capability("edit"))
    ]


def type_named(work: UnitOfWork, name: str) -> PostType:
    """The type of this name; without a name the first that the person may edit."""
    offered = offered_types(work)
    known = work.registry.post_types.get(name)
    if name and (known is None or known.rest_controller != "posts"):
        raise NotFound("type of content", name)
    allowed = known in offered if known else bool(offered)
    require(allowed, "post.list", "Your roles do not let you edit posts of this type.")
    return known or offered[0]


def taxonomies_of(work: UnitOfWork, post_type: PostType) -> list[Taxonomy]:
    """The ways in which posts of the type are grouped and people choose terms."""
    return [
        one
        for one in work.registry.taxonomies.values()
        if (one.name in post_type.taxonomies or post_type.name in one.post_types)
        and one.rest_controller == "terms"
    ]


def filterable(work: UnitOfWork, post_type: PostType) -> list[RestField]:
    """What plugins have added that lists can be filtered by."""
    return [one for one in work.registry.rest_fields(post_type.name) if one.argument]


def wanted(work: UnitOfWork, given: Mapping[str, str]) -> Wanted:
    """What the address asks for."""
    post_type = type_named(work, given.get("type", ""))
    taxonomies = taxonomies_of(work, post_type)
    fields = {one.argument for one in filterable(work, post_type)}
    terms = {one.name: number_of(given.get(f"{_TERM}{one.name}", "")) for one in taxonomies}
    return Wanted(
        post_type,
        _status(given.get("status", "")),
        given.get("q", "").strip().replace("\x00", "")[:_LONGEST_WORDS],
        number_of(given.get("author", "")),
        _day(given.get("since", "")),
        _day(given.get("until", "")),
        {name: term for name, term in terms.items() if term},
        {name: value for name in sorted(fields) if (value := given.get(f"{_FIELD}{name}", ""))},
        _place(given.get("after", "")),
    )


def browsing(work: UnitOfWork, asked: Wanted, *, limit: int) -> Browsing:
    """The list itself."""
    return Browsing(
        asked.post_type,
        statuses=LISTED if asked.status is None else (asked.status,),
        search=asked.words,
        author_id=asked.author_id,
        terms=[TermFilter([one], with_children=True) for one in asked.terms.values()],
        after=_midnight(asked.since),
        before=_midnight(asked.until, days=1),
        conditions=filtering.conditions_of(
            work,
            asked.post_type.name,
            filters.Asked(_by_fields(work, asked)),
            working=True,
        ),
        limit=limit,
        start=asked.start,
    )


def _by_fields(work: UnitOfWork, asked: Wanted) -> tuple[filters.Filter, ...]:
    fields = filterable(work, asked.post_type)
    values = {
        one.argument: [typed]
        for one in fields
        if (typed := _typed(one, asked.fields.get(one.argument, ""))) is not None
    }
    return filters.of_attributes(fields, values)


def _typed(one: RestField, text: str) -> Any:
    """The value that a field is asked for, or None where the text is none of its."""
    items = filters.schema_of_argument(one)["items"]
    if items["type"] == "boolean":
        return {"true": True, "false": False}.get(text)
    if items["type"] == "integer":
        return number_of(text)
    return text if text and text in items.get("enum", [text]) else None


def choices_of(one: RestField) -> Sequence[str] | None:
    """What such a filter lets choose from; None where anything can be typed."""
    items = filters.schema_of_argument(one)["items"]
    if items["type"] == "boolean":
        return ("true", "false")
    return list(items["enum"]) if "enum" in items else None


def _status(text: str) -> Status | None:
    known = {*LISTED, Status.TRASH}
    return Status(text) if text in known else None


def number_of(text: str) -> int | None:
    """The id that a text holds, if it can be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    try:
        return None if day is None else datetime.combine(day, time()) + timedelta(days=days)
    except OverflowError:
        return None


def _place(text: str) -> Place | None:
    """InvalidInput for what no page has given out: a list that began anew would look like one that
    goes on."""
    if not text:
        return None
    moment, _, number = text.rpartition("_")
    post_id = number_of(number)
    try:
        if post_id is None:
            raise ValueError(text)
        return Place(datetime.fromisoformat(moment).replace(tzinfo=None), post_id)
    except ValueError:
        raise InvalidInput({"after": "must be that of a page of this list"}) from None
