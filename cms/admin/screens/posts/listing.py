"""Lists of posts, by type: found, filtered, ticked, kept as views."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.admin.screens.posts import facets
from cms.admin.screens.posts.asking import Wanted, browsing, taxonomies_of, wanted
from cms.admin.screens.posts.bulk import steps_offered
from cms.admin.screens.posts.labels import STATUSES
from cms.admin.screens.posts.views import views_of
from cms.content.browsing import browse
from cms.content.permissions import may_create
from cms.database.work import UnitOfWork

A_PAGE = 50


@screen("/admin/posts", action="post.list", resource="post")
async def list_posts(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The posts of a type that this person may edit, the newest first."""
    asked = wanted(work, dict(page.request.query_params))
    page.here = f"/admin/posts?type={asked.post_type.name}"
    return page.render("posts/list.html", **await list_facts(work, page, asked))


async def list_facts(work: UnitOfWork, page: Page, asked: Wanted) -> dict[str, Any]:
    """What the page of a list shows, for a constant number of statements."""
    found = await browse(work, browsing(work, asked, limit=A_PAGE))
    lines = found[:A_PAGE]
    return {
        "asked": asked,
        "post_type": asked.post_type,
        "lines": lines,
        "statuses": STATUSES,
        "tabs": await facets.tabs(work, page, asked),
        "facets": await facets.facets(work, page, asked),
        "columns": await facets.columns(work, page, asked, [one.id for one in lines]),
        "views": views_of(page, asked),
        "steps": steps_offered(work, page, asked),
        "taxonomies": taxonomies_of(work, asked.post_type),
        "may_create": may_create(work.actor, asked.post_type),
        "first": asked.address if asked.start else "",
        "next": asked.after(lines[-1].place) if len(found) > A_PAGE else "",
    }


LISTING_SCREENS: list[Any] = [list_posts]
