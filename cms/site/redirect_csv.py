"""Redirects from a file: `source,target,status`, as they are exported by most tools."""

import csv
import io
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.site.outward_events import RedirectsImported
from cms.site.outward_models import Redirect
from cms.site.paths import WILDCARD, normal, sources_for
from cms.site.redirects import checked, require_manager

MOST_ROWS = 5000
MOST_FAULTS = 100
_COLUMNS = ("source", "target", "status")


@dataclass(frozen=True)
class Row:
    line: int
    source: str
    target: str
    status: int


async def read_in(work: UnitOfWork, text: str) -> int:
    """Save every row, replacing redirects of the same source, and give their number. InvalidInput
    names the faults by line, and then nothing is saved."""
    require_manager(work, "redirect.import")
    rows = _rows(text)
    await _refuse_circles(work, rows)
    values: list[dict[str, object]] = [
        {
            "tenant_id": work.tenant_id,
            "id": await work.next_id("redirect"),
            "source": row.source,
            "target": row.target,
            "status": row.status,
            "is_automatic": False,
            "created_by": work.actor.user_id,
            "created_at": work.now,
            "updated_at": work.now,
        }
        for row in rows
    ]
    if values:
        await _save(work, values)
        await work.emit(RedirectsImported(after={"redirects": len(values)}))
    return len(values)


async def _save(work: UnitOfWork, values: list[dict[str, object]]) -> None:
    row = insert(Redirect)
    replaced = {
        name: getattr(row.excluded, name)
        for name in ("target", "post_id", "status", "is_automatic", "updated_at")
    }
    await work.execute(
        row.on_conflict_do_update(index_elements=["tenant_id", "source"], set_=replaced), values
    )


def _rows(text: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    rows: list[Row] = []
    faults: dict[str, str] = {}
    seen: dict[str, int] = {}
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        if tuple(head) not in {_COLUMNS, _COLUMNS[:2]}:
            raise InvalidInput({"line 1": "must be source,target,status"})
        for cells in reader:
            line = reader.line_num
            if len(rows) >= MOST_ROWS or len(faults) >= MOST_FAULTS:
                faults[f"line {line}"] = f"and further ones; {MOST_ROWS} rows a file are possible"
                break
            if any(cell.strip() for cell in cells):
                _take(rows, faults, seen, line, [cell.strip() for cell in cells])
    except csv.Error as error:
        faults[f"line {reader.line_num}"] = f"is not CSV: {error}"
    if faults:
        raise InvalidInput(faults)
    return rows


def _take(
    rows: list[Row], faults: dict[str, str], seen: dict[str, int], line: int, cells: list[str]
) -> None:
    field = f"line {line}"
    source, target, status = [*cells, "", "", ""][:3]
    if len(cells) > len(_COLUMNS):
        faults[field] = "has more than three columns"
        return
    if status and not (status.isascii() and status.isdigit() and len(status) == 3):
        faults[field] = "status: must be a number such as 301"
        return
    try:
        code = int(status or 301)
        source, target = checked(source, target, code)
    except InvalidInput as refused:
        faults[field] = "; ".join(f"{name} {fault}" for name, fault in refused.faults.items())
        return
    if source in seen:
        faults[field] = f"source: {source} stands in line {seen[source]} already"
        return
    seen[source] = line
    rows.append(Row(line, source, target, code))


async def _refuse_circles(work: UnitOfWork, rows: list[Row]) -> None:
    """In memory, over what stands and what is to come."""
    standing = await work.all(
        select(Redirect.source, Redirect.target).where(
            Redirect.tenant_id == work.tenant_id, Redirect.is_automatic.is_(False)
        )
    )
    ways = {row.source: row.target for row in standing} | {row.source: row.target for row in rows}
    faults = {
        f"line {row.line}": f"leads in a circle back to {row.source}"
        for row in rows
        if _is_circle(ways, row.source)
    }
    if faults:
        raise InvalidInput(dict(list(faults.items())[:MOST_FAULTS]))


def _is_circle(ways: dict[str, str], start: str) -> bool:
    passed: set[str] = set()
    source = start
    while (target := ways[source]).startswith("/"):
        path = normal(target.removesuffix("*"))
        spoken = sources_for(f"{path}/x" if target.endswith(WILDCARD) else path)
        following = next((one for one in spoken if one in ways), None)
        if following is None:
            return False
        if following == start:
            return True
        if following in passed:
            return False  # a circle of others, which their own lines tell of
        passed.add(following)
        source = following
    return False
