"""Who has a text open: told by the page's script, taken over by a button."""

import secrets
from typing import Any

import msgspec
from litestar import Response

from cms.admin.page import Page, private_headers
from cms.admin.routing import form
from cms.admin.screens.posts.standing import edited
from cms.content import locks
from cms.database.work import UnitOfWork


def new_token() -> str:
    """What a page that is opened calls itself."""
    return secrets.token_hex(16)


@form("/admin/posts/{post_id:int}/lock", action="post.edit", resource="post")
async def keep_lock(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """This page is still open. With `leaving` it was closed."""
    token = page.form.text("token")
    if page.form.has("leaving"):
        await locks.release(work, post_id, token)
        return told(None)
    post = await edited(work, post_id)
    return told(await locks.keep(work, post, token))


def told(other: locks.Holder | None) -> Response[bytes]:
    """Whether the text is held by this page, or by whom."""
    body = {"is_mine": other is None, "holder": other.name if other else ""}
    return Response(
        msgspec.json.encode(body),
        headers=dict(private_headers()),
        media_type="application/json",
    )


@form("/admin/posts/{post_id:int}/take-over", action="post.edit", resource="post")
async def take_over(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Go on with a text that somebody else has open."""
    post = await edited(work, post_id)
    await locks.take_over(work, post, new_token())
    return page.redirect(
        f"/admin/posts/{post_id}", page.say("The text is yours now. What was saved is shown.")
    )


LOCK_SCREENS: list[Any] = [keep_lock, take_over]
