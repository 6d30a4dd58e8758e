"""What roles grant: the whole as a table, one role, and changing it after seeing what that does."""

from typing import Any

from litestar import Response

from cms.admin.capability_words import grouped
from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.identity import role_editing
from cms.identity.role_editing import RoleShown

_PATH, _OF = "/admin/people/roles", "role"
_ONE = f"{_PATH}/{{name:str}}"


@screen(_PATH, action="role.list", resource=_OF)
async def show_roles(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Every role and what it grants."""
    return await _matrix(work, page, {})


async def _matrix(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    roles = await role_editing.listed(work)
    known = role_editing.known_capabilities(work, roles)
    return page.render(
        "roles/matrix.html",
        status=422 if faults else 200,
        roles=roles,
        groups=grouped(work.registry, known),
        faults=faults,
    )


@form(_PATH, action="role.edit", resource=_OF)
async def add_role(work: UnitOfWork, page: Page) -> Response[bytes]:
    """A role of the site's own."""
    name = page.form.text("name")
    try:
        await role_editing.add(work, name, page.form.text("label"), like=page.form.text("like"))
    except InvalidInput as refused:
        return await _matrix(work, page, refused.faults)
    return page.redirect(f"{_PATH}/{name}", page.say("The role is there. Say what it grants."))


@screen(_ONE, action="role.list", resource=_OF)
async def show_role(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """One role with what each capability means."""
    return await _role(work, page, name, {})


async def _role(work: UnitOfWork, page: Page, name: str, faults: dict[str, str]) -> Response[bytes]:
    roles = await role_editing.listed(work)
    known = role_editing.known_capabilities(work, roles)
    role = _named(roles, name)
    return page.render(
        "roles/role.html",
        status=422 if faults else 200,
        role=role,
        wanted=set(page.form.all("capabilities")) if faults else role.capabilities,
        groups=grouped(work.registry, known),
        own={one for one in known if work.actor.has(one)},
        faults=faults,
    )


def _named(roles: list[RoleShown], name: str) -> RoleShown:
    for role in roles:
        if role.name == name:
            return role
    raise NotFound("role", name)


@form(f"{_ONE}/check", action="role.edit", resource=_OF)
async def check_change(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """Who would gain and lose what; nothing is changed yet."""
    wanted = page.form.all("capabilities")
    roles = await role_editing.listed(work)
    role, effect = _named(roles, name), await role_editing.effect_of(work, name, wanted)
    if not effect.gained and not effect.lost:
        return page.redirect(f"{_PATH}/{name}", page.say("Nothing would change."))
    return page.render("roles/confirm.html", role=role, effect=effect, wanted=wanted)


@form(_ONE, action="role.edit", resource=_OF)
async def change_role(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """Let the role grant this from now on."""
    try:
        await role_editing.change(work, name, page.form.all("capabilities"))
    except InvalidInput as refused:
        return await _role(work, page, name, refused.faults)
    except Conflict as refused:
        return await _role(work, page, name, {"capabilities": refused.message})
    return page.redirect(f"{_PATH}/{name}", page.say("The role is changed."))


@form(f"{_ONE}/remove", action="role.edit", resource=_OF)
async def remove_role(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """Take a role of the site's own away."""
    try:
        await role_editing.remove(work, name)
    except Conflict as refused:
        return await _role(work, page, name, {"capabilities": refused.message})
    return page.redirect(_PATH, page.say("The role is gone."))


ROLE_SCREENS: list[Any] = [
    show_roles,
    add_role,
    show_role,
    check_change,
    change_role,
    remove_role,
]
