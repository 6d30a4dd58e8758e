"""Checks while somebody writes: of a text that is not saved, and of a post's working text."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from cms.content import posts
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.medical_review.articles.kinds import AUDIENCES
from plugins.medical_review.checks.engine import About, Reading
from plugins.medical_review.checks.overriding import overrides_of
from plugins.medical_review.checks.people import require_writer
from plugins.medical_review.checks.presenting import ChecksOut, OverrideOut, shown
from plugins.medical_review.checks.results import checked, judged, medicines_in, text_of
from plugins.medical_review.checks.standing_rules import state_for, state_of
from plugins.medical_review.checks.text import prepare
from plugins.medical_review.reviewing.reading import reviewed_post
from plugins.professional_registry.councils import by_acronym

LONGEST_CONTENT = 500_000
_LANGUAGES = ("pt", "en")


class Unsaved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text as it is being written: markup as WordPress stores it. `councils`: the registers of
    who writes it (CRM, CRP, …), the physicians' where none is named. Of the fields of an article
    those that are given are checked too."""

    content: str
    title: str = ""
    excerpt: str = ""
    language: str = "pt-BR"
    target_audience: str | None = None
    councils: tuple[str, ...] = ()
    medical: dict[str, Any] | None = None


async def check_text(work: UnitOfWork, draft: Unsaved) -> ChecksOut:
    """What the rules of today say of a text that nobody has saved; nothing of it is kept.
    InvalidInput names every fault of the request."""
    require_writer(work, "check.run")
    faults = _faults(draft)
    if faults:
        raise InvalidInput(faults)
    state = await state_for(work, draft.councils)
    markup = {"title": draft.title, "excerpt": draft.excerpt, "content": draft.content}
    text = prepare(markup, {})
    medicines = await medicines_in(work, state, text)
    about = About(draft.language, draft.target_audience, draft.medical, medicines)
    return shown(state, judged(Reading(text, about), state, work.now), text)


def _faults(draft: Unsaved) -> dict[str, str]:
    faults: dict[str, str] = {}
    sizes: Mapping[str, str] = {
        "content": draft.content,
        "title": draft.title,
        "excerpt": draft.excerpt,
    }
    for name, value in sizes.items():
        if len(value) > LONGEST_CONTENT:
            faults[name] = f"has {len(value):,} characters; at most {LONGEST_CONTENT:,} are checked"
    if draft.language[:2].lower() not in _LANGUAGES:
        faults["language"] = f"{draft.language[:20]!r} must be Portuguese (pt-BR) or English (en)"
    if draft.target_audience not in (None, *AUDIENCES):
        faults["target_audience"] = f"must be one of {', '.join(AUDIENCES)}, or null"
    unknown: Sequence[str] = [name for name in draft.councils if name not in by_acronym()]
    if unknown:
        faults["councils"] = f"{unknown[0][:20]!r} must be one of {', '.join(by_acronym())}"
    return faults


async def check_post(work: UnitOfWork, post_id: int) -> ChecksOut:
    """What the rules say of the working text of a post, with the overrides for exactly that
    text."""
    post = await reviewed_post(work, post_id)
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    state = await state_of(work, post.id, revision.id)
    if state is None:
        raise NotFound("reviewed post", post_id)
    result, _ = await checked(work, state, post.id, revision.id)
    passed = {
        row.rule: OverrideOut.of(row)
        for row in await overrides_of(work, post.id)
        if row.content_hash == state.content_hash
    }
    return shown(state, result, text_of(revision), passed)


async def history(work: UnitOfWork, post_id: int) -> list[OverrideOut]:
    """Every override in any text of the post, the newest first."""
    post = await reviewed_post(work, post_id)
    return [OverrideOut.of(row) for row in await overrides_of(work, post.id)]
