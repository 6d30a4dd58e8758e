"""The history of a post: its revisions, what differs between two, bringing one back."""

import itertools
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.posts.differences import differences
from cms.admin.screens.posts.standing import edited, working
from cms.content import history, posts
from cms.content.history import Entry
from cms.content.models import Post, Revision
from cms.content.rendering import aside
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields.restoring import restore

A_PAGE = 50
_WORDS = ("title", "content", "excerpt")


@screen("/admin/posts/{post_id:int}/revisions", action="revision.list", resource="revision")
async def list_revisions(
    work: UnitOfWork, page: Page, post_id: int, after: int | None = None
) -> Response[bytes]:
    """Every text that the post has had, the newest first."""
    post = await _asked(work, page, post_id)
    last = await posts.revision(work, post.id, after) if after else None
    before = Entry(last.id, last.created_at, "", "", "", b"") if last else None
    found = await history.listed(work, post, limit=A_PAGE + 1, before=before)
    shown = found[:A_PAGE]
    path = f"/admin/posts/{post.id}/revisions"
    return page.render(
        "posts/revisions.html",
        post=post,
        revisions=shown,
        # The one below is what a text was made from, more often than not.
        before={one.id: other.id for one, other in itertools.pairwise(found)},
        first=path if after else "",
        next=f"{path}?after={shown[-1].id}" if len(found) > A_PAGE else "",
    )


@screen(
    "/admin/posts/{post_id:int}/revisions/{revision_id:int}",
    action="revision.list",
    resource="revision",
)
async def show_revision(
    work: UnitOfWork, page: Page, post_id: int, revision_id: int, against: int | None = None
) -> Response[bytes]:
    """What a revision changed: against the one that it was made from, or any other."""
    post = await _asked(work, page, post_id)
    shown = await posts.revision(work, post.id, revision_id)
    other = against or shown.base_revision_id
    base = await posts.revision(work, post.id, other) if other else None
    facts = await _facts(work, post, shown, base)
    return page.render("posts/revision.html", **facts)


async def _facts(
    work: UnitOfWork, post: Post, shown: Revision, base: Revision | None
) -> dict[str, Any]:
    size = len(shown.content) + (len(base.content) if base else 0)

    def compared() -> dict[str, Any]:
        return {
            name: differences(getattr(base, name) if base else "", getattr(shown, name))
            for name in _WORDS
        }

    return {
        "post": post,
        "shown": shown,
        "base": base,
        "changes": await aside(size, compared),
        "working_hash": (await working(work, post)).content_hash.hex(),
        "is_working": shown.id == post.working_revision_id,
        "is_live": shown.id == post.live_revision_id,
    }


@form(
    "/admin/posts/{post_id:int}/revisions/{revision_id:int}",
    action="post.edit",
    resource="post",
)
async def bring_back(
    work: UnitOfWork, page: Page, post_id: int, revision_id: int
) -> Response[bytes]:
    """Save the words and fields of a revision again, if the text is still the one that was seen."""
    post = await edited(work, post_id, locked=True)
    if page.form.text("base") != (await working(work, post)).content_hash.hex():
        told = page.say("The text was changed meanwhile. Nothing was brought back: look again.")
        return page.redirect(f"/admin/posts/{post_id}/revisions", told)
    try:
        await restore(work, post_id, revision_id)
    except InvalidInput as refused:
        await work.begin_anew()
        post = await posts.get(work, post_id)
        shown = await posts.revision(work, post_id, revision_id)
        facts = await _facts(work, post, shown, await working(work, post))
        return page.render("posts/revision.html", status=422, faults=refused.faults, **facts)
    return page.redirect(
        f"/admin/posts/{post_id}", page.say("The text is what it was in that revision.")
    )


async def _asked(work: UnitOfWork, page: Page, post_id: int) -> Post:
    post = await edited(work, post_id)
    await work.decide("revision.list", "revision", post.id, posts.facts(post))
    page.here = f"/admin/posts?type={post.post_type}"
    return post


REVISION_SCREENS: list[Any] = [list_revisions, show_revision, bring_back]
