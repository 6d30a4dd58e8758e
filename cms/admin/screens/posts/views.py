"""Lists that a person has given a name: kept with her preferences, shown above her lists."""

from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from litestar import Response

from cms.admin.page import Page
from cms.admin.reader import PREFERENCES
from cms.admin.routing import form
from cms.admin.screens.posts.asking import LIST, Wanted, wanted
from cms.database.work import UnitOfWork
from cms.identity.accounts import change_profile
from cms.identity.users import present_user

_KEPT = "views"
MOST_VIEWS, LONGEST_NAME = 30, 60


class View(NamedTuple):
    """A kept list."""

    name: str
    query: str
    is_here: bool

    @property
    def address(self) -> str:
        return f"{LIST}?{self.query}"


def views_of(page: Page, asked: Wanted) -> list[View]:
    """The person's views of this type, by name."""
    here = asked.query()
    return [
        View(name, query, query == here)
        for name, query in sorted(_kept(page).items())
        if dict(parse_qsl(query)).get("type") == asked.post_type.name
    ]


def _kept(page: Page) -> dict[str, str]:
    """The views as they are kept; whatever else stands there is none of ours."""
    kept = page.reader.preferences.get(_KEPT)
    listed = kept.items() if isinstance(kept, dict) else ()
    return {str(name): query for name, query in listed if isinstance(query, str)}


@form("/admin/posts/views", action="user.edit_self", resource="user")
async def keep_view(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep the list that is shown under a name; one of the same name is replaced."""
    asked = wanted(work, dict(parse_qsl(page.form.text("query"))))
    name = page.form.text("name")[:LONGEST_NAME]
    kept = _kept(page)
    if not name:
        return page.redirect(asked.address, page.say("Give the view a name to keep it."))
    if name not in kept and len(kept) >= MOST_VIEWS:
        told = page.say("You have %(count)s views, the most there can be.", count=MOST_VIEWS)
        return page.redirect(asked.address, told)
    await _keep(work, page, {**kept, name: asked.query()})
    return page.redirect(asked.address, page.say("The view “%(name)s” is kept.", name=name))


@form("/admin/posts/views/remove", action="user.edit_self", resource="user")
async def remove_view(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Forget a view; the posts that it listed stay as they are."""
    asked = wanted(work, dict(parse_qsl(page.form.text("query"))))
    name = page.form.text("name")
    await _keep(work, page, {key: one for key, one in _kept(page).items() if key != name})
    return page.redirect(asked.address, page.say("The view is gone; its posts are not."))


async def _keep(work: UnitOfWork, page: Page, views: dict[str, str]) -> None:
    user = await present_user(work, work.actor.user_id or 0)
    own = {**page.reader.preferences, _KEPT: views}
    await change_profile(work, user, {"preferences": {**user.preferences, PREFERENCES: own}})


VIEW_SCREENS: list[Any] = [keep_view, remove_view]
