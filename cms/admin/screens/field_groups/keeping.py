"""What all steps on a field group have in common: it is read, changed at one place, and kept as
another version; and nothing is written over what somebody else has changed meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.shaping.tree import Tree
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.fields import groups
from cms.fields.catalogue import catalogue
from cms.fields.groups import OF_SITE, Changed, Kept

HOME = "/admin/fields"
ONE = f"{HOME}/{{key:str}}"
OF = "field_group"
READ, SAVE = "field_group.read", "field_group.save"


async def own(work: UnitOfWork, key: str) -> Kept:
    """A group that the site keeps. Conflict for one of a plugin's code, or one that this version
    cannot read."""
    kept = await groups.one(work, key)
    if kept.source != OF_SITE:
        raise Conflict(f"The plugin {kept.source!r} declares this group; only its code changes it.")
    if kept.faults:
        raise Conflict("This version cannot read the group; export it, mend it, and import it.")
    return kept


def tree_of(work: UnitOfWork, kept: Kept) -> Tree:
    """The group's definition, to change."""
    return Tree(kept.definition, catalogue(work.registry))


def seen(page: Page) -> int:
    """The version that the form was drawn from; one that nothing can have when it does not say."""
    found = page.form.number("seen")
    return -1 if found is None else found


async def keep(
    work: UnitOfWork, page: Page, definition: Mapping[str, Any], *, is_new: bool | None = False
) -> Kept:
    """Another version of a group, or the first. InvalidInput names every fault, Changed that
    somebody was faster."""
    version = None if is_new is not False else seen(page)
    kept = await groups.save(work, definition, is_new=is_new, seen=version)
    work.afterwards(page.request.app.state.host.tenants.forget)
    return kept


def done(page: Page, kept: Kept, said: str) -> str:
    """What is told of a change, with what follows from it."""
    return " ".join([said, *(page.words.told(one.message) for one in kept.notices)])


def overtaken(page: Page, key: str) -> Response[bytes]:
    """Back to the group as somebody else has left it."""
    told = page.say(
        "Somebody has changed the group since you opened the page. Look at it as it is now, and "
        "repeat your step."
    )
    return page.redirect(f"{HOME}/{key}", told)


async def change(
    work: UnitOfWork,
    page: Page,
    key: str,
    alter: Callable[[Tree], None],
    said: str,
    *,
    at: str = "",
) -> Response[bytes]:
    """Keep the group with one thing changed, and go back to it. InvalidInput is for the caller."""
    kept = await own(work, key)
    tree = tree_of(work, kept)
    if kept.version != seen(page):
        return overtaken(page, key)
    alter(tree)
    try:
        made = await keep(work, page, tree.definition)
    except Changed:
        return overtaken(page, key)
    return page.redirect(f"{HOME}/{key}{at}", done(page, made, said))


def refused(error: InvalidInput, place: str, holder: str = "") -> dict[str, str]:
    """Faults by the names of controls: those of the thing itself without its place, and that two
    fields have one name, which its list says, at the name."""
    found = {}
    for where, fault in error.faults.items():
        if where == holder:
            found["name"] = fault
        elif where.startswith(f"{place}."):
            found[where.removeprefix(f"{place}.")] = fault
        else:
            found[where] = fault
    return found
