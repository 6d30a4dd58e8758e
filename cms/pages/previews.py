"""Giving out preview links, and reading what they show."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, post
from cms.api.themed import PRIVATE
from cms.content import posts
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.identity.secrets import SecretKey
from cms.pages.themed.preview import PAGE
from cms.rest.posts import PostResource
from cms.rest.shape import answer, site_url
from cms.site import previews

Asked = Request[Any, Any, Any]

HEADER = "X-Preview-Token"


class PreviewIn(msgspec.Struct, frozen=True):
    """`revision` is a content hash; without it the link shows whatever is being worked on.
    `expires_in` is in seconds."""

    post_id: int
    revision: str = ""
    expires_in: Annotated[int, msgspec.Meta(ge=previews.SHORTEST, le=previews.LONGEST)] = (
        previews.USUAL
    )


class PreviewOut(msgspec.Struct, frozen=True):
    """The token is shown this once. `link` is where the site shows previews, `page` the text in
    its theme here."""

    token: str
    link: str
    page: str
    post_id: int
    revision: str
    expires_at: datetime


@post("/previews", action="preview.issue", resource="preview", tags=["site"])
async def issue_preview(
    data: PreviewIn, request: Asked, work: UnitOfWork, secret: SecretKey
) -> Response[PreviewOut]:
    """A link by which the text can be read without signing in, until it ends or is revoked."""
    if not 0 < data.post_id < 2**63:
        raise InvalidInput({"post_id": "must be the id of a post"})
    made = await previews.issue(
        work,
        secret,
        data.post_id,
        revision=data.revision,
        seconds=data.expires_in,
        site_address=site_url(request),
    )
    page = f"{site_url(request)}{PAGE}?token={made.token}"
    body = PreviewOut(made.token, made.link, page, made.post_id, made.revision, made.expires_at)
    return Response(body, headers={"Cache-Control": "no-store"})


@delete("/previews/{post_id:int}", action="preview.revoke", resource="preview", tags=["site"])
async def revoke_previews(work: UnitOfWork, post_id: int) -> None:
    """Make all links of the post void."""
    await previews.revoke(work, post_id)


@get("/preview", action="preview.read", resource="preview", tags=["site"])
async def read_preview(
    request: Asked, work: UnitOfWork, secret: SecretKey, token: str = ""
) -> Response[bytes]:
    """The post as the WordPress API shows it in the view context, with the text of the link. The
    token comes in the header X-Preview-Token, which no log keeps, or as `token` in the query."""
    view = await previews.read(work, secret, request.headers.get(HEADER) or token)
    post_type = posts.type_of(work, view.post)
    presenter = PostResource.of(work.registry, post_type).presenter(request, work)
    return answer(request, await presenter.body(view, "view"), headers=PRIVATE)


PREVIEW_ROUTES: list[HTTPRouteHandler] = [issue_preview, revoke_previews, read_preview]
