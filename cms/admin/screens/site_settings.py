"""The settings of the site, a group at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response
from sqlalchemy import select

from cms.admin.page import Page
from cms.admin.picking import PICTURES, Picking, chosen, searched, titles
from cms.admin.routing import form, screen
from cms.admin.site_fields import PICKED, Group, Kind
from cms.admin.site_groups import groups
from cms.content.models import Term
from cms.content.permissions import require
from cms.content.site_settings import change_settings
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound

_ONE = "/admin/settings/{slug:str}"
_SOURCES = {
    Kind.PICTURE: PICTURES,
    Kind.PAGE: searched("post", "page"),
    Kind.CATEGORY: searched("term", "category"),
}
_NEEDS = "This needs manage_options."


@screen("/admin/settings", action="settings.read", resource="settings")
async def show_first_settings(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The first group."""
    return await _shown(work, page, groups()[0], {}, {})


@screen(_ONE, action="settings.read", resource="settings")
async def show_settings(work: UnitOfWork, page: Page, slug: str) -> Response[bytes]:
    """One group of settings."""
    return await _shown(work, page, _group(slug), {}, {})


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
        return await _shown(work, page, group, wanted, refused.faults)
    work.afterwards(request.app.state.host.tenants.forget)
    return page.redirect(f"/admin/settings/{slug}", page.say("The settings are saved."))


def _group(slug: str) -> Group:
    for group in groups():
        if group.slug == slug:
            return group
    raise NotFound("group of settings", slug)


async def _shown(
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
        picks=await _picks(work, group, values),
        faults=faults,
    )


async def _picks(work: UnitOfWork, group: Group, values: Mapping[str, Any]) -> dict[str, Picking]:
    """The things of the group that are chosen by their words, with what they are called."""
    fields = [one for one in group.fields if one.kind in PICKED]
    numbers = {one.name: value for one in fields if isinstance(value := values[one.name], int)}
    of_terms = [numbers.get(one.name) for one in fields if one.kind is Kind.CATEGORY]
    of_posts = [numbers.get(one.name) for one in fields if one.kind is not Kind.CATEGORY]
    posts, terms = await titles(work, of_posts), await _categories(work, of_terms)
    return {
        one.name: Picking(
            one.name,
            one.label,
            chosen(numbers.get(one.name), terms if one.kind is Kind.CATEGORY else posts),
            _SOURCES[one.kind],
            value=values[one.name],
        )
        for one in fields
    }


async def _categories(work: UnitOfWork, ids: Sequence[int | None]) -> dict[int, str]:
    wanted = [one for one in ids if one]
    if not wanted:
        return {}
    named = select(Term.id, Term.name)
    rows = await work.all(named.where(Term.tenant_id == work.tenant_id, Term.id.in_(wanted)))
    return {row.id: row.name for row in rows}


SETTING_SCREENS: list[Any] = [show_first_settings, show_settings, save_settings]
