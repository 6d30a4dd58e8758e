"""A menu for front ends: nested, with resolved links, in one request."""

from typing import Any

import msgspec
from litestar import Request

from cms.api.routing import get
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.site.reading import may_see_all
from cms.site.tree import Branch, menu_at


class LinkOut(msgspec.Struct, frozen=True):
    """An item of a menu; `url` is where it leads now."""

    id: int
    title: str
    url: str
    type: str
    object: str
    object_id: int
    target: str
    attr_title: str
    description: str
    classes: list[str]
    rel: list[str]
    items: list["LinkOut"]


class MenuOut(msgspec.Struct, frozen=True):
    """The menu of a place of the theme; `menu` is null while the place is empty."""

    location: str
    menu: int | None
    name: str
    items: list[LinkOut]


@get("/menus/{location:str}", action="menu.read", resource="menu")
async def read_menu(request: Request[Any, Any, Any], work: UnitOfWork, location: str) -> MenuOut:
    """What readers see at a place: only items that lead somewhere. For everyone when the site's
    option `public_menus` is on, else for those who edit something."""
    if not (work.tenant.site.public_menus or may_see_all(work.actor, work)):
        raise CapabilityMissing(
            "The menus of this site are for those who edit something. Its administrator opens them "
            "with the option public_menus.",
            action="menu.read",
        )
    menu, branches = await menu_at(work, location)
    front = work.tenant.site.front_end_url.rstrip("/") or str(request.base_url).rstrip("/")
    links = [_link(branch, front) for branch in branches]
    return MenuOut(location, menu.id if menu else None, menu.name if menu else "", links)


def _link(branch: Branch, front: str) -> LinkOut:
    item, target = branch.item, branch.target
    return LinkOut(
        id=item.id,
        title=target.title,
        url=target.url(front),
        type=item.kind,
        object=item.object,
        object_id=item.object_id,
        target=item.target,
        attr_title=item.attr_title,
        description=item.description,
        classes=item.classes,
        rel=item.xfn,
        items=[_link(below, front) for below in branch.below],
    )
