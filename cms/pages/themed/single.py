"""One text at its address: with its password form, its comments, and what its head says."""

from html import unescape
from typing import Any

from litestar import Response

from cms.content import posts, reading
from cms.content.permissions import may_read
from cms.content.reading import PostView
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.markup.tokens import MARKUP
from cms.pages.themed import passwords, saying
from cms.pages.themed.pages import Asked, Facts, Page

LONGEST_DESCRIPTION = 160


async def opened(request: Asked, work: UnitOfWork, name: str, post_id: int) -> PostView:
    """The text as this reader may have it; NotFound for one that she may not read, so that the site
    says of nothing hidden that it is there."""
    declared = work.registry.post_types[name]
    view = await reading.one(work, declared, post_id)
    is_shown = view.post.status == Status.PUBLISH.value and declared.is_public
    if not (is_shown and may_read(work.actor, declared, view.post)):
        raise NotFound("page", "at this address")
    await work.decide("post.read", "post", post_id, posts.facts(view.post))
    return passwords.unlocked(request, work, view)


async def show(page: Page, name: str, post_id: int, *, is_front: bool = False) -> Response[bytes]:
    """The page of a text. One that a password protects is for nobody's cache."""
    view = await opened(page.request, page.work, name, post_id)
    facts = await facts_of(page, view, is_front=is_front)
    template = page.theme.template_of(name)
    said = page.request.query_params.get("comment", "")
    answers = page.request.query_params.get("replytocom", "")
    if facts["comments"] is not None:
        facts["comments"]["said"] = said if said in saying.STATES else ""
        facts["comments"]["answers"] = _answered(facts["comments"]["threads"], answers)
    if view.post.password:
        return page.own(template, facts)
    return page.answer(template, facts)


async def facts_of(page: Page, view: PostView, *, is_front: bool = False) -> Facts:
    """Everything that the template of a single text gets."""
    text = await page.texts.whole(view)
    takes_part = "comments" in page.work.registry.post_types[view.post.post_type].supports
    comments = None
    if takes_part and not text["is_closed"]:
        comments = await saying.of_post(page.work, view.post, is_unlocked=view.is_unlocked)
    path = "/" if is_front else text["link"].removeprefix(page.front)
    head = page.head(
        plain(text["title"]),
        path,
        description=plain(text["excerpt"])[:LONGEST_DESCRIPTION],
        feed="" if is_front or "?" in path else f"{path}feed/",
    )
    return {
        **await page.around(),
        "text": text,
        "page": {**head, "kind": "front" if is_front else "single"},
        "comments": comments,
        "password": passwords.facts(text),
        "preview": None,
    }


def _answered(threads: list[Facts], wanted: str) -> Facts | None:
    """The comment that the reader wants to answer, if it is on this page and may be."""
    if not (wanted.isascii() and wanted.isdigit()):
        return None
    waiting = list(threads)
    while waiting:
        one = waiting.pop()
        if one["id"] == int(wanted[:18]) and one["may_be_answered"]:
            return one
        waiting += one["answers"]
    return None


def plain(html: Any) -> str:
    """The words of a rendered title or excerpt."""
    return " ".join(unescape(MARKUP.sub("", str(html))).split())
