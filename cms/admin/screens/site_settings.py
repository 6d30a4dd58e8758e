"""The settings of the site, a group at a time."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.site_fields import Group
from cms.admin.site_groups import groups
from cms.content.permissions import require
from cms.content.site_settings import change_settings
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound

_ONE = "/admin/settings/{slug:str}"
_NEEDS = "This needs manage_options."


@screen("/admin/settings", action="settings.read", resource="settings")
async def show_first_settings(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The first group."""
    return _shown(work, page, groups()[0], {}, {})


@screen(_ONE, action="settings.read", resource="settings")
async def show_settings(work: UnitOfWork, page: Page, slug: str) -> Response[bytes]:
    """One group of settings."""
    return _shown(work, page, _group(slug), {}, {})


@form(_ONE, action="settings.edit", resource="settings")
async def save_settings(
    request: Request[Any, Any, Any], work: UnitOfWork, page: Page, slug: str
) -> Response[bytes]:
    """Save a group; one value that does not fit keeps all of it from being saved."""
    require(work.actor.has("manage_options"), "settings.edit", _NEEDS)
    group, faults, wanted = _group(slug), dict[str, str](), dict[str, Any]()
    for field in group.fields:
        try:
            wanted[field.name] = field.sent(page.form)
        except ValueError as error:
            faults[field.name] = str(error)
    try:
        if faults:
            raise InvalidInput(faults)
        await change_settings(work, wanted)
    except InvalidInput as refused:
        return _shown(work, page, group, wanted, refused.faults)
    work.afterwards(request.app.state.host.tenants.forget)
    return page.redirect(f"/admin/settings/{slug}", page.say("The settings are saved."))


def _group(slug: str) -> Group:
    for group in groups():
        if group.slug == slug:
            return group
    raise NotFound("group of settings", slug)


def _shown(
    work: UnitOfWork, page: Page, group: Group, typed: Mapping[str, Any], faults: dict[str, str]
) -> Response[bytes]:
    require(work.actor.has("manage_options"), "settings.read", _NEEDS)
    values = {
        one.name: page.form.text(one.name)
        if one.name in faults
        else one.shown(typed.get(one.name, getattr(work.tenant.site, one.name)))
        for one in group.fields
    }
    return page.render(
        "site_settings/group.html",
        status=422 if faults else 200,
        groups=groups(),
        group=group,
        values=values,
        faults=faults,
    )


SETTING_SCREENS: list[Any] = [show_first_settings, show_settings, save_settings]
