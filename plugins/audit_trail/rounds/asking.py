"""Having the log verified, and seeing how far that is."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import msgspec
from msgspec import Meta
from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput, NotFound
from plugins.audit_trail.events import VerificationAsked
from plugins.audit_trail.exports.making import EXPORT as MANAGE_COMPLIANCE

LARGEST = 2**62
Entry = Annotated[int, Meta(ge=0, le=LARGEST)]

_ASK = text("select audit.ask_verification(:id, :actor, :first, :until, :by)")
_READ = text("select * from audit.verification(:id)")


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The entries `first` … `until - 1`, to the end of the log when `until` is left out."""

    first: Entry = 0
    until: Entry | None = None
    by: Literal["python", "sql", "both"] = "sql"


class Verification(msgspec.Struct):
    """`done` of `total` entries are rebuilt; `report` is there once it has ended."""

    id: UUID
    state: str
    round: str
    by: str
    first: int
    until: int | None
    asked_at: datetime
    ended_at: datetime | None
    done: int
    total: int
    verdict: str | None
    report: dict[str, Any] | None


async def ask(work: UnitOfWork, data: Asked) -> Verification:
    """Queue a verification; a worker takes it up in seconds. CapabilityMissing, InvalidInput."""
    _require(work)
    if data.until is not None and data.until <= data.first:
        raise InvalidInput({"until": "must be larger than first"})
    id_ = uuid4()
    values = {"id": id_, "actor": work.actor.user_id, "first": data.first, "until": data.until,
              "by": data.by}  # fmt: skip
    await work.audit.one(_ASK, values)
    await work.emit(
        VerificationAsked(
            verification_id=str(id_), first_seq=data.first, until_seq=data.until, by=data.by
        )
    )
    return await _read(work, id_)


async def read(work: UnitOfWork, verification_id: UUID) -> Verification:
    """How far one of this site, or of the nightly round, is; and its report. NotFound."""
    _require(work)
    return await _read(work, verification_id)


def _require(work: UnitOfWork) -> None:
    if not work.actor.has(MANAGE_COMPLIANCE):
        raise CapabilityMissing(
            f"Having the log verified needs the capability {MANAGE_COMPLIANCE}; the compliance "
            "officer has it.",
            action="audit.verify",
        )


async def _read(work: UnitOfWork, id_: UUID) -> Verification:
    row = await work.audit.one(_READ, {"id": id_})
    if row is None:
        raise NotFound("verification", id_)
    return Verification(
        id=UUID(str(row.id)),
        state=row.state,
        round=row.round,
        by=row.by,
        first=row.first_seq,
        until=row.until_seq,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        done=row.done,
        total=row.total,
        verdict=row.verdict,
        report=row.report,
    )
