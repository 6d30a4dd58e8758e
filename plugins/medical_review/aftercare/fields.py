"""What readers are told of a text beside it: top-level keys of the WordPress REST body."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from cms.content.permalinks import paths
from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.kernel.declarations import Compute, RestField
from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare.json_ld import person, site_of, web_page, with_address
from plugins.medical_review.aftercare.pages import Known, known_of
from plugins.medical_review.aftercare.public_notices import rendered, said
from plugins.medical_review.aftercare.social_card import social_card
from plugins.medical_review.articles.fields import computed
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.page_facts import bylines_of, courses_of
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.professional_registry.bylines import byline_of

Value = Callable[[PostView, Known], Any]


def _from_known(value: Value) -> Compute:
    async def compute(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
        found = await known_of(work, views)
        return [value(view, found[view.id]) for view in views]

    return compute


def next_review(view: PostView, known: Known) -> str | None:
    """The day on which the review of this very text stops to count; null for any other text."""
    is_of_this = known.due_hash == view.revision.content_hash.hex()
    return known.due.isoformat() if known.due and is_of_this else None


async def _last_reviewed(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
    """The day of the approval of this very text, by the site's clock."""
    found = await courses_of(work, views)
    given = [found[view.id].approval(view.revision.content_hash) for view in views]
    zone = work.tenant.zone
    return [one and one.decided_at.astimezone(zone).date().isoformat() for one in given]


def _notice(view: PostView, known: Known) -> dict[str, Any] | None:
    """What readers are told, as kinds for programs, as a sentence and as the note of a page."""
    if not known.notices:
        return None
    language = view.revision.language
    kinds = [one["kind"] for one in known.notices]
    words = said(kinds, language)
    return {
        "kinds": kinds,
        "since": moment(known.notices[0]["at"]),
        "text": words,
        "html": rendered(words, language),
    }


def _versions(view: PostView, known: Known) -> list[dict[str, Any]]:
    """Every text that readers had, with the day and the SHA-256 of it. A reader may have kept one
    of them: here he finds out which."""
    return [
        {
            "published_at": moment(one["at"]),
            "content_hash": one["hash"],
            "inherited": one["inherited"],
            "is_current": view.post.live_revision_id == one["revision"],
        }
        for one in known.versions
    ]


def _corrections(_: PostView, known: Known) -> list[dict[str, Any]]:
    """What was wrong, what is right, since when, and who has put her name to it."""
    return [
        {
            "id": one["id"],
            "date": moment(one["at"]),
            "wrong": one["wrong"],
            "right": one["right"],
            "content_hash": one["hash"],
            "signed_by": signed_by(one["registration"], one["signer"]),
            "signature_id": one["signature"],
        }
        for one in known.corrections
    ]


def _retraction(_: PostView, known: Known) -> dict[str, Any] | None:
    """Why the words of the text are withdrawn; null for a text that stands."""
    found = known.retraction
    if found is None:
        return None
    return {
        "id": found["id"],
        "date": moment(found["at"]),
        "reason": found["reason"],
        "signed_by": signed_by(found["registration"], found["signer"]),
        "signature_id": found["signature"],
        "noindex": True,
    }


def signed_by(registration: dict[str, Any] | None, name: str) -> str:
    """As she signed: with her registration if she had one that day, else by name alone."""
    line = byline_of(registration or {})
    return line.text if line is not None else name


def moment(stored: str) -> str:
    """A moment as the rest of the body writes it: UTC, whole seconds."""
    return datetime.fromisoformat(stored).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _field(
    name: str, kind: str, value: Value, contexts: tuple[str, ...] = ("view", "edit")
) -> RestField:
    return computed(name, kind, _from_known(value), contexts)


async def _reviewed_by(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
    """Who has approved this very text, as she signed."""
    found = await courses_of(work, views)
    return [
        given and person(byline_of(given.reviewer_registration or {}), given.reviewer_name)
        for given in (found[view.id].approval(view.revision.content_hash) for view in views)
    ]


async def _json_ld(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
    """What search engines read of a live text; null for one that readers do not have."""
    known, course = await known_of(work, views), await courses_of(work, views)
    lines = await bylines_of(work, views)
    places = await paths(cast(UnitOfWork, work), [view.post for view in views])
    site = site_of(work)
    return [
        with_address(
            web_page(view, known[view.id], course[view.id], lines, site),
            site.at(places[view.id]),
        )
        if view.is_live
        else None
        for view in views
    ]


async def _social_cards(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
    """What a link to a live text shows elsewhere; null for one that readers do not have."""
    known, lines = await known_of(work, views), await bylines_of(work, views)
    places = await paths(cast(UnitOfWork, work), [view.post for view in views])
    site = site_of(work)
    return [
        social_card(
            view,
            lines.get(view.part(PART).get(RESPONSIBLE) or 0),
            site,
            site.at(places[view.id]),
            is_retracted=known[view.id].retraction is not None,
        )
        if view.is_live
        else None
        for view in views
    ]


REST_FIELDS = (
    computed("social_card", "object", _social_cards, ("view",)),
    computed("last_reviewed", "string", _last_reviewed),
    computed("reviewed_by", "object", _reviewed_by),
    computed("json_ld", "object", _json_ld, ("view",)),
    _field("next_review", "string", next_review),
    _field("review_notice", "object", _notice),
    _field("versions", "array", _versions),
    _field("corrections", "array", _corrections),
    # Also where the text is embedded: what stands beside its words is withdrawn by it.
    _field("retraction", "object", _retraction, ("view", "edit", "embed")),
)
