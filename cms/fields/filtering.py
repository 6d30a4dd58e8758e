"""Lists of posts by the values of fields: `?fields[dose][min]=5`, `orderby=field.dose`.

What a list may be filtered by is marked `filterable` in its group, and visible to whoever asks: by
a filter a value could be found out step by step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.orm.util import AliasedClass

from cms.content import reading
from cms.content.models import Post
from cms.content.permissions import may_read
from cms.content.reading import PostQuery, PostView
from cms.content.statuses import Status
from cms.content.visibility import editable
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields.drafts import fields_of_site
from cms.fields.faults import FieldFaults
from cms.fields.field import Field, Group
from cms.fields.indexing import LONGEST, Comparable, closed_shelf, open_shelf, working_shelf
from cms.fields.locations import Place
from cms.fields.marks import (
    FILTERABLE,
    SENSITIVE,
    asks_reader,
    is_comparable,
    is_marked,
)
from cms.fields.models import FieldIndexRow
from cms.fields.site_fields import SiteFields
from cms.fields.type import Taking, Types
from cms.fields.types.choices import truth_of
from cms.fields.types.moments import DatePicker, DateTimePicker
from cms.fields.types.numbers import number_of
from cms.kernel.actors import Actor
from cms.kernel.declarations import PostType

ARGUMENT = "fields"
ORDER = "field."
MOST_FILTERS, MOST_VALUES = 10, 100

_OPERATORS = ("min", "max", "contains", "exists")
_Rows = type[FieldIndexRow] | AliasedClass[FieldIndexRow]


@dataclass(frozen=True)
class Filter:
    """One comparison: `is` any of some values, `min`, `max`, `contains`, or `exists`."""

    path: str
    kind: str
    operator: str
    values: tuple[Any, ...]
    is_single: bool = False
    """Whether a post has at most one value there."""


@dataclass(frozen=True)
class Asked:
    """What a list is filtered and ordered by."""

    filters: tuple[Filter, ...] = ()
    order: Filter | None = None

    def __bool__(self) -> bool:
        return bool(self.filters or self.order)


NOTHING = Asked()


def read(work: UnitOfWork, post_type: PostType, given: Any, order_by: str | None = None) -> Asked:
    """What is asked for. InvalidInput names every field that cannot be filtered, and the remedy."""
    reader = _Reader(work, post_type)
    filters = list(reader.filters(given))
    order = reader.order(order_by) if order_by else None
    if reader.faults:
        raise InvalidInput(reader.faults)
    return Asked(tuple(filters), order)


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
    needed = {str(one.definition.get("read_capability") or "") for one in chain} - {""}
    if group.compliance_level != "basic":
        needed.add("read_professional_fields")
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


# -- in the database


async def page(work: UnitOfWork, query: PostQuery, asked: Asked) -> tuple[list[PostView], int]:
    """As `reading.page`, of posts whose fields are as asked."""
    if not asked:
        return await reading.page(work, query)
    if _is_open(work, query) and any(_finds(one) for one in _all(asked)):
        return await _open_page(work, query, asked)
    return await reading.page(work, _narrowed(work, query, asked))


def _all(asked: Asked) -> list[Filter]:
    return [*asked.filters, *([asked.order] if asked.order else [])]


def _finds(one: Filter) -> bool:
    """Whether it finds posts by a value; the others only leave some out."""
    return one.operator != "exists" or one.values == (True,)


def _is_open(work: UnitOfWork, query: PostQuery) -> bool:
    """Whether the list holds what everybody may read and nothing else: then the index alone tells
    which posts those are. Who edits may also find what a password protects."""
    return reading.is_plain(query) and not work.actor.has(query.post_type.capability("edit"))


async def _open_page(
    work: UnitOfWork, query: PostQuery, asked: Asked
) -> tuple[list[PostView], int]:
    matching, order = _open_matching(work, query, asked)
    total = select(func.count()).select_from(matching.subquery()).scalar_subquery()
    cut = matching.order_by(*order).limit(query.limit).offset(query.offset).subquery()
    rows = await work.all(select(cut.c.post_id, total.label("total")).select_from(cut))
    if not rows:
        counted = await work.one(select(func.count()).select_from(matching.subquery()))
        return [], int(counted[0])
    views = {
        view.id: view
        for view in await reading.some(work, query.post_type, [row.post_id for row in rows])
        # Between the two statements a post may have been closed.
        if Status(view.post.status) is Status.PUBLISH
        and not view.post.password
        and may_read(work.actor, query.post_type, view.post)
    }
    return [views[row.post_id] for row in rows if row.post_id in views], rows[0].total


def _open_matching(
    work: UnitOfWork, query: PostQuery, asked: Asked
) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """Posts by the index alone, and their order. One comparison leads, along its index; the others
    look at each post that it finds."""
    shelf = open_shelf(query.post_type.name)
    row = FieldIndexRow
    # A list can be walked in the order of its dates only where one value leads.
    lead = asked.order or min(
        (one for one in asked.filters if _finds(one)),
        key=lambda one: (one.operator != "is" or len(one.values) > 1, not one.is_single),
    )
    with_it = [
        one
        for one in asked.filters
        if one is lead or (one.path == lead.path and lead.is_single and _finds(one))
    ]
    conditions = [
        _at(work, row, lead.path),
        row.shelf == shelf,
        _column(row, lead).is_not(None),
        *(_holds(row, one) for one in with_it),
        *(_beside(work, one) for one in asked.filters if one not in with_it),
    ]
    matching: Select[Any] = select(row.post_id, row.date_local)
    if asked.order:
        column = _column(row, asked.order)
        found = matching.add_columns(column).where(*conditions, row.position == 0)
        keys: list[Any] = [column, row.date_local, row.post_id]
        return found, [one.desc() if query.descending else one.asc() for one in keys]
    found = matching.where(*conditions)
    is_once = lead.is_single or (lead.operator == "is" and len(lead.values) == 1)
    columns: list[Any] = [row.date_local, row.post_id]
    if not is_once:
        inner = found.distinct().subquery()
        found = select(inner.c.post_id, inner.c.date_local)
        columns = [inner.c.date_local, inner.c.post_id]
    return found, [one.desc() if query.descending else one.asc() for one in columns]


def _beside(work: UnitOfWork, one: Filter) -> ColumnElement[bool]:
    """The same post has, or has not, a value that fits; looked up by the post."""
    other = aliased(FieldIndexRow)
    found = (
        select(other.post_id)
        .where(
            _at(work, other, one.path),
            other.post_id == FieldIndexRow.post_id,
            other.is_live.is_(True),
            *([_holds(other, one)] if _finds(one) else []),
        )
        .correlate(FieldIndexRow)
        .exists()
    )
    return found if _finds(one) else not_(found)


def _narrowed(work: UnitOfWork, query: PostQuery, asked: Asked) -> PostQuery:
    """The query with what is asked of fields, for whatever else it asks and whoever asks it."""
    name = query.post_type.name
    shelves = [working_shelf(name)] if query.working else [open_shelf(name), closed_shelf(name)]
    row = FieldIndexRow
    conditions: list[ColumnElement[bool]] = []
    for one in _all(asked):
        holding = [_holds(row, one)] if _finds(one) else []
        posts = select(row.post_id).where(
            _at(work, row, one.path), row.shelf.in_(shelves), *holding
        )
        conditions.append(Post.id.in_(posts) if _finds(one) else Post.id.not_in(posts))
    # A filter must not tell step by step what a password protects.
    conditions.append(or_(Post.password == "", editable(work.actor, query.post_type)))
    return replace(
        query,
        conditions=[*query.conditions, *conditions],
        order=_by_field(work, query, asked.order) if asked.order else query.order,
    )


def _by_field(work: UnitOfWork, query: PostQuery, order: Filter) -> list[ColumnElement[Any]]:
    row = aliased(FieldIndexRow)
    first = (
        select(_column(row, order))
        .where(
            _at(work, row, order.path),
            row.post_id == Post.id,
            row.is_live.is_(not query.working),
            row.position == 0,
        )
        .correlate(Post)
        .scalar_subquery()
    )
    keys: list[Any] = [first, Post.date_local, Post.id]
    return [one.desc() if query.descending else one.asc() for one in keys]


def _at(work: UnitOfWork, row: _Rows, path: str) -> ColumnElement[bool]:
    return and_(row.tenant_id == work.tenant_id, row.field == path)


def _column(row: _Rows, one: Filter) -> Any:
    columns = {"text": row.text_value, "number": row.number_value, "moment": row.moment_value}
    return columns[one.kind]


def _holds(row: _Rows, one: Filter) -> ColumnElement[bool]:
    column = _column(row, one)
    if one.operator == "exists":
        return true()
    if one.operator == "contains":
        found: ColumnElement[bool] = (
            func.strpos(func.cms.fold(column), func.cms.fold(one.values[0])) > 0
        )
        return found
    if one.operator == "min":
        return and_(column >= one.values[0])
    if one.operator == "max":
        return and_(column <= one.values[0])
    return and_(column == one.values[0] if len(one.values) == 1 else column.in_(one.values))
