"""Parts of a screen that plugins draw, and the screens where things stand."""

from typing import Any

from markupsafe import Markup

from cms.admin.page import Page
from cms.database.work import UnitOfWork
from cms.kernel.plugin import load
from cms.kernel.registry import Registry

_OWN_PLACES = {
    "post": "/admin/posts/{id}",
    "attachment": "/admin/media/{id}",
    "user": "/admin/people/{id}",
}
_NEEDED = {"post": "edit_posts", "attachment": "upload_files", "user": "list_users"}
_OWN_ACCOUNT = "/admin/profile/security"


async def panels_of(page: Page, where: str, **about: Any) -> list[Markup]:
    """What plugins show at this place of a screen, in their order."""
    wanted = [panel for panel in page.work.registry.each("panels") if panel.where == where]
    drawn = [
        await load(panel.draw)(page, **about)
        for panel in sorted(wanted, key=lambda panel: panel.order)
    ]
    return [Markup(one) for one in drawn if one]  # noqa: S704 - drawn by escaping templates


def place_of(registry: Registry, kind: str, thing_id: int | str) -> str | None:
    """The screen of a thing of this kind; None where there is none."""
    known = {**_OWN_PLACES, **{k: v for p in registry.plugins for k, v in p.places.items()}}
    return known[kind].replace("{id}", str(thing_id)) if kind in known else None


def open_to(work: UnitOfWork, kind: str, thing_id: int | str) -> str | None:
    """The screen of a thing for whoever asks; None where she would be turned away. Everybody has a
    screen of her own account."""
    if kind == "user" and str(thing_id) == str(work.actor.user_id):
        return _OWN_ACCOUNT
    if kind in _NEEDED and not work.actor.has(_NEEDED[kind]):
        return None
    return place_of(work.registry, kind, thing_id)
