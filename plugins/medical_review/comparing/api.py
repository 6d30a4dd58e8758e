"""/api/v1/reviews/diff: what changed between any two revisions, as data and as a page."""

from typing import Annotated

from litestar import Response
from litestar.params import QueryParameter

from cms.api.routing import get
from cms.content.rendering import aside
from cms.database.work import UnitOfWork
from plugins.medical_review.comparing.comparison import Comparison, compare
from plugins.medical_review.comparing.page import POLICY, page
from plugins.medical_review.reviewing.reading import reviewed_post

From = Annotated[int | None, QueryParameter(name="from")]


@get("/diff/{post_id:int}", action="revision.compare", resource="review")
async def read_diff(
    work: UnitOfWork, post_id: int, before: From = None, to: int | None = None
) -> Comparison:
    """Block by block and word by word. Without `to` the working text is read, without `from` it is
    compared with the text that readers have, else with the one that it was made from."""
    return await compare(work, await reviewed_post(work, post_id), before, to)


@get("/diff/{post_id:int}/page", action="revision.compare", resource="review")
async def read_diff_page(
    work: UnitOfWork,
    post_id: int,
    before: From = None,
    to: int | None = None,
    language: str = "",
) -> Response[str]:
    """The same as a page without scripts, in Portuguese or English; without `language` in that of
    the site."""
    found = await compare(work, await reviewed_post(work, post_id), before, to)
    wanted = "pt-BR" if (language or work.tenant.language).lower().startswith("pt") else "en"
    body = await aside(2 * sum(len(one.html) for one in found.blocks), page, found, wanted)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return Response(body, media_type="text/html", headers=headers)


routes = [read_diff, read_diff_page]
