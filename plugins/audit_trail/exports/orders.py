"""Exports that were asked for over HTTP: what was asked, how far it is, until when it is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from cms.kernel.actors import SYSTEM, Authentication, Method
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.events import AuditExportAsked, AuditExportFetched
from plugins.audit_trail.exports.making import Made, refuse_strangers

JOB = "audit.export"
MOST_WAITING = 5
"""Of one person: each may be as large as the trail."""

_ADD = """
insert into audit.exports
  (tenant_id, id, asked_by, asked_at, asked, forms, with_personal, proof)
values (:tenant, :id, :asked_by, :now, cast(:asked as json), cast(:forms as text[]), :personal,
        cast(:proof as json))
"""
_SELECT = """
select x.id, x.asked_by, x.asked_at, x.asked::text as asked, x.forms, x.with_personal,
       x.proof::text as proof, x.state, x.done, x.total, x.fault, x.made::text as made, x.expires_at
from audit.exports x where x.tenant_id = :tenant
"""
_WAITING = """
select count(*) from audit.exports x where x.tenant_id = :tenant
  and x.asked_by is not distinct from :asked_by and x.state in ('waiting', 'running')
"""
_UPDATE = """
update audit.exports set state = :state, attempt = :now, done = :done, total = :total,
  fault = :fault, made = cast(:made as json), expires_at = :expires_at
where tenant_id = :tenant and id = :id
"""
_PROGRESS = """
update audit.exports set done = :done, total = :total
where tenant_id = :tenant and id = :id and state = 'running'
"""


class Wish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of a request for an export. `asked` are conditions that all hold together."""

    asked: Asked = Asked()
    forms: list[Form] = []
    personal: bool = False


class ExportTold(msgspec.Struct, frozen=True, kw_only=True):
    """How an export stands. `state`: waiting, running, done, failed, expired."""

    id: UUID
    state: str
    asked_at: datetime
    asked: dict[str, Any]
    forms: list[str]
    personal: bool
    done: int
    total: int | None
    fault: str | None
    made: Made | None
    expires_at: datetime | None


class Kept(msgspec.Struct, frozen=True):
    """The order as it is kept, for the job that carries it out."""

    told: ExportTold
    asked_by: int | None
    proof: Authentication


class _Proof(msgspec.Struct, frozen=True):
    method: str
    factors: list[str]
    at: datetime


def file_of(folder: Path, tenant_id: int, export_id: UUID) -> Path:
    """Where the archive lies until it expires."""
    return folder / "exports" / str(tenant_id) / f"{export_id}.zip"


async def ask(work: UnitOfWork, wish: Wish) -> ExportTold:
    """Keep the order and queue its job. Conflict when too many of this person's wait already."""
    refuse_strangers(work)
    wish.asked.refuse_faults()
    mine = {"tenant": work.tenant_id, "asked_by": work.actor.user_id}
    if (await work.one(_WAITING, mine))[0] >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} exports of yours are being made: wait for one of them.")
    proof = work.actor.authentication
    export_id = uuid4()
    values = {
        "id": export_id,
        "now": work.now,
        "asked": msgspec.json.encode(wish.asked.told()).decode(),
        "forms": [form.value for form in wish.forms],
        "personal": wish.personal,
        "proof": msgspec.json.encode(
            _Proof(proof.method.value, sorted(proof.factors), proof.at)
        ).decode(),
    }
    await work.execute(_ADD, {**mine, **values})
    asked = AuditExportAsked(
        export=str(export_id),
        forms=[form.value for form in wish.forms],
        is_opened=wish.personal,
        asked=wish.asked.told(),
    )
    await work.emit(asked)
    await work.shop.enqueue(work, JOB, {"export_id": str(export_id)})
    return (await read(work, export_id)).told


async def read(work: UnitOfWork, export_id: UUID) -> Kept:
    """One export of the tenant; NotFound."""
    row = await work.one(_SELECT + " and x.id = :id", {"tenant": work.tenant_id, "id": export_id})
    if row is None:
        raise NotFound("export", export_id)
    return _kept(row)


async def read_own(work: UnitOfWork, export_id: UUID) -> ExportTold:
    """An export that this person asked for; that of another is not found."""
    refuse_strangers(work)
    kept = await read(work, export_id)
    if kept.asked_by != work.actor.user_id:
        raise NotFound("export", export_id)
    return kept.told


async def list_own(work: UnitOfWork) -> Sequence[ExportTold]:
    """The newest fifty that this person asked for."""
    refuse_strangers(work)
    rows = await work.all(
        _SELECT
        + " and x.asked_by is not distinct from :asked_by order by x.asked_at desc limit 50",
        {"tenant": work.tenant_id, "asked_by": work.actor.user_id},
    )
    return [_kept(row).told for row in rows]


async def fetch(work: UnitOfWork, export_id: UUID, folder: Path) -> Path:
    """The archive, for whoever asked for it; each time is told to the trail. Conflict while it is
    being made, NotFound after it has expired."""
    told = await read_own(work, export_id)
    if told.state in ("waiting", "running"):
        raise Conflict(f"The export is {told.state}: ask again when its state is done.")
    path = file_of(folder, work.tenant_id, export_id)
    is_over = told.expires_at is None or told.expires_at <= work.now
    if told.state != "done" or told.made is None or is_over or not path.is_file():
        raise NotFound("file of the export", export_id)
    await work.emit(AuditExportFetched(export=str(export_id), manifest=told.made.manifest))
    return path


async def note_state(
    work: UnitOfWork,
    kept: Kept,
    state: str,
    *,
    made: Made | None = None,
    fault: str | None = None,
    keep: timedelta | None = None,
) -> None:
    """Say how the export stands now; a finished one expires after `keep`."""
    count = made.entries if made is not None else 0
    values = {
        "tenant": work.tenant_id,
        "id": kept.told.id,
        "state": state,
        "now": work.now,
        "done": count,
        "total": count if made is not None else None,
        "fault": fault,
        "made": None if made is None else msgspec.json.encode(made).decode(),
        "expires_at": None if keep is None else work.now + keep,
    }
    await work.execute(_UPDATE, values)


async def note_progress(work: UnitOfWork, export_id: UUID, done: int, total: int) -> None:
    values = {"tenant": work.tenant_id, "id": export_id, "done": done, "total": total}
    await work.execute(_PROGRESS, values)


async def expired(work: UnitOfWork) -> Sequence[Kept]:
    """Finished exports whose time is over."""
    rows = await work.all(
        _SELECT + " and x.state = 'done' and x.expires_at <= :now",
        {"tenant": work.tenant_id, "now": work.now},
    )
    return [_kept(row) for row in rows]


def _kept(row: Any) -> Kept:
    told = ExportTold(
        id=UUID(str(row.id)),
        state=row.state,
        asked_at=row.asked_at,
        asked=msgspec.json.decode(row.asked),
        forms=list(row.forms),
        personal=row.with_personal,
        done=row.done,
        total=row.total,
        fault=row.fault,
        made=None if row.made is None else msgspec.json.decode(row.made, type=Made),
        expires_at=row.expires_at,
    )
    proof = msgspec.json.decode(row.proof, type=_Proof)
    if proof.method == Method.INTERNAL.value:
        return Kept(told, row.asked_by, SYSTEM.authentication)
    shown = Authentication(Method(proof.method), frozenset(proof.factors), proof.at)
    return Kept(told, row.asked_by, shown)
