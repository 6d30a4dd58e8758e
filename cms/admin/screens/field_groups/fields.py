"""One field of a group: added, moved, and changed with all that its type can be told."""

from collections.abc import Mapping
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.field_groups.groups import draw_group
from cms.admin.screens.field_groups.keeping import (
    HOME,
    OF,
    ONE,
    READ,
    SAVE,
    change,
    done,
    keep,
    own,
    refused,
    tree_of,
)
from cms.admin.shaping import rules
from cms.admin.shaping.places import offered
from cms.admin.shaping.settings import changed, control
from cms.admin.shaping.tree import REMOVE, Tree, name_of, new_key
from cms.admin.shaping.words import OPERATORS
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields.catalogue import catalogue
from cms.fields.describing import wrapper
from cms.fields.field import Field
from cms.fields.group_settings import FIELD_SETTINGS
from cms.fields.groups import Changed, Kept
from cms.fields.type import Catalogue, Setting

# Shown by controls of their own, or by pages of their own.
_APART = frozenset(
    {"key", "label", "name", "type", "conditional_logic", "wrapper", "sub_fields", "layouts"}
)
_RIGHTS = (
    Setting("read_capability", {"type": "string", "default": ""}, "Capability that reading takes"),
    Setting("write_capability", {"type": "string", "default": ""}, "Capability that writing takes"),
)
_COMMON = tuple(one for one in (*FIELD_SETTINGS, *_RIGHTS) if one.name not in _APART)
_LABEL = Setting("label", {"type": "string", "default": ""}, "Label")
_NAME = Setting("name", {"type": "string", "default": ""}, "Name")
_PARTS = ("field", "operator", "value")


def settings_of(types: Catalogue, kind: str) -> list[Setting]:
    """What a field of this type can be told: label and name, its own settings, the common ones."""
    own_ones = [one for one in types[kind].settings if one.name not in _APART]
    first = [_LABEL, *([_NAME] if types[kind].has_value else [])]
    return [*first, *own_ones, *_COMMON]


@form(f"{ONE}/fields", action=SAVE, resource=OF)
async def add_field(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """A field at the end of a list; its name is made of its label when none is typed."""
    label = page.form.text("label")
    kind = page.form.text("type")
    made = {
        "key": new_key("field"),
        "label": label,
        "name": page.form.text("name") or name_of(label),
        "type": kind,
    }
    if kind not in catalogue(work.registry):
        raise InvalidInput({"type": "must be one of the types of fields"})
    said = page.say("The field is added. Say what it needs.")
    holder = page.form.text("holder")
    try:
        return await change(
            work, page, key, lambda tree: tree.add(holder, made), said, at=f"/fields/{made['key']}"
        )
    except InvalidInput as error:
        return draw_group(work, page, await own(work, key), error.faults)


@form(f"{ONE}/order", action=SAVE, resource=OF)
async def move_field(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """A field up, down or away by a button; or to a place, before a field or at the end."""
    sent = page.form
    moved, step = sent.text("moved"), sent.text("step")

    def alter(tree: Tree) -> None:
        if sent.has("holder"):
            tree.put(moved, sent.text("holder"), sent.text("before"))
        else:
            tree.step(moved, step)

    said = page.say("The field is removed.") if step == REMOVE else page.say("The order is saved.")
    at = "" if step == REMOVE else f"#{moved}"
    try:
        return await change(work, page, key, alter, said, at=at)
    except InvalidInput as error:
        return draw_group(work, page, await own(work, key), error.faults)


@screen(f"{ONE}/fields/{{field_key:str}}", action=READ, resource=OF)
async def show_field(work: UnitOfWork, page: Page, key: str, field_key: str) -> Response[bytes]:
    """One field with its settings."""
    kept = await own(work, key)
    said = tree_of(work, kept).find(field_key)[1].said
    return await _draw(work, page, kept, field_key, said)


async def _draw(
    work: UnitOfWork,
    page: Page,
    kept: Kept,
    field_key: str,
    said: Mapping[str, Any],
    *,
    conditions: rules.Alternatives | None = None,
    faults: Mapping[str, str] | None = None,
    told: str = "",
    status: int = 200,
) -> Response[bytes]:
    page.here = HOME
    types, tree = catalogue(work.registry), tree_of(work, kept)
    kind = str(said["type"])
    choices = await offered(work, kind, kept.key)
    holder, node = tree.find(field_key)
    logic = said.get("conditional_logic")
    asked = logic if isinstance(logic, list) else []
    return page.render(
        "field_groups/field.html",
        status=status,
        kept=kept,
        node=node,
        holder=holder,
        said=said,
        controls=[control(one, said, choices) for one in settings_of(types, kind)],
        wrapper=wrapper(Field(field_key, "", "", kind, definition=said)),
        types=[one for one in types if one.category != "internal" or one.name == kind],
        conditions=rules.plain(asked, _PARTS) if conditions is None else conditions,
        operators=OPERATORS,
        candidates=tree.asked_by(field_key),
        homes=tree.homes(field_key),
        faults=faults or {},
        refused_because=told,
    )


@form(f"{ONE}/fields/{{field_key:str}}", action=SAVE, resource=OF)
async def save_field(work: UnitOfWork, page: Page, key: str, field_key: str) -> Response[bytes]:
    """Save the field; or, by other buttons, show the settings of another type or other rules, with
    all that was typed and nothing saved."""
    kept = await own(work, key)
    types, tree = catalogue(work.registry), tree_of(work, kept)
    holder, node = tree.find(field_key)
    faults: dict[str, str] = {}
    said = _typed(page, types, node.said, faults)
    conditions, pressed = rules.sent(page.form), page.form.text("pressed")
    first = next((one.key for one in tree.asked_by(field_key)), "")
    blank = {"field": first, "operator": "==", "value": ""}
    if pressed == "type" or rules.turn(conditions, pressed, blank):
        return await _draw(work, page, kept, field_key, said, conditions=conditions)
    if faults:
        return await _draw(
            work, page, kept, field_key, said, conditions=conditions, faults=faults, status=422
        )
    _take_conditions(said, conditions)
    place = tree.place(field_key)
    tree.replace(field_key, said)
    try:
        made = await keep(work, page, tree.definition)
    except Changed:
        newest = await own(work, key)
        told = page.say(
            "Somebody has changed the group meanwhile. What you typed is still here; saving again "
            "puts it into the group as it is now."
        )
        return await _draw(work, page, newest, field_key, said, told=told, status=412)
    except InvalidInput as error:
        found = refused(error, place, holder.place)
        return await _draw(work, page, kept, field_key, said, faults=found, status=422)
    told = done(page, made, page.say("The field is saved."))
    return page.redirect(f"{HOME}/{key}#{field_key}", told)


def _typed(
    page: Page, types: Catalogue, before: Mapping[str, Any], faults: dict[str, str]
) -> dict[str, Any]:
    """The field as it was typed. The form was drawn with the settings of `drawn`; those of another
    type that was chosen meanwhile keep what the field has, or their defaults."""
    drawn, kind = page.form.text("drawn"), page.form.text("type")
    for name in (drawn, kind):
        if name not in types:
            raise InvalidInput({"type": "must be one of the types of fields"})
    said = changed(settings_of(types, drawn), {**before, "type": drawn}, page.form, faults)
    said["type"] = kind
    around = {name: page.form.text(f"wrapper.{name}") for name in ("width", "class", "id")}
    if around != wrapper(Field("", "", "", kind, definition=before)):
        said["wrapper"] = around
    if types[kind].has_value and not said.get("name"):
        said["name"] = name_of(str(said.get("label", "")))
    return said


def _take_conditions(said: dict[str, Any], wanted: rules.Alternatives) -> None:
    """Rules as they are kept; those that say the same as before stay to the letter."""
    logic = said.get("conditional_logic")
    if rules.plain(logic if isinstance(logic, list) else [], _PARTS) == wanted:
        return
    said["conditional_logic"] = [
        [
            {name: one for name, one in rule.items() if name != "value" or one != ""}
            for rule in alternative
        ]
        for alternative in wanted
    ] or 0


@form(f"{ONE}/fields/{{field_key:str}}/layouts", action=SAVE, resource=OF)
async def change_layouts(work: UnitOfWork, page: Page, key: str, field_key: str) -> Response[bytes]:
    """Add a layout of flexible content; change, move or remove one."""
    sent = page.form
    index, step = sent.number("index"), sent.text("step")
    label = sent.text("label")
    words = {"label": label, "name": sent.text("name") or name_of(label)}

    def alter(tree: Tree) -> None:
        if index is None:
            empty = {"key": new_key("layout"), **words, "display": "block", "sub_fields": []}
            tree.add_layout(field_key, {**empty, "min": "", "max": ""})
        elif step:
            tree.step_layout(field_key, index, step)
        else:
            limits = {"min": sent.number("min") or "", "max": sent.number("max") or ""}
            tree.change_layout(field_key, index, {**words, **limits})

    try:
        return await change(
            work, page, key, alter, page.say("The layouts are saved."), at=f"#{field_key}"
        )
    except InvalidInput as error:
        return draw_group(work, page, await own(work, key), error.faults)


FIELD_SCREENS: list[Any] = [add_field, move_field, show_field, save_field, change_layouts]
