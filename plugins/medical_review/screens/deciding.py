"""The signature under a review: approve or send back, with a key of one's own where it is asked."""

import base64
from typing import Any

import msgspec
from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form
from cms.api.routing import refusal_told
from cms.content import posts, transitions
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.reviewing import deciding, reviews, voices
from plugins.medical_review.reviewing.models import State
from plugins.medical_review.reviewing.rounds import of as way_of
from plugins.medical_review.screens.queue import back_of
from plugins.medical_review.screens.review import show_review
from plugins.medical_review.screens.said import show
from plugins.medical_review.signing import cades, giving
from plugins.medical_review.signing.errors import StrongerSignatureNeeded
from plugins.medical_review.signing.statements import ToSign

LARGEST_FILE = 200_000
# What the page for a key adds to the fields of the form that it goes on with. What a step-up adds,
# a password among it, is never written into a page.
_OF_KEYS = frozenset({"to_sign", "ticket", "credential", "cades", "_wpnonce"})
_OF_STEP_UP = "step_up_"


@form("/admin/reviews/{review_id:int}/decision", action="review.decide", resource="review")
async def decide(work: UnitOfWork, page: Page, review_id: int) -> Response[bytes]:
    """Sign what the form says of exactly the text that it names."""
    sent = page.form
    try:
        await give_proof(work, page)
        await deciding.decide(
            work,
            review_id,
            sent.text("verdict"),
            sent.text("comment"),
            sent.text("content_hash"),
            on_behalf_of=sent.number("on_behalf_of"),
        )
    except InvalidInput as refused:
        return await show_review(work, page, review_id, faults=refused.faults)
    except StrongerSignatureNeeded as refused:
        return await ask_for_key(work, page, refused)
    told = await _what_follows(work, page, review_id)
    return page.redirect(f"/admin/reviews/{review_id}", told)


async def _what_follows(work: UnitOfWork, page: Page, review_id: int) -> str:
    review = await reviews.get(work, review_id)
    if review.state == State.APPROVED:
        return page.say("You have signed. The text is approved.")
    if review.state == State.SENT_BACK:
        return page.say("You have signed. The text is with its author again, who was told why.")
    way = await way_of(work, review_id)
    missing = voices.in_words((await voices.verdicts(work, way)).missing)
    return page.say("You have signed. The review still waits for: %(missing)s.", missing=missing)


async def give_proof(work: UnitOfWork, page: Page) -> None:
    """Keep what a key of the actor's own said, if the form brings it. InvalidInput says what is
    wrong with it; nothing was kept then."""
    written = page.form.raw("to_sign")
    files = page.form.files("cades")
    if not written or not (page.form.text("credential") or files):
        return
    await work.decide("signing_proof.give", "signing_proof")
    to_sign = giving.own_to_sign(work, _decoded(written))
    if files:
        der = await files[0].read(LARGEST_FILE)
        await cades.give(work, to_sign, base64.b64encode(der).decode())
    else:
        credential = _json(page.form.raw("credential"))
        await giving.give_by_passkey(work, to_sign, page.form.text("ticket"), credential)


async def ask_for_key(
    work: UnitOfWork, page: Page, refused: StrongerSignatureNeeded
) -> Response[bytes]:
    """A page that has the same form signed with a passkey or a certificate, and goes on with it."""
    await work.emit(refusal_told(refused, "signature.give", "signature"))
    await work.decide("signing_proof.give", "signing_proof")
    to_sign = msgspec.convert(refused.facts["to_sign"], ToSign)
    ticket, options = await giving.offer(work, to_sign)
    return show(
        page,
        "key",
        status=401,
        again=page.request.scope["path"],
        sent=[pair for pair in page.form.pairs() if _goes_along(pair[0])],
        needed=refused.facts["needed"],
        why=refused.message,
        to_sign=to_sign,
        written=msgspec.json.encode(to_sign).decode(),
        ticket=ticket,
        options=msgspec.json.encode(options).decode(),
        has_passkey=bool(options.get("allowCredentials")),
    )


def _goes_along(name: str) -> bool:
    return name not in _OF_KEYS and not name.startswith(_OF_STEP_UP)


@form("/admin/reviews/keys/bytes", action="signing_proof.give", resource="signing_proof")
async def bytes_to_sign(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The bytes that a certificate of ICP-Brasil signs, as a file."""
    to_sign = giving.own_to_sign(work, _decoded(page.form.raw("to_sign")))
    headers = {
        "Content-Disposition": 'attachment; filename="to-sign.bin"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(to_sign.canonical, media_type="application/octet-stream", headers=headers)


@form(
    "/admin/reviews/of-post/{post_id:int}/publish",
    action="post.publish_reviewed",
    resource="post",
)
async def publish(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Give readers the approved text, or plan it if its date is ahead."""
    post = await transitions.move(work, await posts.lock(work, post_id), Status.PUBLISH)
    told = page.say("Readers have this text now.")
    if post.status == Status.FUTURE:
        told = page.say("The text is planned for its day.")
    return page.redirect(back_of(page, f"/admin/reviews/of-post/{post_id}"), told)


def _decoded(written: str) -> ToSign:
    try:
        return msgspec.json.decode(written, type=ToSign)
    except msgspec.DecodeError as fault:
        raise InvalidInput({"to_sign": "is not what this page asked to have signed"}) from fault


def _json(written: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(written, type=dict[str, Any])
    except msgspec.DecodeError as fault:
        raise InvalidInput({"credential": "is no answer of a passkey; try again"}) from fault


DECISION_SCREENS: list[Any] = [decide, bytes_to_sign, publish]
