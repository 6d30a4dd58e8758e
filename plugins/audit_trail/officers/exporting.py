"""The answer to a question as a file of any length, in constant memory.

How many events there are is counted first, among those that have a place in the log, and told to
the trail together with the question; that is committed before the first byte leaves. Then the pages
are read one after the other, each in a transaction of its own, up to the place that was last when
they were counted: so the file holds exactly as many, however long the receiver takes.
"""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.audit_trail.events import TrailDownloaded
from plugins.audit_trail.officers.filters import LARGEST_PAGE, Wanted
from plugins.audit_trail.officers.opening import TrailEvent, shown
from plugins.audit_trail.officers.pages import Cut, count_sequenced, fetch_page
from plugins.audit_trail.officers.purposes import Purpose, begin, require_download, state
from plugins.audit_trail.officers.reading import bounded, looked, refuse_hidden

FORMS = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
SECONDS = 120
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


@dataclass(frozen=True)
class Download:
    """What was asked for, how many events that are, and the place in the log after which none is
    taken."""

    form: str
    wanted: Wanted
    purpose: Purpose
    newest_first: bool
    count: int
    last: tuple[int, int]


async def prepare(
    work: UnitOfWork,
    wanted: Wanted,
    form: str,
    *,
    newest_first: bool = False,
    purpose: str | None = None,
) -> Download:
    """Count what will be in the file, and tell the trail of it."""
    if form not in FORMS:
        raise InvalidInput({"format": f"is unknown: write one of {', '.join(FORMS)}"})
    require_download(work)
    stated = await begin(work, purpose)
    refuse_hidden(work, wanted, stated)
    await state(work, stated.name, seconds=SECONDS)
    async with bounded(SECONDS):
        row = await count_sequenced(work, stated, wanted)
    found = row.found if row.epoch is not None else 0
    fields = looked(work, wanted, stated)
    await work.emit(TrailDownloaded(what="download", form=form, count=found, **fields))
    last = (0, -1) if row.epoch is None else (row.epoch, row.seq)
    return Download(form, wanted, stated, newest_first, found, last)


async def stream(asked: UnitOfWork, download: Download) -> AsyncIterator[bytes]:
    """The file, a page at a time; `asked` is the unit of work that prepared it and has ended."""
    if download.form == "csv":
        yield _csv([TrailEvent.__struct_fields__])
    start: tuple[datetime, UUID] | None = None
    while True:
        async with asked.shop.work(asked.tenant, asked.actor, asked.request) as work:
            await state(work, download.purpose.name, seconds=SECONDS)
            cut = Cut(download.newest_first, start, LARGEST_PAGE)
            rows = await fetch_page(work, download.purpose, download.wanted, cut)
            events = await shown(work, rows, download.purpose)
        yield _written(download.form, [e for e in events if _is_before(e, download.last)])
        if len(rows) < LARGEST_PAGE:
            return
        start = events[-1].timestamp, events[-1].event_id


def _is_before(event: TrailEvent, last: tuple[int, int]) -> bool:
    return event.epoch is not None and event.seq is not None and (event.epoch, event.seq) <= last


def _written(form: str, events: list[TrailEvent]) -> bytes:
    if form == "csv":
        return _csv([_cells(event) for event in events])
    return b"".join(msgspec.json.encode(event) + b"\n" for event in events)


def _cells(event: TrailEvent) -> list[str]:
    return [_cell(value) for value in msgspec.structs.astuple(event)]


def _cell(value: Any) -> str:
    """As text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        value = msgspec.json.encode(value).decode()
    elif isinstance(value, datetime):
        value = value.isoformat()
    written = str(value)
    return f"'{written}" if written.startswith(_FORMULA) else written


def _csv(rows: Any) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()
