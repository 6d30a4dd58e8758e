"""Widgets: what stands in the sidebars of the theme, in which order, and what waits for a place."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.widget_controls import Offers, Shown, controls, offers, unknown_files
from cms.admin.widget_fields import WIDGET_FIELDS, read
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.site import widgets
from cms.site.models import Widget
from cms.site.widget_types import WIDGET_TYPES, WidgetType

_HOME = "/admin/widgets"
_ONE = f"{_HOME}/{{widget_id:str}}"
_OF, _EDIT = "widget", "widget.edit"
_TITLE = "title"


@dataclass(frozen=True)
class Line:
    """A widget as the screen shows it: its kind, None for one that nobody knows here; its texts and
    its other controls; and the ways in which it can go. `rest` is what a kind that nobody knows is
    set to, as JSON."""

    widget: Widget
    kind: WidgetType | None
    texts: Sequence[tuple[str, str]]
    controls: Sequence[Shown]
    rest: str
    steps: Sequence[str]

    @property
    def name(self) -> str:
        return self.kind.name if self.kind else self.widget.id_base

    @property
    def title(self) -> str:
        return str(self.widget.instance.get(_TITLE, ""))


@screen(_HOME, action="widget.read", resource=_OF)
async def list_widgets(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The sidebars with their widgets."""
    return await _listed(work, page, {})


async def _listed(
    work: UnitOfWork, page: Page, faults: dict[str, str], at: str = ""
) -> Response[bytes]:
    by_place: dict[str, list[Widget]] = {one: [] for one in widgets.sidebars(work)}
    all_of_them = await widgets.listed(work)
    offered = await offers(work, page, all_of_them)
    for widget in all_of_them:
        by_place[widgets.place_of(work, widget)].append(widget)
    return page.render(
        "widgets/list.html",
        status=422 if faults else 200,
        places={place: _lines(page, found, offered, at) for place, found in by_place.items()},
        names={**work.tenant.site.sidebars, widgets.INACTIVE: page.say("Not shown")},
        kinds=WIDGET_TYPES.values(),
        faults=faults,
        faulty=at,
        may_edit=page.may(_EDIT),
    )


def _lines(page: Page, found: Sequence[Widget], offered: Offers, at: str) -> list[Line]:
    last = len(found) - 1
    return [
        _line(
            one,
            [*(["up"] if place else []), *(["down"] if place < last else [])],
            controls(one, offered, page.form if one.id == at else None),
        )
        for place, one in enumerate(found)
    ]


def _line(widget: Widget, steps: Sequence[str], shown: Sequence[Shown]) -> Line:
    kind = WIDGET_TYPES.get(widget.id_base)
    names = kind.texts if kind else ()
    texts = [(name, str(widget.instance.get(name, ""))) for name in names]
    rest = {key: one for key, one in widget.instance.items() if key != _TITLE}
    written = "" if kind else json.dumps(rest, ensure_ascii=False, indent=2) if rest else ""
    return Line(widget, kind, texts, shown, written, steps)


@form(_HOME, action=_EDIT, resource=_OF)
async def add_widget(work: UnitOfWork, page: Page) -> Response[bytes]:
    """A widget at the end of a sidebar, still empty."""
    id_base = page.form.text("id_base")
    if id_base not in WIDGET_TYPES:
        raise InvalidInput({"id_base": "must be one of the kinds of widgets"})
    try:
        made = await widgets.add(work, id_base, page.form.text("sidebar"), {})
    except InvalidInput as refused:
        return await _listed(work, page, refused.faults)
    told = page.say("The widget is added. Say what it shows.")
    return page.redirect(f"{_HOME}#{made.id}", told)


@form(f"{_HOME}/order", action=_EDIT, resource=_OF)
async def order_widgets(work: UnitOfWork, page: Page) -> Response[bytes]:
    """A widget to a place: into a sidebar, before one of it or at its end."""
    sent = page.form
    moved, before = sent.text("moved"), sent.text("before")
    await widgets.find(work, moved)
    place = sent.text("holder")
    if place not in widgets.sidebars(work):
        raise InvalidInput({"holder": "is no sidebar of this site; load the page again"})
    order = [one.id for one in await widgets.listed(work, place) if one.id != moved]
    order.insert(order.index(before) if before in order else len(order), moved)
    await widgets.arrange(work, place, order)
    return page.redirect(f"{_HOME}#{moved}", page.say("The order is saved."))


_STEPS = {"up": -1, "down": 1}


@form(_ONE, action=_EDIT, resource=_OF)
async def change_widget(work: UnitOfWork, page: Page, widget_id: str) -> Response[bytes]:
    """Move a widget among those beside it, take it away, or change what it shows."""
    widget, step = await widgets.find(work, widget_id), page.form.text("step")
    if step == "remove":
        await widgets.remove(work, widget)
        return page.redirect(_HOME, page.say("The widget is removed."))
    if step in _STEPS:
        await _step(work, widget, _STEPS[step])
        return page.redirect(f"{_HOME}#{widget_id}", page.say("The order is saved."))
    sidebar = page.form.text("sidebar")
    try:
        await widgets.change(
            work, widget, instance=await _instance(work, widget, page), sidebar=sidebar
        )
    except InvalidInput as refused:
        await work.begin_anew()
        return await _listed(work, page, refused.faults, widget_id)
    return page.redirect(f"{_HOME}#{widget_id}", page.say("The widget is saved."))


async def _step(work: UnitOfWork, widget: Widget, step: int) -> None:
    place = widgets.place_of(work, widget)
    order = [one.id for one in await widgets.listed(work, place)]
    at = order.index(widget.id)
    order.insert(max(0, at + step), order.pop(at))
    await widgets.arrange(work, place, order)


async def _instance(work: UnitOfWork, widget: Widget, page: Page) -> dict[str, Any]:
    """What the form says of a widget. What had no control in it stays as it was; of a kind that
    nobody knows all is said as JSON."""
    kind, sent = WIDGET_TYPES.get(widget.id_base), page.form
    title = {_TITLE: sent.text(_TITLE)} if sent.has(_TITLE) else {}
    if kind is None or widget.id_base not in WIDGET_FIELDS:
        return {**_written(sent.text("rest")), **title}
    values, faults = read(widget.id_base, widget.id, sent)
    faults |= await unknown_files(work, widget, values)
    if faults:
        raise InvalidInput(faults)
    texts = {name: sent.raw(name) for name in kind.texts}
    return {**widget.instance, **values, **title, **texts}


def _written(text: str) -> dict[str, Any]:
    try:
        rest = json.loads(text or "{}")
    except (ValueError, RecursionError):
        rest = None
    if not isinstance(rest, dict):
        raise InvalidInput({"rest": "must be an object of JSON"})
    return rest


WIDGET_SCREENS: list[Any] = [list_widgets, add_widget, order_widgets, change_widget]
