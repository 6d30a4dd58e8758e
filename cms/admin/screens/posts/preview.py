"""A text as readers would see it, and links by which others may look at it for a time."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.posts.standing import edited
from cms.admin.translating import N_
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.identity.secrets import SecretKey
from cms.rest.shape import site_url
from cms.site import previews

_HOUR = 3600
LASTING: Mapping[int, str] = {
    _HOUR: N_("one hour"),
    24 * _HOUR: N_("one day"),
    7 * 24 * _HOUR: N_("one week"),
    30 * 24 * _HOUR: N_("thirty days"),
}
_LOOK = 900
"""So many seconds lasts the link of one's own look."""


@screen("/admin/posts/{post_id:int}/preview", action="post.read", resource="post")
async def ask_preview(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """What can be looked at and shared. To look is a step of its own, as it gives out a link."""
    post = await edited(work, post_id)
    return _page(page, post, {})


@form("/admin/posts/{post_id:int}/preview", action="preview.issue", resource="preview")
async def show_preview(
    work: UnitOfWork, page: Page, secret: SecretKey, post_id: int
) -> Response[bytes]:
    """The working text in the theme, in the width of a desk and of a telephone."""
    post = await edited(work, post_id)
    made = await previews.issue(
        work, secret, post_id, seconds=_LOOK, site_address=site_url(page.request)
    )
    return _page(page, post, {"frame": f"/preview?token={quote(made.token)}"})


@form("/admin/posts/{post_id:int}/share", action="preview.issue", resource="preview")
async def share(work: UnitOfWork, page: Page, secret: SecretKey, post_id: int) -> Response[bytes]:
    """A link for somebody without an account, shown this once."""
    post, seconds = await edited(work, post_id), page.form.number("lasts") or 0
    if seconds is None or seconds not in LASTING:
        raise InvalidInput({"lasts": "choose how long the link is to last"})
    made = await previews.issue(
        work, secret, post_id, seconds=seconds, site_address=site_url(page.request)
    )
    site = f"{page.request.url.scheme}://{page.request.headers.get('host', '')}"
    link = f"{site}/preview?token={quote(made.token)}"
    return _page(page, post, {"link": link, "ends": made.expires_at})


@form("/admin/posts/{post_id:int}/unshare", action="preview.revoke", resource="preview")
async def unshare(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Make every link of the post void."""
    await previews.revoke(work, post_id)
    told = page.say("No link that was given out until now works any more.")
    return page.redirect(f"/admin/posts/{post_id}/preview", told)


def _page(page: Page, post: Any, shown: dict[str, Any]) -> Response[bytes]:
    page.here = f"/admin/posts?type={post.post_type}"
    facts = {"frame": "", "link": "", "ends": None, **shown}
    return page.render("posts/preview.html", post=post, lasting=LASTING, **facts)


PREVIEW_SCREENS: list[Any] = [ask_preview, show_preview, share, unshare]
