"""What stands around a list of posts: tabs, filters, columns that plugins give, kept views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from cms.admin.offering import PeopleOffered
from cms.admin.page import Page
from cms.admin.screens.posts.asking import (
    Wanted,
    choices_of,
    filterable,
    number_of,
    taxonomies_of,
)
from cms.admin.screens.posts.labels import STATUSES
from cms.content import browsing, people
from cms.content.browsing import COUNTED, LISTED
from cms.content.models import Term
from cms.content.people import PeopleQuery
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.field import Field
from cms.fields.models import FieldIndexRow
from cms.fields.types.choices import labels
from cms.kernel.declarations import RestField

MOST_CHOICES = 200
"""So many terms or people stand in a list to choose from; a longer one is searched."""


@dataclass(frozen=True)
class Tab:
    """A status and how many posts have it; empty where that is not counted."""

    label: str
    address: str
    count: str
    is_here: bool


@dataclass(frozen=True)
class Facet:
    """A filter: a choice of values, or a text where `choices` is None."""

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]] | None
    is_terms: bool = False
    is_of_field: bool = False


async def tabs(work: UnitOfWork, page: Page, asked: Wanted) -> list[Tab]:
    """All, and each status that there are posts of."""
    counted = await browsing.counts(work, asked.post_type)
    shown = [one for one in (*LISTED, Status.TRASH) if counted[one] or asked.status is one]
    of_status = [
        Tab(
            page.say(STATUSES[one].text),
            asked.with_status(one),
            f"{COUNTED}+" if counted[one] >= COUNTED else str(counted[one]),
            asked.status is one,
        )
        for one in shown
    ]
    return [Tab(page.say("All"), asked.with_status(None), "", asked.status is None), *of_status]


async def facets(work: UnitOfWork, page: Page, asked: Wanted) -> list[Facet]:
    """The filters that the type has."""
    found = await _of_terms(work, page, asked)
    if work.actor.has(asked.post_type.capability("edit_others")):
        found.insert(0, await _of_authors(work, page, asked))
    fields = filterable(work, asked.post_type)
    said_of = [number_of(asked.fields.get(one.argument, "")) for one in fields]
    chosen = [one for one in said_of if one is not None]
    offered = await work.shape(PeopleOffered(asked.post_type.name, chosen))
    return found + [_of_field(work, page, asked, one, offered) for one in fields]


async def _of_authors(work: UnitOfWork, page: Page, asked: Wanted) -> Facet:
    found, _ = await people.page(
        work, PeopleQuery(work.actor.has("list_users"), writes=True, limit=MOST_CHOICES)
    )
    choices = [(str(one.id), one.display_name) for one in found]
    return Facet("author", page.say("Author"), str(asked.author_id or ""), choices)


async def _of_terms(work: UnitOfWork, page: Page, asked: Wanted) -> list[Facet]:
    """The terms of all taxonomies of the type by one statement, without counting their posts."""
    taxonomies = taxonomies_of(work, asked.post_type)
    place = func.row_number().over(partition_by=Term.taxonomy, order_by=(Term.sort_key, Term.id))
    numbered = (
        select(Term.id, Term.name, Term.taxonomy, place.label("place"))
        .where(
            Term.tenant_id == work.tenant_id, Term.taxonomy.in_([one.name for one in taxonomies])
        )
        .subquery()
    )
    chosen = numbered.c.id.in_(list(asked.terms.values()))
    rows = await work.all(
        select(numbered)
        .where(or_(numbered.c.place <= MOST_CHOICES, chosen))
        .order_by(numbered.c.taxonomy, numbered.c.place)
    )
    return [
        Facet(
            f"in.{one.name}",
            page.words.gettext(one.label),
            str(asked.terms.get(one.name, "")),
            [(str(row.id), row.name) for row in rows if row.taxonomy == one.name],
            is_terms=True,
        )
        for one in taxonomies
    ]


def _of_field(
    work: UnitOfWork, page: Page, asked: Wanted, one: RestField, offered: PeopleOffered
) -> Facet:
    drawn = drawn_field(work, one)
    known, choices = (labels(drawn) if drawn else {}), choices_of(one)
    yes_no = {"true": page.say("Yes"), "false": page.say("No")}
    listed = offered.people.get(one.name)
    if choices is not None:
        listed = [(key, said(page, key, {**yes_no, **known})) for key in choices]
    return Facet(
        f"by.{one.argument}",
        field_label(page, one, drawn),
        asked.fields.get(one.argument, ""),
        listed,
        is_of_field=True,
    )


def drawn_field(work: UnitOfWork, one: RestField) -> Field | None:
    """The field of a form that shows this one, whose words are better than its name."""
    fields = fields_of_site(work).field_by_key.values()
    return next((field for field, _ in fields if field.source == (one.part, one.name)), None)


def field_label(page: Page, one: RestField, drawn: Field | None) -> str:
    """What a column or filter is called: as its form calls it."""
    return drawn.label if drawn else page.words.gettext(_words_of(one.name))


def said(page: Page, value: str, known: Mapping[str, str]) -> str:
    """What a value is called."""
    return known.get(value) or page.words.gettext(_words_of(value))


def _words_of(name: str) -> str:
    return name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Column:
    """What plugins say of each post of a page, such as how far its review is."""

    label: str
    values: Mapping[int, str]


async def columns(work: UnitOfWork, page: Page, asked: Wanted, ids: Sequence[int]) -> list[Column]:
    """The states that plugins work out, by one statement, as lists are filtered by them."""
    fields = [one for one in filterable(work, asked.post_type) if one.compute is not None]
    if not fields or not ids:
        return []
    row = FieldIndexRow
    rows = await work.all(
        select(row.post_id, row.field, row.text_value).where(
            row.tenant_id == work.tenant_id,
            row.post_id.in_(ids),
            row.is_live.is_(False),
            row.field.in_([one.index_path for one in fields]),
            row.position == 0,
        )
    )
    return [_column(page, one, drawn_field(work, one), rows) for one in fields]


def _column(page: Page, one: RestField, drawn: Field | None, rows: Sequence[Any]) -> Column:
    known = labels(drawn) if drawn else {}
    values = {
        row.post_id: said(page, row.text_value, known)
        for row in rows
        if row.field == one.index_path and row.text_value
    }
    return Column(field_label(page, one, drawn), values)
