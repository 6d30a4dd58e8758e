"""Menus that take up new pages by themselves."""

import itertools

from sqlalchemy import select, update

from cms.content.events import Transition
from cms.content.models import Post
from cms.content.statuses import Status
from cms.site import menus
from cms.site.growing import add_new_page
from cms.site.menus import MenuChanges
from cms.site.models import MenuItem

_NUMBERS = itertools.count()


async def page(cms, person, **more):
    """A published post that is made a page of: the type itself is declared elsewhere."""
    made = await cms.draft(person, title=f"Página {next(_NUMBERS)}", status="publish")
    async with cms.as_system() as work:
        await work.execute(
            update(Post)
            .where(Post.tenant_id == work.tenant_id, Post.id == made["id"])
            .values(post_type="page", **more)
        )
        await work.emit(_move(made["id"], Status.DRAFT, Status.DRAFT))
    return made["id"]


def _move(post_id, old, new):
    return Transition(
        post_id=post_id, revision_id=0, content_hash="", from_status=old, to_status=new
    )


async def published(cms, post_id, old=Status.DRAFT):
    async with cms.as_system() as work:
        await add_new_page(work, _move(post_id, old, Status.PUBLISH))


async def in_menus(cms):
    async with cms.as_system() as work:
        rows = await work.all(
            select(MenuItem.menu_id, MenuItem.object_id, MenuItem.position)
            .where(MenuItem.tenant_id == work.tenant_id)
            .order_by(MenuItem.position)
        )
        return [tuple(row) for row in rows]


async def test_a_new_page_joins_the_menus_that_ask_for_it_once(cms):
    editor = await cms.person("ed", ["editor"])
    async with cms.as_system() as work:
        grows = (await menus.create(work, MenuChanges(name="Cresce", auto_add=True))).id
        await menus.create(work, MenuChanges(name="Fica"))
    first, second = await page(cms, editor), await page(cms, editor)
    await published(cms, first)
    await published(cms, second)
    await published(cms, first)
    assert await in_menus(cms) == [(grows, first, 1), (grows, second, 2)]


async def test_nothing_else_does(cms):
    editor = await cms.person("ed", ["editor"])
    async with cms.as_system() as work:
        await menus.create(work, MenuChanges(name="Cresce", auto_add=True))
    top = await page(cms, editor)
    below = await page(cms, editor, parent_id=top)
    await published(cms, below)
    await published(cms, top, old=Status.PUBLISH)
    await cms.draft(editor, status="publish")
    assert await in_menus(cms) == []
