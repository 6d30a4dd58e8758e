"""One review on one screen: the text, what changed, checks, references, who, history; and the
signature under it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Response
from markupsafe import Markup

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.admin.translating import N_, TAGS
from cms.content.rendering import aside
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from plugins.medical_review.checks import reading as checks
from plugins.medical_review.checks.overriding import LONGEST, SHORTEST
from plugins.medical_review.checks.people import OVERRIDE
from plugins.medical_review.comparing.comparison import compare
from plugins.medical_review.comparing.page import shown as comparison
from plugins.medical_review.discussion import reading as discussion
from plugins.medical_review.discussion.rights import is_reviewer
from plugins.medical_review.discussion.shapes import DiscussionOut
from plugins.medical_review.inviting import invitations
from plugins.medical_review.references.text_api import of_post as references_of
from plugins.medical_review.reviewing import reading
from plugins.medical_review.reviewing.candidates import candidates
from plugins.medical_review.reviewing.reading import may_oversee
from plugins.medical_review.screens.reading_room import Standing, standing
from plugins.medical_review.screens.said import show
from plugins.medical_review.screens.shown import article_facts, in_page

REVIEW = "/admin/reviews/{review_id:int}"
MOST_THREADS = 100

Facts = Mapping[str, Any]

PARTS: Mapping[str, str] = {
    "text": N_("Text and comments"),
    "changes": N_("Changes"),
    "checks": N_("Checks"),
    "references": N_("References"),
    "people": N_("People"),
    "history": N_("History"),
}


@screen(REVIEW, action="review.read", resource="review")
async def read_review(
    work: UnitOfWork, page: Page, review_id: int, *, part: str = "text", base: int | None = None
) -> Response[bytes]:
    """A review. `part` chooses what stands beside the signing box; the page's script asks for a
    part alone. `base` is the revision that the changes are shown against."""
    return await show_review(work, page, review_id, part=part, base=base)


async def show_review(
    work: UnitOfWork,
    page: Page,
    review_id: int,
    *,
    part: str = "text",
    base: int | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """The screen, also after a form of it was refused: with what was typed and every fault."""
    if part not in PARTS:
        raise NotFound("part of the review", part[:40])
    found = await standing(work, review_id)
    facts = await _PART[part](work, page, found, base)
    template = f"medical_review/review/{part}.html"
    more = {"found": found, "part": part, "faults": faults or {}, "typed": page.form, **facts}
    if page.is_fragment:
        return show(page, "review/fragment", part_template=template, parts=PARTS, **more)
    return show(
        page,
        "review/page",
        status=422 if faults else 200,
        part_template=template,
        parts=PARTS,
        **more,
    )


async def _text(work: UnitOfWork, page: Page, found: Standing, _: int | None) -> Facts:
    revision, rendering = found.text.revision, found.text.rendering
    said = await discussion.of_post(
        work, found.text.post.id, revision_id=revision.id, limit=MOST_THREADS
    )
    return {
        "content": in_page(rendering.content),
        "excerpt": in_page(rendering.excerpt),
        "article": await article_facts(work, page, revision),
        "threads": DiscussionOut.of(said, MOST_THREADS).threads,
        "is_reviewer": is_reviewer(work),
    }


async def _changes(work: UnitOfWork, page: Page, found: Standing, base: int | None) -> Facts:
    compared = await compare(work, found.text.post, base, found.text.revision.id)
    size = 2 * sum(len(one.html) for one in compared.blocks)
    body = await aside(size, comparison, compared, TAGS[page.words.language], 3)
    return {"compared": compared, "comparison": Markup(body)}  # noqa: S704 - escaped there


async def _checks(work: UnitOfWork, page: Page, found: Standing, _: int | None) -> Facts:
    checked = await checks.check_post(work, found.text.post.id) if found.is_current else None
    return {"checked": checked, **facts_of_checks(work, page)}


def facts_of_checks(work: UnitOfWork, page: Page) -> Facts:
    """What a page that shows findings needs beside them."""
    return {
        "spoken": page.words.language,
        "may_override": work.actor.has(OVERRIDE),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }


async def _references(work: UnitOfWork, _: Page, found: Standing, __: int | None) -> Facts:
    listed = await references_of(work, found.text.post.id)
    lines = [(one, Markup(one.shown)) for one in listed.references]  # noqa: S704 - escaped there
    return {"lines": lines, "findings": listed.findings}


async def _people(work: UnitOfWork, page: Page, found: Standing, _: int | None) -> Facts:
    sees = may_oversee(work) and found.is_open
    able = await candidates(work, found.definition, found.text.review) if sees else []
    may_assign = found.is_open and not found.steps["reassign"]
    asked = await invitations.listed(work, found.text.review.id) if may_assign else []
    return {"candidates": able, "invited": asked, "may_assign": may_assign}


async def _history(work: UnitOfWork, page: Page, found: Standing, _: int | None) -> Facts:
    return {"course": await reading.of_post(work, found.text.post.id)}


Draw = Callable[[UnitOfWork, Page, Standing, int | None], Awaitable[Facts]]

_PART: Mapping[str, Draw] = {
    "text": _text,
    "changes": _changes,
    "checks": _checks,
    "references": _references,
    "people": _people,
    "history": _history,
}

REVIEW_SCREENS: list[Any] = [read_review]
