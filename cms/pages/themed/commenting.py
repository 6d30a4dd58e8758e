"""The form below a text: a visitor's comment, and the page again with what was wrong in it."""

from typing import Any

from litestar import Response

from cms.api.routing import post
from cms.content.models import Post
from cms.content.reading import PostView
from cms.content.visiting import CLOSED, Said, say
from cms.database.work import UnitOfWork
from cms.errors import CmsError, Conflict, InvalidInput, NotFound, TooManyRequests
from cms.pages.themed import single
from cms.pages.themed.forms import form_of, number_of, refuse_foreign
from cms.pages.themed.pages import Asked, Page, is_served

ADDRESS = "/wp-comments-post.php"
"""WordPress's address for this form, whose names of fields it has too."""


@post(
    ADDRESS,
    action="comment.create",
    resource="comment",
    include_in_schema=False,
    status_code=200,
)
async def give_comment(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """Say something below a text, and come back to it."""
    if not is_served(request, work):
        raise NotFound("page", "at this address")
    page = Page.of(request, work)
    try:
        refuse_foreign(request)
        given = await form_of(request)
        view = await _commented(page, number_of(given.get("comment_post_ID", "")))
    except CmsError as error:
        return await page.refusal(error)
    try:
        made = await say(work, view.post, _said(given))
    except CmsError as error:
        return await _again(page, view, given, error)
    link = (await page.texts.whole(view))["link"]
    state = ("shown", f"#comment-{made.id}") if made.status == "approved" else ("held", "#respond")
    query = "&" if "?" in link else "?"
    headers = {
        "Location": f"{link}{query}comment={state[0]}{state[1]}",
        "Cache-Control": "no-store",
    }
    return Response(b"", status_code=303, headers=headers, media_type="text/plain")


async def _commented(page: Page, post_id: int) -> PostView:
    found = await page.work.session.get(Post, (page.work.tenant_id, post_id))
    if found is None:
        raise NotFound("page", "at this address")
    view = await single.opened(page.request, page.work, found.post_type, post_id)
    if view.post.password and not view.is_unlocked:
        raise NotFound("page", "at this address")
    return view


def _said(given: dict[str, str]) -> Said:
    return Said(
        content=given.get("comment", ""),
        name=given.get("author", ""),
        email=given.get("email", ""),
        url=given.get("url", ""),
        parent_id=number_of(given.get("comment_parent", "")) or None,
    )


async def _again(
    page: Page, view: PostView, given: dict[str, str], error: CmsError
) -> Response[bytes]:
    """The text with the form as it was filled in, and beside each field what is wrong in it."""
    facts: dict[str, Any] = await single.facts_of(page, view)
    faults = _faults(error)
    wanted = {"author", "email", "url", "comment", "comment_parent"}
    kept = {name: value for name, value in given.items() if name in wanted}
    facts["comments"] = {**(facts["comments"] or {}), "faults": faults, "given": kept}
    template = page.theme.template_of(view.post.post_type)
    return page.own(template, facts, status=error.status)


# By the names of the form's fields.
_FIELDS = {"name": "author", "email": "email", "url": "url"}


def _faults(error: CmsError) -> dict[str, str]:
    """Which field of the form is at fault, and the word for it that the theme has."""
    if isinstance(error, InvalidInput):
        told = {field: field for name, field in _FIELDS.items() if name in error.faults}
        others = [name for name in error.faults if name not in _FIELDS]
        known = [name if name in {"content", "parent"} else "other" for name in others]
        return {**told, **({"comment": known[0]} if known else {})}
    if isinstance(error, TooManyRequests):
        return {"comment": "flood"}
    if isinstance(error, Conflict):
        return {"comment": "closed" if error.facts.get("code") == CLOSED else "repeated"}
    return {"comment": "other"}
