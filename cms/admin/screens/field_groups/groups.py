"""Field groups: all of them, one with the tree of its fields, its settings, versions, preview."""

from typing import Any

from litestar import Response

from cms.admin.fields.drawing import Drawing
from cms.admin.fields.rows import change_rows
from cms.admin.fields.sending import Sent
from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.field_groups.keeping import (
    HOME,
    OF,
    ONE,
    READ,
    SAVE,
    done,
    keep,
    overtaken,
    own,
    seen,
    tree_of,
)
from cms.admin.shaping.settings import changed, control
from cms.admin.shaping.tree import new_key
from cms.content.faults import Faults
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.fields import groups
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.drafts import fields_of_site
from cms.fields.field import Group
from cms.fields.group_settings import GROUP_SETTINGS, HIDEABLE
from cms.fields.groups import OF_SITE, Changed, Kept
from cms.fields.locations import PARAMETERS
from cms.fields.showing import Addresses, Form, known_to
from cms.fields.site_fields import fields_of
from cms.fields.type import Setting, Showing

_TITLE = Setting("title", {"type": "string"}, "Title")
_SETTINGS = (_TITLE, *GROUP_SETTINGS)
_OFFERED = {"hide_on_screen": [(one, one.replace("_", " ")) for one in HIDEABLE]}


def readable(work: UnitOfWork, kept: Kept) -> Group:
    """The group as values; what cannot be read of it is left out."""
    return read_group(kept.definition, catalogue(work.registry), Faults(), version=kept.version)


@screen(HOME, action="field_group.list", resource=OF)
async def list_groups(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The groups of the site and those that plugins declare."""
    return await listed(work, page)


async def listed(
    work: UnitOfWork, page: Page, faults: dict[str, str] | None = None
) -> Response[bytes]:
    """The list, with what is wrong with what was sent from it."""
    found = [(one, readable(work, one)) for one in await groups.listed(work)]
    return page.render(
        "field_groups/list.html",
        status=422 if faults else 200,
        groups=found,
        parameters=PARAMETERS,
        of_site=OF_SITE,
        faults=faults or {},
        title=page.form.text("title"),
    )


@form(HOME, action=SAVE, resource=OF)
async def add_group(work: UnitOfWork, page: Page) -> Response[bytes]:
    """A group without fields, which applies nowhere yet."""
    key = new_key("group")
    said = {
        "key": key,
        "title": page.form.text("title"),
        "fields": [],
        "location": [],
        "active": True,
        "show_in_rest": True,
    }
    try:
        await keep(work, page, said, is_new=True)
    except InvalidInput as refused:
        return await listed(work, page, refused.faults)
    told = page.say("The group is added. Give it fields, and say where it is shown.")
    return page.redirect(f"{HOME}/{key}", told)


@screen(ONE, action=READ, resource=OF)
async def show_group(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """One group: its fields as a tree, and where it is shown."""
    return draw_group(work, page, await groups.one(work, key), {})


def draw_group(
    work: UnitOfWork, page: Page, kept: Kept, faults: dict[str, str], status: int = 422
) -> Response[bytes]:
    """The page of a group, with what is wrong with the step that was asked for."""
    page.here = HOME
    types = catalogue(work.registry)
    return page.render(
        "field_groups/group.html",
        status=status if faults else 200,
        kept=kept,
        group=readable(work, kept),
        tree=None if kept.faults else tree_of(work, kept),
        types={one.name: one.label for one in types},
        offered=[one for one in types if one.category != "internal"],
        parameters=PARAMETERS,
        may_change=kept.source == OF_SITE and not kept.faults and page.may(SAVE),
        is_own=kept.source == OF_SITE,
        faults=faults,
    )


@screen(f"{ONE}/settings", action=READ, resource=OF)
async def show_settings(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """What the group says of itself beside its fields."""
    kept = await own(work, key)
    return _settings(page, kept, kept.definition, {})


def _settings(page: Page, kept: Kept, said: Any, faults: dict[str, str]) -> Response[bytes]:
    return page.render(
        "field_groups/settings.html",
        status=422 if faults else 200,
        kept=kept,
        controls=[control(one, said, _OFFERED) for one in _SETTINGS],
        faults=faults,
    )


@form(f"{ONE}/settings", action=SAVE, resource=OF)
async def save_settings(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """Save what the group says of itself."""
    kept = await own(work, key)
    faults: dict[str, str] = {}
    said = changed(_SETTINGS, kept.definition, page.form, faults)
    if faults:
        return _settings(page, kept, said, faults)
    try:
        made = await keep(work, page, said)
    except Changed:
        return overtaken(page, key)
    except InvalidInput as refused:
        return _settings(page, kept, said, refused.faults)
    return page.redirect(f"{HOME}/{key}", done(page, made, page.say("The settings are saved.")))


@form(f"{ONE}/remove", action="field_group.remove", resource=OF)
async def remove_group(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """Stop using the group; its versions and the values written with it stay."""
    try:
        await groups.remove(work, key, seen=seen(page))
    except Changed:
        return overtaken(page, key)
    work.afterwards(page.request.app.state.host.tenants.forget)
    told = page.say("The group is no longer used. What was written with it is kept.")
    return page.redirect(HOME, told)


@screen(f"{ONE}/versions", action=READ, resource=OF)
async def list_versions(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """Every version of a group that is used, the newest first."""
    kept = await own(work, key)
    found = await groups.versions(work, key)
    return page.render("field_groups/versions.html", kept=kept, versions=found)


@form(f"{ONE}/versions/{{number:int}}", action=SAVE, resource=OF)
async def restore_version(work: UnitOfWork, page: Page, key: str, number: int) -> Response[bytes]:
    """Make another version that says what an earlier one said."""
    await own(work, key)
    wanted = await groups.version(work, key, number)
    try:
        made = await keep(work, page, wanted.definition)
    except Changed:
        return overtaken(page, key)
    return page.redirect(f"{HOME}/{key}", done(page, made, page.say("The version is back.")))


@screen(f"{ONE}/preview", action=READ, resource=OF)
async def preview_group(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """The form that writers get, empty; nothing that is typed into it is kept."""
    return await _preview(work, page, key, is_turned=False)


# What is typed may name people, so it is sent by POST; it is for those who build groups.
@form(f"{ONE}/preview", action=SAVE, resource=OF)
async def turn_preview(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """The same after a button of its rows was pressed."""
    return await _preview(work, page, key, is_turned=True)


async def _preview(work: UnitOfWork, page: Page, key: str, *, is_turned: bool) -> Response[bytes]:
    site = fields_of_site(work)
    group = site.by_key.get(key)
    if group is None:
        raise NotFound("field group", key)
    shown = fields_of([group])
    typed: dict[str, Any] = {}
    if is_turned:
        typed = Sent(page.form, site.types, work.actor).values(shown)
        change_rows(typed, page.form.text("rows"))
    known, places = await known_to(work, site, [([], {})], Form.TYPED), Addresses.of(work)
    showing = Showing(site.types, known, work.tenant.language, places.site, places.uploads)
    blocks = Drawing(site.types, work.actor, showing).blocks(shown, typed)
    page.here = HOME
    return page.render("field_groups/preview.html", group=group, blocks=blocks)


GROUP_SCREENS: list[Any] = [
    list_groups,
    add_group,
    show_group,
    show_settings,
    save_settings,
    remove_group,
    list_versions,
    restore_version,
    preview_group,
    turn_preview,
]
