"""What a list of posts is asked to be filtered and sorted by: `?fields[dose][min]=5`,
`orderby=field.dose`.

What a list may be filtered by is marked `filterable` in its group, and visible to whoever asks: by
a filter a value could be found out step by step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields.drafts import fields_of_site
from cms.fields.faults import FieldFaults
from cms.fields.field import Field, Group
from cms.fields.indexing import LONGEST, Comparable, comparable
from cms.fields.locations import Place
from cms.fields.marks import FILTERABLE, SENSITIVE, asks_reader, is_comparable, is_marked
from cms.fields.rights import needed_to_read
from cms.fields.site_fields import SiteFields
from cms.fields.type import Taking, Types
from cms.fields.types.choices import truth_of
from cms.fields.types.moments import DatePicker, DateTimePicker
from cms.fields.types.numbers import number_of
from cms.kernel.actors import Actor
from cms.kernel.declarations import PostType, RestField

ARGUMENT = "fields"
ORDER = "field."
MOST_FILTERS, MOST_VALUES = 10, 100

_OPERATORS = ("min", "max", "contains", "exists")


@dataclass(frozen=True)
class Filter:
    """One comparison: `is` any of some values, `min`, `max`, `contains`, or `exists`."""

    path: str
    kind: str
    operator: str
    values: tuple[Any, ...]
    is_single: bool = False
    """Whether a post has at most one value there."""

    @property
    def finds(self) -> bool:
        """Whether it finds posts by a value; the others only leave some out."""
        return self.operator != "exists" or self.values == (True,)


@dataclass(frozen=True)
class Asked:
    """What a list is filtered and ordered by."""

    filters: tuple[Filter, ...] = ()
    order: Filter | None = None

    def __bool__(self) -> bool:
        return bool(self.filters or self.order)

    def all(self) -> list[Filter]:
        """Everything that a post must have or lack."""
        return [*self.filters, *([self.order] if self.order else [])]


def read(work: UnitOfWork, post_type: PostType, given: Any, order_by: str | None = None) -> Asked:
    """What is asked for. InvalidInput names every field that cannot be filtered, and the remedy."""
    reader = _Reader(work, post_type)
    filters = list(reader.filters(given))
    order = reader.order(order_by) if order_by else None
    if reader.faults:
        raise InvalidInput(reader.faults)
    return Asked(tuple(filters), order)


def of_attributes(fields: Sequence[RestField], wanted: Mapping[str, Any]) -> tuple[Filter, ...]:
    """What is asked of the REST fields that have an argument of their own, already checked against
    `schema_of_argument`."""
    asked = ((one, wanted[one.argument]) for one in fields if wanted.get(one.argument))
    return tuple(
        Filter(
            one.index_path,
            "number" if _scalar(one).get("type") == "integer" else "text",
            "is",
            tuple(comparable(value) for value in values),
            is_single=one.schema.get("type") != "array",
        )
        for one, values in asked
    )


def schema_of_argument(field: RestField) -> dict[str, Any]:
    """The argument of a list: any of some values of the field."""
    scalar = _scalar(field)
    choices = [one for one in scalar.get("enum", ()) if one is not None]
    items = {"type": scalar["type"], **({"enum": choices} if choices else {})}
    return {"type": "array", "items": items, "maxItems": MOST_VALUES}


def _scalar(field: RestField) -> dict[str, Any]:
    """The schema of one value, which is not null."""
    schema = field.schema["items"] if field.schema.get("type") == "array" else field.schema
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": next(kind for kind in kinds if kind != "null")}


class _Reader:
    def __init__(self, work: UnitOfWork, post_type: PostType) -> None:
        self.faults: dict[str, str] = {}
        self._site: SiteFields = fields_of_site(work)
        place = Place("post", {"post_type": frozenset({post_type.name})})
        self._fields = self._site.fields_for(place)
        self._actor = work.actor

    def filters(self, given: Any) -> Iterator[Filter]:
        if not isinstance(given, Mapping):
            if given:
                self.faults[ARGUMENT] = "must name fields, such as fields[dose]=5"
            return
        asked = [
            (str(path), operator, value)
            for path, wanted in given.items()
            for operator, value in (
                wanted.items() if isinstance(wanted, Mapping) else [("is", wanted)]
            )
        ]
        if len(asked) > MOST_FILTERS:
            self.faults[ARGUMENT] = f"must be at most {MOST_FILTERS} comparisons"
            return
        for path, operator, value in asked:
            found = self._field(path, f"{ARGUMENT}[{path}]")
            if found is not None:
                where = f"{ARGUMENT}[{path}]" + (f"[{operator}]" if operator != "is" else "")
                yield from self._filter(path, found, operator, value, where)

    def order(self, order_by: str) -> Filter | None:
        path = order_by.removeprefix(ORDER)
        found = self._field(path, "orderby")
        return self._of(path, found, "exists", (True,)) if found is not None else None

    def _field(self, path: str, where: str) -> Field | None:
        chain, group = self._chain(path)
        # What she may not see is answered as what is not there.
        if group is None or not _may_see(self._actor, chain, group):
            self.faults[where] = f"there is no field {path!r:.80} on posts of this type"
            return None
        kind = self._site.types[chain[-1].type]
        if not is_comparable(kind):
            self.faults[where] = f"fields of the type {kind.name} cannot be compared"
        elif not is_marked(chain[-1], FILTERABLE):
            self.faults[where] = (
                f'the field {path!r:.80} is not filterable; give it "filterable": true in the '
                f"group {group.key} ({group.title!r:.60}) and save the group"
            )
        else:
            return chain[-1]
        return None

    def _chain(self, path: str) -> tuple[list[Field], Group | None]:
        """The fields from the top down to the one of the path."""
        first, *names = path.split(".")
        if first not in self._fields:
            return [], None
        one, group = self._fields[first]
        chain = [one]
        for name in names:
            inside = (*one.sub_fields, *(sub for row in one.layouts for sub in row.sub_fields))
            named = [sub for sub in inside if sub.name == name]
            if not named:
                return [], None
            # Of two layouts with such a field, the one that may be asked about.
            one = next((sub for sub in named if is_marked(sub, FILTERABLE)), named[0])
            chain.append(one)
        return chain, group

    def _of(self, path: str, field: Field, operator: str, values: tuple[Any, ...]) -> Filter:
        kind = self._site.types[field.type].compared_as
        is_list = self._site.types[field.type].typed_schema(field, self._site.types).get("type")
        return Filter(path, kind, operator, values, "." not in path and is_list != "array")

    def _filter(
        self, path: str, field: Field, operator: str, value: Any, where: str
    ) -> Iterator[Filter]:
        kind = self._site.types[field.type].compared_as
        if operator not in ("is", *_OPERATORS):
            self.faults[where] = f"must be one of {', '.join(_OPERATORS)}, or a value alone"
        elif operator == "exists":
            is_wanted = truth_of(value) if isinstance(value, str) else None
            if is_wanted is None:
                self.faults[where] = "must be true or false"
            else:
                yield self._of(path, field, operator, (is_wanted,))
        elif operator == "contains" and kind != "text":
            self.faults[where] = "only texts contain others; use min and max"
        else:
            yield from self._compared(path, field, operator, value, where)

    def _compared(
        self, path: str, field: Field, operator: str, value: Any, where: str
    ) -> Iterator[Filter]:
        given = value if isinstance(value, list) and operator == "is" else [value]
        texts = [one for one in given if isinstance(one, str) and one != "" and "\x00" not in one]
        if len(texts) != len(given) or not 0 < len(texts) <= MOST_VALUES:
            self.faults[where] = "must be a value" if operator != "is" else "must be values"
            return
        compared = [
            one if operator == "contains" else _comparable(field, one, self._site.types, operator)
            for one in texts
        ]
        if None in compared:
            self.faults[where] = f"must be a {self._site.types[field.type].compared_as}"
            return
        yield self._of(path, field, operator, tuple(compared))


def _may_see(actor: Actor, chain: Sequence[Field], group: Group) -> bool:
    """Whether this reader gets the values of all the fields down to the last one."""
    if not group.is_shown_in_rest or group.compliance_level == SENSITIVE or asks_reader(group):
        return False
    needed = frozenset().union(*(needed_to_read(one, group) for one in chain))
    return not needed or (not actor.is_anonymous and all(actor.has(one) for one in needed))


def _comparable(field: Field, text: str, types: Types, operator: str) -> Comparable | None:
    """What stands in the index for this text: as the type would keep it, without its limits."""
    kind = types[field.type]
    taking = Taking(types, FieldFaults())
    kept = kind.take(replace(field, is_required=False), text, taking, field.name)
    values = kind.sort_values(field, kept) if kept is not None and not taking.faults else ()
    if len(values) == 1:
        found = values[0]
        return found[:LONGEST] if isinstance(found, str) else found
    if kind.compared_as == "number":
        number = number_of(text)
        return float(number) if number is not None else None
    return _moment(text, operator) if kind.compared_as == "moment" else text[:LONGEST]


def _moment(text: str, operator: str) -> datetime | None:
    exact = DateTimePicker().moment(text)
    day = DatePicker().moment(text)
    if exact is None and day is not None and operator == "max":
        exact = datetime.combine(day.date(), time(23, 59, 59))
    moment = exact or day
    return moment.replace(tzinfo=UTC) if moment is not None else None
