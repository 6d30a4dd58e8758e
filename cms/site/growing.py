"""Menus that grow by themselves: a new top-level page joins those that ask for it."""

from typing import cast

from sqlalchemy import func, select

from cms.content.events import Transition
from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.hooks import Hooks, Observer
from cms.site import items
from cms.site.models import Menu, MenuItem

PAGE = "page"


async def add_new_page(work: UnitOfWork, move: Transition) -> None:
    """A page that readers see for the first time stands last in each menu with `auto_add`, unless
    it is there already. Whoever publishes it needs no right to menus: their editor gave it."""
    if move.to_status is not Status.PUBLISH or move.from_status is Status.PUBLISH:
        return
    post = await work.session.get(Post, (work.tenant_id, move.post_id))
    if post is None or post.post_type != PAGE or post.parent_id:
        return
    rows = await work.all(
        select(Menu.id, func.coalesce(func.max(MenuItem.position), 0).label("last"))
        .outerjoin(MenuItem, (MenuItem.tenant_id == Menu.tenant_id) & (MenuItem.menu_id == Menu.id))
        .where(Menu.tenant_id == work.tenant_id, Menu.auto_add)
        .group_by(Menu.id)
        .having(func.count().filter(MenuItem.object_id == post.id).label("there") == 0)
        .order_by(Menu.id)
    )
    for row in rows:
        await items.append(work, row.id, row.last + 1, post)


def connect(hooks: Hooks) -> None:
    # Hooks know the unit of work by its port; the host is given the thing itself.
    hooks.observe(Transition, cast("Observer[Transition]", add_new_page))
