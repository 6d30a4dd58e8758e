"""The controls of widgets with what they can choose from: a constant number of statements for all
widgets of a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cms.admin.fields.drawing import Chosen
from cms.admin.forms import Form
from cms.admin.page import Page
from cms.admin.picking import Picking
from cms.admin.widget_fields import WIDGET_FIELDS, Control, WidgetField
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.site.models import Menu, Widget

_FILES = frozenset({Control.FILE, Control.FILES})


@dataclass(frozen=True)
class Shown:
    """A control: `value` is what it holds, `picking` what a file is chosen by."""

    field: WidgetField
    name: str
    value: Any
    choices: Sequence[tuple[str, str]] = ()
    picking: Picking | None = None

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(frozen=True)
class Offers:
    """What can be chosen: menus, taxonomies, and the titles of files that are chosen already."""

    menus: Sequence[tuple[str, str]]
    taxonomies: Sequence[tuple[str, str]]
    titles: Mapping[int, str]


async def offers(work: UnitOfWork, page: Page, found: Iterable[Widget]) -> Offers:
    """For these widgets; menus and files are asked for where a widget wants them."""
    widgets = list(found)
    taxonomies = [
        (one.name, page.words.gettext(one.label))
        for one in work.registry.taxonomies.values()
        if one.is_public
    ]
    return Offers(
        await _menus(work, page) if any(one.id_base == "nav_menu" for one in widgets) else [],
        taxonomies,
        await _titles(work, {number for one in widgets for number in _files_of(one)}),
    )


async def _menus(work: UnitOfWork, page: Page) -> list[tuple[str, str]]:
    rows = await work.all(
        select(Menu.id, Menu.name)
        .where(Menu.tenant_id == work.tenant_id)
        .order_by(Menu.sort_key, Menu.id)
    )
    return [("0", page.say("none yet")), *((str(row.id), row.name) for row in rows)]


async def _titles(work: UnitOfWork, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = await work.all(
        select(Post.id, Post.title).where(
            Post.tenant_id == work.tenant_id, Post.id.in_(ids), Post.post_type == "attachment"
        )
    )
    return {row.id: row.title or f"#{row.id}" for row in rows}


def _files_of(widget: Widget) -> list[int]:
    return [
        number
        for one in WIDGET_FIELDS.get(widget.id_base, ())
        if one.control in _FILES
        for number in _numbers(widget.instance.get(one.name))
    ]


def _numbers(value: Any) -> list[int]:
    """WordPress keeps numbers of files as numbers, as texts, and as texts with commas."""
    listed = value if isinstance(value, list) else str(value or "").split(",")
    return [int(one) for one in map(str, listed) if one.isascii() and one.isdigit() and int(one)]


def controls(widget: Widget, offered: Offers, typed: Form | None) -> list[Shown]:
    """The controls of a widget, with what is stored or, of a refused form, with what was typed."""
    return [_shown(widget, one, offered, typed) for one in WIDGET_FIELDS.get(widget.id_base, ())]


def _shown(widget: Widget, one: WidgetField, offered: Offers, typed: Form | None) -> Shown:
    name = one.of(widget.id)
    value = widget.instance.get(one.name, one.otherwise)
    if typed is not None:
        value = typed.all(name) if one.control in _FILES else typed.text(name)
    if one.control in _FILES:
        return Shown(one, name, value, picking=_picking(one, name, _numbers(value), offered))
    choices = {Control.MENU: offered.menus, Control.TAXONOMY: offered.taxonomies}
    return Shown(one, name, value, choices.get(one.control, one.choices))


def _picking(one: WidgetField, name: str, ids: list[int], offered: Offers) -> Picking:
    source = {
        "endpoint": "/wp-json/wp/v2/media",
        "arguments": {"media_type": one.media_type},
        "search": "search",
        "id": "id",
        "title": "title.rendered",
    }
    chosen = [Chosen(number, offered.titles.get(number, f"#{number}")) for number in ids]
    return Picking(name, one.label, chosen, source, one.control is Control.FILES)


async def unknown_files(
    work: UnitOfWork, widget: Widget, values: Mapping[str, Any]
) -> dict[str, str]:
    """Faults of files that are none of the library, by the names of their inputs."""
    wanted = {
        one.of(widget.id): _numbers(values.get(one.name))
        for one in WIDGET_FIELDS.get(widget.id_base, ())
        if one.control in _FILES
    }
    known = await _titles(work, {number for ids in wanted.values() for number in ids})
    return {
        name: f"{missing[0]} is no file of the library; choose one that is"
        for name, ids in wanted.items()
        if (missing := [number for number in ids if number not in known])
    }
