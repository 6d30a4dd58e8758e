"""Comments: reading what waits, approving, answering, and taking away."""

from datetime import datetime
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.translating import N_
from cms.content import comment_reading, comments
from cms.content.comment_reading import MODERATE, STATUSES, CommentQuery, CommentView
from cms.content.comment_rules import moderates
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound
from cms.identity.models import User

_HOME = "/admin/comments"
_A_PAGE = 30

TABS = (
    ("hold", N_("Waiting")),
    ("approve", N_("Approved")),
    ("spam", N_("Spam")),
    ("trash", N_("Bin")),
)
# What can be done with a comment of each status; the first is what is usually wanted.
STEPS = {
    "hold": (("approve", N_("Approve")), ("spam", N_("Spam")), ("trash", N_("Bin"))),
    "approved": (("hold", N_("Hold")), ("spam", N_("Spam")), ("trash", N_("Bin"))),
    "spam": (("unspam", N_("Not spam")), ("delete", N_("Delete for good"))),
    "trash": (("untrash", N_("Take out of the bin")), ("delete", N_("Delete for good"))),
}


@screen(_HOME, action="comment.list", resource="comment")
async def list_comments(
    work: UnitOfWork, page: Page, status: str = "hold", q: str = "", after: str = ""
) -> Response[bytes]:
    """Comments of one status, the newest first."""
    if status not in dict(TABS):
        raise InvalidInput({"status": f"must be one of {', '.join(dict(TABS))}"})
    found, total = await comment_reading.page(
        work,
        CommentQuery(
            statuses=STATUSES[status], kind="all", search=q, limit=_A_PAGE, below=_place(after)
        ),
    )
    return page.render(
        "comments/list.html",
        comments=[one for one in found if moderates(work, one.post)],
        tab=status,
        q=q,
        tabs=TABS,
        steps=STEPS,
        bulk=[(step, page.words.gettext(label)) for step, label in STEPS[STATUSES[status][0]]],
        first=f"{_HOME}?status={status}" if after else "",
        next=_after(found[-1]) if total > len(found) else "",
        sees_addresses=work.actor.has(MODERATE),
    )


def _place(after: str) -> tuple[datetime, int] | None:
    """Where a list goes on: the date and the id of the last comment that was seen."""
    if not after:
        return None
    moment, _, number = after.rpartition(".")
    try:
        return datetime.fromisoformat(moment), int(number)
    except ValueError:
        raise InvalidInput({"after": "is not a place of this list; begin anew"}) from None


def _after(view: CommentView) -> str:
    return f"{view.comment.date_gmt.isoformat()}.{view.comment.id}"


@form(_HOME, action="comment.edit", resource="comment")
async def moderate_comments(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Do the same with every comment that was ticked, or with one of them."""
    step, ids = page.form.text("step"), page.form.numbers("ids")
    alone, _, number = page.form.text("one").partition(":")
    if alone:
        step, ids = alone, [int(number)]
    if not ids:
        raise InvalidInput({"ids": "tick at least one comment"})
    refused = [name for one in ids if (name := await _moderated(work, one, step))]
    if refused:
        return page.redirect(_back(page), " ".join(refused))
    said = page.words.ngettext(
        "One comment was changed.", "%(num)d comments were changed.", len(ids)
    )
    return page.redirect(_back(page), said % {"num": len(ids)})


async def _moderated(work: UnitOfWork, comment_id: int, step: str) -> str:
    """Empty when it is done; else why it was not."""
    if step not in (*comments.SETTABLE, "delete"):
        raise InvalidInput({"step": "must be one of the steps of the list"})
    try:
        comment, post = await comment_reading.locked(work, comment_id)
        if step == "delete":
            await comments.remove(work, comment, post)
        else:
            await comments.moderate(work, comment, post, step)
    except CmsError as error:
        return error.message
    return ""


@screen(f"{_HOME}/{{comment_id:int}}", action="comment.read", resource="comment")
async def show_comment(work: UnitOfWork, page: Page, comment_id: int) -> Response[bytes]:
    """One comment, to change it or to answer."""
    return await _shown(work, page, comment_id, {}, 200)


async def _shown(
    work: UnitOfWork, page: Page, comment_id: int, faults: dict[str, str], status: int
) -> Response[bytes]:
    view = await comment_reading.one(work, comment_id)
    if not moderates(work, view.post):
        raise NotFound("comment", comment_id)
    return page.render(
        "comments/comment.html",
        status=status,
        view=view,
        faults=faults,
        sees_addresses=work.actor.has(MODERATE),
    )


@form(f"{_HOME}/{{comment_id:int}}", action="comment.edit", resource="comment")
async def save_comment(work: UnitOfWork, page: Page, comment_id: int) -> Response[bytes]:
    """Change what stands there."""
    comment, post = await comment_reading.locked(work, comment_id)
    try:
        await comments.edit(work, comment, post, {"content": page.form.raw("content")})
    except InvalidInput as refused:
        return await _shown(work, page, comment_id, refused.faults, 422)
    return page.redirect(f"{_HOME}/{comment_id}", page.say("The comment is saved."))


@form(f"{_HOME}/{{comment_id:int}}/answer", action="comment.create", resource="comment")
async def answer_comment(work: UnitOfWork, page: Page, comment_id: int) -> Response[bytes]:
    """Answer in one's own name. A comment that waited is approved by it, as in WordPress."""
    comment, post = await comment_reading.locked(work, comment_id)
    if not moderates(work, post):
        raise NotFound("comment", comment_id)
    own = await work.session.get(User, (work.tenant_id, work.actor.user_id or 0))
    if own is None:
        raise NotFound("comment", comment_id)
    if comment.status == "hold":
        await comments.moderate(work, comment, post, "approve")
    given = {
        "content": page.form.raw("answer"),
        "parent_id": comment.id,
        "author_id": own.id,
        "author_name": own.display_name,
        "author_email": own.email,
        "author_url": own.url,
        "status": "approve",
    }
    await comments.add(work, post, given)
    return page.redirect(_back(page), page.say("Your answer is published."))


def _back(page: Page) -> str:
    status = page.form.text("status") or "hold"
    return f"{_HOME}?status={status}" if status in dict(TABS) else _HOME


COMMENT_SCREENS: list[Any] = [
    list_comments,
    moderate_comments,
    show_comment,
    save_comment,
    answer_comment,
]
