"""A text by its preview link, as readers would see it in the theme, and as on a phone."""

from urllib.parse import urlencode

from litestar import Response

from cms.api import themed
from cms.api.routing import get
from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.errors import CmsError
from cms.identity.secrets import SecretKey
from cms.pages.themed import single
from cms.pages.themed.pages import Asked, Facts, Page
from cms.site import previews

PAGE = "/preview"
PHONE, FRAMED = "phone", "frame"


@get(PAGE, action="preview.read", resource="preview", include_in_schema=False)
async def show_preview(
    request: Asked, work: UnitOfWork, secret: SecretKey, token: str = "", width: str = ""
) -> Response[bytes]:
    """The text of the link, below a bar that says which text it is and how long the link holds.
    `width=phone` shows it in a frame of 390 px. No cache keeps it and nobody else is told of it."""
    page = Page.of(request, work)
    try:
        view, until = await previews.opened(work, secret, token)
    except CmsError as error:
        return await page.refusal(error, themed.PRIVATE)
    bar = _bar(page, view, token, width)
    bar["until"] = until.astimezone(work.tenant.zone)
    headers = {**themed.PRIVATE, **themed.security(request, frame_src="'self'")}
    headers["Referrer-Policy"] = themed.PRIVATE["Referrer-Policy"]
    if width == PHONE:
        title = single.plain(view.rendering.title)
        facts = {**page.bare(), "page": page.head(title, ""), "preview": bar}
        return page.own("preview-phone.html", facts, 200, headers)
    facts = await single.facts_of(page, view)
    facts["preview"] = None if width == FRAMED else bar
    facts["page"] = page.head(facts["page"]["title"], "", robots="noindex, nofollow")
    template = page.theme.template_of(view.post.post_type)
    return page.own(template, facts, 200, headers)


def _bar(page: Page, view: PostView, token: str, width: str) -> Facts:
    return {
        "of": view.revision.created_at.astimezone(page.work.tenant.zone),
        "desktop": f"{PAGE}?{urlencode({'token': token})}",
        "phone": f"{PAGE}?{urlencode({'token': token, 'width': PHONE})}",
        "frame": f"{PAGE}?{urlencode({'token': token, 'width': FRAMED})}",
        "is_phone": width == PHONE,
    }
