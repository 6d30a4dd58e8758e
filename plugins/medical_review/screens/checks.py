"""What the rules say of a text while it is being written, beside it."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form
from cms.admin.translating import ENGLISH
from cms.content.models import Post
from cms.database.work import UnitOfWork
from plugins.medical_review.articles.kinds import AUDIENCES, is_reviewed
from plugins.medical_review.checks.presenting import ChecksOut
from plugins.medical_review.checks.reading import Unsaved, check_post, check_text
from plugins.medical_review.screens.said import draw, show


async def checks_beside(page: Page, *, post: Post, **_: Any) -> str:
    """What the rules say of the stored text; asked again while somebody types."""
    if not is_reviewed(page.work, post.post_type) or not page.may("check.run"):
        return ""
    checked = await check_post(page.work, post.id)
    return draw(page, "panels/checks", post=post, **_facts(page, checked))


@form("/admin/reviews/checks", action="check.run", resource="check")
async def check_typed(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The same for what stands in the form and is not saved; nothing of it is kept."""
    audience = page.form.text("part.target_audience")
    draft = Unsaved(
        page.form.raw("content"),
        page.form.raw("title"),
        page.form.raw("excerpt"),
        work.tenant.language,
        audience if audience in AUDIENCES else None,
        tuple(page.form.text("checks.councils").split()),
    )
    return show(page, "panels/found", **_facts(page, await check_text(work, draft)))


def _facts(page: Page, checked: ChecksOut) -> dict[str, Any]:
    spoken = page.words.language if page.words.language == ENGLISH else "pt"
    return {"checked": checked, "spoken": spoken}


CHECK_SCREENS: list[Any] = [check_typed]
