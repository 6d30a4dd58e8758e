"""Widgets in the sidebars of the theme, and those that wait for a place."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import msgspec
from sqlalchemy import delete, func, select

from cms.content.naming import hold
from cms.content.permissions import require
from cms.content.surrounding import surroundings
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.markup.clean import clean_content, clean_title
from cms.markup.render import render_content, render_title
from cms.markup.surroundings import Surroundings
from cms.site.events import WidgetsChanged
from cms.site.models import Widget
from cms.site.types import THEME
from cms.site.widget_types import WIDGET_TYPES

INACTIVE = "wp_inactive_widgets"
BEFORE_WIDGET, AFTER_WIDGET = '<section id="%1$s" class="widget %2$s">', "</section>"
BEFORE_TITLE, AFTER_TITLE = '<h2 class="widget-title">', "</h2>"

MOST_WIDGETS = 200
LARGEST_INSTANCE = 100_000
_DEEPEST = 8
_ID = re.compile(r"(?P<base>[A-Za-z0-9_-]{1,100})-(?P<number>[0-9]{1,15})")


def sidebars(work: UnitOfWork) -> list[str]:
    """The sidebars of the theme, and last the place of widgets that nobody sees."""
    return [*work.tenant.site.sidebars, INACTIVE]


async def listed(work: UnitOfWork, sidebar: str | None = None) -> list[Widget]:
    """The widgets, sidebar by sidebar in their order, with one statement. What stands in a sidebar
    that the theme has no longer is inactive."""
    rows = await work.all(
        select(Widget)
        .where(Widget.tenant_id == work.tenant_id)
        .order_by(Widget.position, Widget.number)
    )
    places = sidebars(work)
    found = sorted((row[0] for row in rows), key=lambda one: places.index(place_of(work, one)))
    return [one for one in found if sidebar in {None, place_of(work, one)}]


def place_of(work: UnitOfWork, widget: Widget) -> str:
    """The sidebar in which the widget counts."""
    return widget.sidebar if widget.sidebar in work.tenant.site.sidebars else INACTIVE


async def find(work: UnitOfWork, widget_id: str) -> Widget:
    """The widget of an id such as `block-2`, or NotFound."""
    written = _ID.fullmatch(widget_id)
    if written is None:
        raise NotFound("widget", widget_id)
    key = (work.tenant_id, written["base"], int(written["number"]))
    widget = await work.session.get(Widget, key)
    if widget is None:
        raise NotFound("widget", widget_id)
    return widget


async def add(work: UnitOfWork, id_base: str, sidebar: str, instance: Mapping[str, Any]) -> Widget:
    """A new widget at the end of a sidebar."""
    require(work.actor.has(THEME), "widget.edit", "Widgets belong to the theme.")
    cleaned = clean_instance(instance)
    _require_sidebar(work, sidebar)
    await hold(work, "widgets")
    count = (await work.one(select(func.count()).where(Widget.tenant_id == work.tenant_id)))[0]
    if count >= MOST_WIDGETS:
        raise InvalidInput({"id_base": f"{MOST_WIDGETS} widgets are there already; delete some"})
    widget = Widget(
        tenant_id=work.tenant_id,
        id_base=id_base,
        # WordPress counts from 2.
        number=1 + await work.next_id("widget"),
        sidebar=sidebar,
        position=await _end_of(work, sidebar),
        instance=cleaned,
    )
    work.session.add(widget)
    await work.emit(WidgetsChanged(after={"widget": widget.id, "sidebar": sidebar}))
    return widget


async def change(
    work: UnitOfWork,
    widget: Widget,
    *,
    instance: Mapping[str, Any] | None = None,
    sidebar: str | None = None,
) -> None:
    """Set a widget anew, or move it to the end of another sidebar."""
    require(work.actor.has(THEME), "widget.edit", "Widgets belong to the theme.")
    before = {"widget": widget.id, "sidebar": widget.sidebar}
    if instance is not None:
        widget.instance = clean_instance(instance)
    if sidebar is not None and sidebar != place_of(work, widget):
        _require_sidebar(work, sidebar)
        await hold(work, "widgets")
        widget.position = await _end_of(work, sidebar)
        widget.sidebar = sidebar
    after = {"widget": widget.id, "sidebar": widget.sidebar}
    await work.emit(WidgetsChanged(before=before, after=after))


async def remove(work: UnitOfWork, widget: Widget) -> None:
    """Delete a widget for good."""
    require(work.actor.has(THEME), "widget.edit", "Widgets belong to the theme.")
    await work.execute(
        delete(Widget).where(
            Widget.tenant_id == work.tenant_id,
            Widget.id_base == widget.id_base,
            Widget.number == widget.number,
        )
    )
    await work.emit(WidgetsChanged(before={"widget": widget.id, "sidebar": widget.sidebar}))


async def arrange(work: UnitOfWork, sidebar: str, wanted: Sequence[str]) -> None:
    """Put these widgets, and no others, into a sidebar in this order. Those that leave it wait
    among the inactive ones."""
    require(work.actor.has(THEME), "widget.edit", "Widgets belong to the theme.")
    await hold(work, "widgets")
    everything = {one.id: one for one in await listed(work)}
    unknown = [name for name in wanted if name not in everything]
    if unknown:
        raise InvalidInput({"widgets": f"{', '.join(unknown[:5])} is no widget of this site"})
    was = [one.id for one in everything.values() if place_of(work, one) == sidebar]
    for name in was:
        if name not in wanted:
            everything[name].sidebar = INACTIVE
    for position, name in enumerate(dict.fromkeys(wanted)):
        everything[name].sidebar, everything[name].position = sidebar, position
    await work.emit(
        WidgetsChanged(
            before={"sidebar": sidebar, "widgets": was},
            after={"sidebar": sidebar, "widgets": list(wanted)},
        )
    )


def _require_sidebar(work: UnitOfWork, sidebar: str) -> None:
    if sidebar not in sidebars(work):
        known = ", ".join(sidebars(work))
        raise InvalidInput({"sidebar": f"{sidebar!r} is no sidebar of this site; it has {known}"})


async def _end_of(work: UnitOfWork, sidebar: str) -> int:
    row = await work.one(
        select(func.coalesce(func.max(Widget.position), -1) + 1).where(
            Widget.tenant_id == work.tenant_id, Widget.sidebar == sidebar
        )
    )
    return int(row[0])


def clean_instance(instance: Mapping[str, Any]) -> dict[str, Any]:
    """What a widget is set to, with every text in it cleaned like content."""
    if len(msgspec.json.encode(instance)) > LARGEST_INSTANCE:
        raise InvalidInput({"instance": f"is larger than {LARGEST_INSTANCE} bytes; shorten it"})
    cleaned: dict[str, Any] = _cleaned("", dict(instance), _DEEPEST)
    return cleaned


def _cleaned(name: str, value: Any, deep: int) -> Any:
    if deep == 0:
        raise InvalidInput({"instance": f"is nested deeper than {_DEEPEST} levels"})
    if isinstance(value, str):
        return clean_title(value) if name == "title" else clean_content(value)
    if isinstance(value, Mapping):
        return {clean_title(str(key)): _cleaned(key, one, deep - 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(name, one, deep - 1) for one in value]
    return value


async def around(work: UnitOfWork, shown: Iterable[tuple[str, Mapping[str, Any]]]) -> Surroundings:
    """What the texts of these widgets (kind and instance) are rendered among, for all at once."""
    texts = [text for id_base, instance in shown for text in _texts(id_base, instance)]
    return (await surroundings(work, None, *texts))[0]


def _texts(id_base: str, instance: Mapping[str, Any]) -> list[str]:
    kind = WIDGET_TYPES.get(id_base)
    return [str(instance.get(name, "")) for name in kind.texts] if kind is not None else []


def rendered(id_base: str, widget_id: str, instance: Mapping[str, Any], among: Surroundings) -> str:
    """The HTML of a widget that holds text, in the frame of the sidebar; the others are for the
    front end to draw from their data, and are empty here."""
    kind, texts = WIDGET_TYPES.get(id_base), _texts(id_base, instance)
    if kind is None or not any(texts):
        return ""
    inside = "".join(render_content(text, among) for text in texts)
    if id_base != "block":
        inside = f'<div class="textwidget">{inside}</div>'
        title = render_title(str(instance.get("title", "")))
        inside = f"{BEFORE_TITLE}{title}{AFTER_TITLE}{inside}" if title else inside
    frame = BEFORE_WIDGET.replace("%1$s", escape(widget_id)).replace("%2$s", kind.classname)
    return f"{frame}{inside}{AFTER_WIDGET}"
