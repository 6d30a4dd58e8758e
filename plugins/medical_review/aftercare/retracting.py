"""A retracted text stays at its address, with the notice and the reason in the place of its words.

Its words are withdrawn where they are stored for readers, so that no door can forget it: pages,
lists, feeds, previews and embeds all show the stored rendering. Editors keep the text itself.
"""

from collections.abc import AsyncIterator, Mapping
from html import escape
from typing import cast

from cms.content import indexing, posts, rendering
from cms.content.bodies import Beside, PostBody
from cms.content.events import Transition
from cms.content.rendering import Rendered
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare import amendments, upkeep
from plugins.medical_review.aftercare.amendments import RETRACT, AmendmentKind, Live
from plugins.medical_review.aftercare.models import Amendment
from plugins.medical_review.aftercare.public_notices import is_portuguese
from plugins.medical_review.aftercare.words import plain_words
from plugins.medical_review.articles.kinds import is_reviewed

_SAID: Mapping[str, str] = {
    "pt": "Este texto foi retratado em {day}. Motivo: {reason}",
    "en": "This text was retracted on {day}. Reason: {reason}",
}
_DAYS = {"pt": "%d/%m/%Y", "en": "%Y-%m-%d"}
# What stands beside the words of a text in its body, and says what they said.
_TELLING = ("acf", "meta", "seo_description", "medical_keywords", "scientific_references")


async def retract(work: UnitOfWork, post_id: int, content_hash: str, reason: str) -> Amendment:
    """Withdraw the words of a live text from readers, at once and by one signature: harm does not
    wait for a quorum. Taking it back takes a second person."""
    live = await amendments.live_text(work, post_id, RETRACT, "retraction.make")
    amendments.refuse_other(live, content_hash)
    words = plain_words("reason", reason)
    if await amendments.retraction_of(work, post_id) is not None:
        raise Conflict("This text is retracted already.", post=post_id)
    made = await amendments.add(work, live, AmendmentKind.RETRACTION, {"reason": words})
    await upkeep.pause(work, post_id)
    await _show_anew(work, live)
    await indexing.forget(work, live.post)
    return made


async def reinstate(work: UnitOfWork, post_id: int, content_hash: str, reason: str) -> Amendment:
    """Give readers the words back, by another person than the one who retracted. That the text was
    retracted stays in its history."""
    live = await amendments.live_text(work, post_id, RETRACT, "retraction.lift")
    amendments.refuse_other(live, content_hash)
    words = plain_words("reason", reason)
    found = await amendments.retraction_of(work, post_id)
    if found is None:
        raise Conflict("This text is not retracted.", post=post_id)
    if found.made_by == work.actor.user_id:
        raise CapabilityMissing(
            "Another person than the one who retracted a text reinstates it.",
            action="retraction.lift",
        )
    made = await amendments.add(work, live, AmendmentKind.REINSTATEMENT, {"reason": words})
    await upkeep.resume(work, live.post, live.revision)
    await _show_anew(work, live)
    await indexing.index(work, live.post, live.revision)
    return made


async def _show_anew(work: UnitOfWork, live: Live) -> None:
    """Store what readers get now; copies and caches see that it changed."""
    shown = {live.revision.id, live.post.working_revision_id or live.revision.id}
    for revision_id in sorted(shown):
        await rendering.render_again(work, live.post, revision_id)
    posts.touch(work, live.post)
    await work.session.flush()


# -- what follows from a retraction


async def withdraw_words(work: ReadableWork, rendered: Rendered) -> Rendered:
    """The notice in the place of the words of a retracted text, whichever version of it."""
    post = rendered.post
    if not is_reviewed(work, post.post_type) or not post.has_been_live:
        return rendered
    found = await amendments.retraction_of(work, post.id)
    if found is None:
        return rendered
    words = said(found, rendered.revision.language)
    note = (
        f'<aside class="retraction-notice" role="note" '
        f'lang="{"pt-BR" if is_portuguese(rendered.revision.language) else "en"}">'
        f"<p>{escape(words)}</p></aside>"
    )
    return rendered.with_texts(content=note, excerpt=f"<p>{escape(words)}</p>")


def said(found: Amendment, language: str) -> str:
    """What readers are told instead, as plain text."""
    spoken = "pt" if is_portuguese(language) else "en"
    day = found.made_at.strftime(_DAYS[spoken])
    return _SAID[spoken].format(day=day, reason=found.reason)


async def withdraw_beside(work: ReadableWork, beside: Beside) -> Beside:
    """The custom fields of a retracted text go with its words."""
    post = beside.post
    if not is_reviewed(work, post.post_type) or not post.has_been_live:
        return beside
    found = await amendments.retraction_of(work, post.id)
    return beside.withdrawn() if found is not None else beside


async def silence_fields(_: ReadableWork, body: PostBody) -> PostBody:
    """What stands beside the words is withdrawn with them, but from editors; search engines are
    told not to list the page."""
    retraction = body.fields.get("retraction")
    if retraction is None or body.context == "edit":
        return body
    for name in _TELLING:
        if name in body.fields:
            body.fields[name] = "" if isinstance(body.fields[name], str) else []
    body.fields["yoast_head_json"] = {
        "title": body.fields.get("title", {}).get("rendered", ""),
        "robots": {"index": "noindex", "follow": "follow"},
        "canonical": body.fields.get("link", ""),
    }
    return body


async def retracted_stays(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """A retracted text is neither published anew nor taken from its address, where readers look for
    it; it can be submitted, to be judged before it is reinstated."""
    if Status.PUBLISH not in {move.from_status, move.to_status}:
        return
    post = await posts.get(cast(UnitOfWork, work), move.post_id)
    if not is_reviewed(work, post.post_type) or not post.has_been_live:
        return
    if move.submits and post.live_revision_id not in {None, move.revision_id}:
        return
    if await amendments.retraction_of(work, post.id) is not None:
        yield Objection(
            "article.retracted",
            "This text is retracted: it stays at its address with the notice and the reason.",
            "Have another person than the one who retracted it reinstate it first "
            f"(POST /api/v1/reviews/of-post/{post.id}/reinstatement).",
        )
