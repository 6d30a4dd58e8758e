"""Options of the site that WordPress does not have: front end, preview, permalinks, comments."""

from typing import Any

import msgspec
from litestar import Request

from cms.api.routing import get, patch
from cms.content.permissions import require
from cms.content.site_settings import DEFAULTS, change_settings
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, SetupError
from cms.site import themes
from cms.tenancy.options import change


class SiteSettings(msgspec.Struct, frozen=True):
    """`front_end_url`: where readers see the site, empty for here. `preview_url`: the template of
    a preview's address. The `comment` options are named as in WordPress's table of options;
    `anonymous_comments` lets visitors comment through REST. `sends_surrogate_keys` names on each
    answer the things that it shows, for a cache that is purged by the keys of the webhooks. The
    `session` options say how long a sign-in of a browser lasts.
    `serves_pages` draws the site's pages here, in its `theme`, whose places for menus and widgets
    become the site's."""

    front_end_url: str
    preview_url: str
    permalink_structure: str
    public_menus: bool
    anonymous_comments: bool
    comment_registration: bool
    require_name_email: bool
    comment_moderation: bool
    comment_previously_approved: bool
    comment_max_links: int
    moderation_keys: str
    disallowed_keys: str
    close_comments_for_old_posts: bool
    close_comments_days_old: int
    thread_comments: bool
    thread_comments_depth: int
    sends_surrogate_keys: bool
    session_hours: int
    session_idle_minutes: int
    session_remember_days: int
    notices_kept_days: int
    serves_pages: bool
    theme: str


class SiteChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays, null takes the default."""

    front_end_url: str | msgspec.UnsetType | None = msgspec.UNSET
    preview_url: str | msgspec.UnsetType | None = msgspec.UNSET
    permalink_structure: str | msgspec.UnsetType | None = msgspec.UNSET
    public_menus: bool | msgspec.UnsetType | None = msgspec.UNSET
    anonymous_comments: bool | msgspec.UnsetType | None = msgspec.UNSET
    comment_registration: bool | msgspec.UnsetType | None = msgspec.UNSET
    require_name_email: bool | msgspec.UnsetType | None = msgspec.UNSET
    comment_moderation: bool | msgspec.UnsetType | None = msgspec.UNSET
    comment_previously_approved: bool | msgspec.UnsetType | None = msgspec.UNSET
    comment_max_links: int | msgspec.UnsetType | None = msgspec.UNSET
    moderation_keys: str | msgspec.UnsetType | None = msgspec.UNSET
    disallowed_keys: str | msgspec.UnsetType | None = msgspec.UNSET
    close_comments_for_old_posts: bool | msgspec.UnsetType | None = msgspec.UNSET
    close_comments_days_old: int | msgspec.UnsetType | None = msgspec.UNSET
    thread_comments: bool | msgspec.UnsetType | None = msgspec.UNSET
    thread_comments_depth: int | msgspec.UnsetType | None = msgspec.UNSET
    sends_surrogate_keys: bool | msgspec.UnsetType | None = msgspec.UNSET
    session_hours: int | msgspec.UnsetType | None = msgspec.UNSET
    session_idle_minutes: int | msgspec.UnsetType | None = msgspec.UNSET
    session_remember_days: int | msgspec.UnsetType | None = msgspec.UNSET
    notices_kept_days: int | msgspec.UnsetType | None = msgspec.UNSET
    serves_pages: bool | msgspec.UnsetType | None = msgspec.UNSET
    theme: str | msgspec.UnsetType | None = msgspec.UNSET


@get("/settings", action="settings.read", resource="settings")
async def read_site(work: UnitOfWork) -> SiteSettings:
    """The options of this site."""
    require(work.actor.has("manage_options"), "settings.read", "This needs manage_options.")
    return _shown(work, {})


@patch("/settings", action="settings.edit", resource="settings")
async def change_site(
    request: Request[Any, Any, Any], work: UnitOfWork, data: SiteChanges
) -> SiteSettings:
    """Set options. One that does not fit is named, and then nothing is changed."""
    require(work.actor.has("manage_options"), "settings.edit", "This needs manage_options.")
    given = {name: getattr(data, name) for name in data.__struct_fields__}
    wanted = {
        name: DEFAULTS[name] if value is None else value
        for name, value in given.items()
        if value is not msgspec.UNSET
    }
    places = places_of(work, wanted["theme"]) if "theme" in wanted else {}
    changed = await change_settings(work, wanted)
    await change(work, places)
    work.afterwards(request.app.state.host.tenants.forget)
    return _shown(work, changed)


def places_of(work: UnitOfWork, theme: str) -> dict[str, Any]:
    """The options that follow from a theme: where menus and widgets can stand."""
    try:
        said = themes.find(theme, work.shop.data).manifest
    except SetupError as error:
        raise InvalidInput({"theme": error.message}) from error
    return {"menu_locations": said.menus, "sidebars": said.sidebars}


def _shown(work: UnitOfWork, changed: dict[str, Any]) -> SiteSettings:
    site = work.tenant.site
    fields = SiteSettings.__struct_fields__
    return SiteSettings(**{name: changed.get(name, getattr(site, name)) for name in fields})
