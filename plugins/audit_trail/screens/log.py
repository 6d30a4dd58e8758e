"""What proves that nobody has rewritten the past: heads, witnesses, and the log verified anew."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.officers.naming import people_of
from plugins.audit_trail.officers.reading import Head, read_head
from plugins.audit_trail.officers.standing import standing_of_log
from plugins.audit_trail.rounds import asking
from plugins.audit_trail.rounds.asking import Asked, Verification
from plugins.audit_trail.screens.question import shown
from plugins.audit_trail.screens.words import (
    ROUNDS,
    STATE_KINDS,
    STATES,
    VERDICT_KINDS,
    VERDICT_WORDS,
)

_WORDS: dict[str, Any] = {
    "states": STATES,
    "state_kinds": STATE_KINDS,
    "verdicts": VERDICT_WORDS,
    "verdict_kinds": VERDICT_KINDS,
}


@screen("/admin/audit/log", action="audit.read", resource="audit_trail")
async def show_log(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The newest head, who has it, who vouches for it, and the verifications of late."""
    return await _shown(work, page, {})


async def _shown(
    work: UnitOfWork, page: Page, faults: Mapping[str, str], status: int = 200
) -> Response[bytes]:
    head = await _newest(work)
    common = shown(page, None)
    standing = await standing_of_log(work)
    people = await people_of(work, {one.actor_id for one in standing.lately if one.actor_id})
    return page.render(
        "audit_trail/log.html",
        status=status,
        head=head,
        checkpoint=None if head is None else Checkpoint.parse(head.note.encode()),
        standing=standing,
        people=people if common["purpose"].sees_names else {},
        rounds=ROUNDS,
        faults=faults,
        given=dict(page.form.pairs()),
        **(common | _WORDS),
    )


async def _newest(work: UnitOfWork) -> Head | None:
    try:
        return await read_head(work)
    except NotFound:
        return None


@screen("/admin/audit/log/head", action="audit.read", resource="audit_trail")
async def fetch_head(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The newest signed head as the note that any C2SP client verifies."""
    head = await read_head(work)
    name = f"audit-head-{head.epoch}-{head.size}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(head.note.encode(), media_type="text/plain", headers=headers)


@form("/admin/audit/verifications", action="audit.verify", resource="audit_log")
async def ask_verification(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Have the log verified, all of it or a part."""
    try:
        made = await asking.ask(work, _asked(page))
    except InvalidInput as refused:
        return await _shown(work, page, refused.faults, 422)
    return page.redirect(f"/admin/audit/verifications/{made.id}")


def _asked(page: Page) -> Asked:
    first, until = page.form.number("first"), page.form.number("until")
    faults = {
        name: f"must be between 0 and {asking.LARGEST}"
        for name, number in (("first", first), ("until", until))
        if page.form.text(name) and (number is None or not 0 <= number <= asking.LARGEST)
    }
    if faults:
        raise InvalidInput(faults)
    return Asked(first=first or 0, until=until, by="both" if page.form.has("twice") else "sql")


@screen(
    "/admin/audit/verifications/{verification_id:uuid}", action="audit.verify", resource="audit_log"
)
async def show_verification(work: UnitOfWork, page: Page, verification_id: UUID) -> Response[bytes]:
    """How far it is, looked at again every two seconds; then what came out."""
    found = await asking.read(work, verification_id)
    part = "progress" if page.is_fragment else "page"
    return page.render(
        f"audit_trail/verification_{part}.html",
        verification=found,
        is_over=_is_over(found),
        **_WORDS,
    )


def _is_over(found: Verification) -> bool:
    return found.state in ("ended", "failed")


LOG_SCREENS: list[Any] = [show_log, fetch_head, ask_verification, show_verification]
