"""Giving the password of a text."""

from litestar import Response

from cms.api.routing import post
from cms.content.models import Post
from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.errors import CmsError, NotFound
from cms.pages.themed import passwords, single
from cms.pages.themed.forms import form_of, number_of, refuse_foreign
from cms.pages.themed.pages import Asked, Page, is_served

LONGEST = 255


@post(
    passwords.ADDRESS,
    action="site.visit",
    resource="site",
    include_in_schema=False,
    status_code=200,
)
async def give_password(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """Open a text with its password, for ten days in this browser."""
    if not is_served(request, work):
        raise NotFound("page", "at this address")
    page = Page.of(request, work)
    try:
        refuse_foreign(request)
        return await _opened(page, await form_of(request))
    except CmsError as error:
        return await page.refusal(error)


async def _opened(page: Page, given: dict[str, str]) -> Response[bytes]:
    view = await _asked(page, number_of(given.get("post_id", "")))
    facts = await single.facts_of(page, view)
    if not passwords.is_right(view, given.get("post_password", "")[:LONGEST]):
        facts["password"] = passwords.facts(facts["text"], is_wrong=True)
        return page.own(page.theme.template_of(view.post.post_type), facts, status=403)
    return Response(
        b"",
        status_code=303,
        headers={"Location": facts["text"]["link"], "Cache-Control": "no-store"},
        cookies=[passwords.cookie_for(page.request, page.work, view)],
        media_type="text/plain",
    )


async def _asked(page: Page, post_id: int) -> PostView:
    found = await page.work.session.get(Post, (page.work.tenant_id, post_id))
    if found is None or not found.password:
        raise NotFound("page", "at this address")
    return await single.opened(page.request, page.work, found.post_type, post_id)
