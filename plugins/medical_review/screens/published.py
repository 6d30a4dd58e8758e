"""One article after its publication: its reviews, when the next one is due, what was said of it
since, its certificate; correcting, retracting, reinstating, unpublishing it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.content import posts, transitions
from cms.content.permissions import may_edit
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.aftercare import amendments, due, retracting, upkeep
from plugins.medical_review.checks import overriding
from plugins.medical_review.checks import reading as checks
from plugins.medical_review.reviewing import reading
from plugins.medical_review.reviewing.models import State
from plugins.medical_review.reviewing.names import names_of
from plugins.medical_review.screens.deciding import ask_for_key, give_proof
from plugins.medical_review.screens.review import facts_of_checks, show_review
from plugins.medical_review.screens.said import show
from plugins.medical_review.signing.certificate_api import certificate_file
from plugins.medical_review.signing.errors import StrongerSignatureNeeded

ARTICLE = "/admin/reviews/of-post/{post_id:int}"


@screen(ARTICLE, action="review.history", resource="review")
async def show_article(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Everything about one article that is not its text."""
    return await _article(work, page, post_id, {})


async def _article(
    work: UnitOfWork, page: Page, post_id: int, faults: dict[str, str]
) -> Response[bytes]:
    course = await reading.of_post(work, post_id)
    post = await posts.get(work, post_id)
    live = (
        await posts.revision(work, post_id, post.live_revision_id or 0) if _is_live(post) else None
    )
    said = await amendments.of_post(work, post_id)
    retraction = await amendments.retraction_of(work, post_id) if live else None
    is_new = post.working_revision_id != post.live_revision_id
    is_open = bool(course) and course[0][0].state == State.OPEN
    may = may_edit(work.actor, posts.type_of(work, post), post)
    return show(
        page,
        "article",
        status=422 if faults else 200,
        checked=await checks.check_post(work, post_id) if is_new else None,
        **facts_of_checks(work, page),
        post=post,
        course=course,
        live=live,
        upkeep=await upkeep.of_post(work, post_id),
        amendments=said,
        retraction=retraction,
        names=await names_of(work, {one.made_by for one in said}),
        may_edit=may,
        may_hand_over=may and is_new and not is_open,
        faults=faults,
        typed=page.form,
    )


def _is_live(post: Any) -> bool:
    return post.live_revision_id is not None and post.status == Status.PUBLISH


async def _signed(
    work: UnitOfWork, page: Page, post_id: int, use: Callable[[], Awaitable[Any]], told: str
) -> Response[bytes]:
    """What is signed here goes one way: with a key of one's own where the step asks for it."""
    try:
        await give_proof(work, page)
        await use()
    except InvalidInput as refused:
        return await _article(work, page, post_id, refused.faults)
    except StrongerSignatureNeeded as refused:
        return await ask_for_key(work, page, refused)
    return page.redirect(f"/admin/reviews/of-post/{post_id}", told)


@form(f"{ARTICLE}/overrides", action="check.override", resource="check")
async def override(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Sign that a finding of the checks may pass in exactly this text. The form stands beside a
    review, or, where a finding keeps the text from one, here."""
    sent, review_id = page.form, page.form.number("review")
    said = (sent.text("rule"), sent.text("content_hash"), sent.text("justification"))
    try:
        await give_proof(work, page)
        await overriding.override(work, post_id, *said)
    except InvalidInput as refused:
        if review_id is None:
            return await _article(work, page, post_id, refused.faults)
        return await show_review(work, page, review_id, part="checks", faults=refused.faults)
    except StrongerSignatureNeeded as refused:
        return await ask_for_key(work, page, refused)
    path = f"/admin/reviews/of-post/{post_id}"
    if review_id is not None:
        path = f"/admin/reviews/{review_id}?part=checks"
    return page.redirect(path, page.say("You have signed: the finding passes in this text."))


@form(f"{ARTICLE}/correction", action="correction.make", resource="review")
async def correct(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Tell readers what was wrong in the text that they have, and what is right."""
    sent = page.form
    said = (sent.text("content_hash"), sent.text("wrong"), sent.text("right"))
    return await _signed(
        work,
        page,
        post_id,
        lambda: amendments.correct(work, post_id, *said),
        page.say("You have signed. Readers are told of the correction."),
    )


@form(f"{ARTICLE}/retraction", action="retraction.make", resource="review")
async def retract(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Withdraw the words from readers; the address stays, with the reason."""
    said = (page.form.text("content_hash"), page.form.text("reason"))
    return await _signed(
        work,
        page,
        post_id,
        lambda: retracting.retract(work, post_id, *said),
        page.say("You have signed. Readers find the notice in the place of the text."),
    )


@form(f"{ARTICLE}/reinstatement", action="retraction.lift", resource="review")
async def reinstate(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Give readers the words back, as another person than the one who retracted them."""
    said = (page.form.text("content_hash"), page.form.text("reason"))
    return await _signed(
        work,
        page,
        post_id,
        lambda: retracting.reinstate(work, post_id, *said),
        page.say("You have signed. Readers have the text again."),
    )


@form(f"{ARTICLE}/due", action="upkeep.set", resource="review")
async def set_due(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Move the next review to another day, and say why."""
    faults: dict[str, str] = {}
    try:
        due_on = page.form.read("due_on", date.fromisoformat, faults)
        if due_on is None:
            raise InvalidInput(faults)
        await upkeep.set_due(work, post_id, due_on, page.form.text("due_reason"))
    except InvalidInput as refused:
        return await _article(work, page, post_id, refused.faults)
    told = page.say("The next review is due on another day.")
    return page.redirect(f"/admin/reviews/of-post/{post_id}", told)


@form(f"{ARTICLE}/again", action="upkeep.ask", resource="review")
async def ask_again(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Have the text that readers have reviewed again as it is."""
    await due.ask_again(work, post_id)
    told = page.say("The text is reviewed again; readers keep it meanwhile.")
    return page.redirect(f"/admin/reviews/of-post/{post_id}", told)


@form(f"{ARTICLE}/unpublish", action="post.edit", resource="post")
async def unpublish(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Take a published article from its readers: it is a draft again."""
    await transitions.move(work, await posts.lock(work, post_id), Status.DRAFT)
    told = page.say("Readers do not have this article any more; it is a draft again.")
    return page.redirect(f"/admin/reviews/of-post/{post_id}", told)


@screen("/admin/reviews/certificates/{name:str}", action="certificate.read", resource="certificate")
async def read_certificate(
    work: UnitOfWork, page: Page, name: str, language: str | None = None
) -> Response[bytes]:
    """The certificate of what readers have, as PDF or JSON; in the reader's language."""
    return await certificate_file(work, name, language or page.words.language)


PUBLISHED_SCREENS: list[Any] = [
    show_article,
    override,
    correct,
    retract,
    reinstate,
    set_due,
    ask_again,
    unpublish,
    read_certificate,
]
