"""Brings a roster into the database beside the one in use; nobody sees it until it is activated."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from cms.errors import Conflict
from plugins.professional_registry.councils import CRM
from plugins.professional_registry.roster_file import (
    Fault,
    Reading,
    RosterRefused,
    RosterRow,
    collapsed,
    find_files,
)
from plugins.professional_registry.statuses import Status

Connection = psycopg.Connection[tuple[Any, ...]]

# Locked, all of them: an activation and a second import of this tenant wait until we are done.
_ROSTERS = """
select generation, counts, activated_at is not null
from professional_registry.rosters
where tenant_id = %(tenant)s and council = %(council)s
order by generation for update
"""
# What a broken import or the roster before last has left behind.
_FORGET = """
delete from professional_registry.roster_rows
where tenant_id = %(tenant)s and council = %(council)s and generation <> %(in_use)s
"""
_ADD = """
insert into professional_registry.rosters
  (tenant_id, council, generation, taken_at, imported_at, counts, sha256)
values (%(tenant)s, %(council)s, %(generation)s, %(taken_at)s, now(), %(counts)s, %(sha256)s)
"""
# COPY into a table under row-level security is refused, so the rows take a step aside.
_ASIDE = """
create temporary table incoming
  (regional text, number text, category text, name text, status_raw text, specialties text,
   social_name text)
"""
_COPY = """
copy incoming (regional, number, category, name, status_raw, specialties, social_name) from stdin
"""
_MOVE = """
insert into professional_registry.roster_rows
  (tenant_id, council, generation, regional, number, category, name, status_raw, specialties,
   social_name)
select %(tenant)s, %(council)s, %(generation)s,
  regional, number, category, name, status_raw, specialties, social_name
from incoming
on conflict (tenant_id, council, generation, regional, number, category) do nothing
"""


class RosterReading(Protocol):
    """One pass over a roster, whatever its form: faults and counts are known after the rows."""

    counts: dict[str, int]
    faults: list[Fault]

    @property
    def sha256(self) -> str: ...

    def rows(self) -> Iterator[RosterRow]: ...


class History(NamedTuple):
    """The tenant's rosters before this one."""

    last: int = 0
    in_use: int = 0
    counts: Mapping[str, int] = {}


class Loaded(NamedTuple):
    """A roster that waits for its activation."""

    council: str
    generation: int
    counts: dict[str, int]
    sha256: str

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def load(
    url: str,
    tenant_id: int,
    path: Path,
    *,
    taken_at: datetime,
    largest_shrink: float,
    corrected: Mapping[str, Status] | None = None,
) -> Loaded:
    """The CFM's bulk file, a folder or a ZIP: see `load_reading`."""
    reading = Reading(find_files(path), corrected)
    return load_reading(
        url, tenant_id, CRM, reading, taken_at=taken_at, largest_shrink=largest_shrink
    )


def load_reading(
    url: str,
    tenant_id: int,
    council: str,
    reading: RosterReading,
    *,
    taken_at: datetime,
    largest_shrink: float,
    place: str = "{}.txt",
) -> Loaded:
    """Read, check and store the roster in one transaction, as the application's login.

    RosterRefused tells every fault, and of a region that shrank `place` says where it is; Conflict,
    that somebody else imports at this moment.
    """
    with psycopg.connect(url) as connection:
        _enter(connection, tenant_id)
        keys = {"tenant": tenant_id, "council": council}
        history = _history(connection, keys)
        connection.execute(_FORGET, {**keys, "in_use": history.in_use})
        _copy(connection, reading)
        faults = reading.faults + collapsed(history.counts, reading.counts, largest_shrink, place)
        if faults:
            raise RosterRefused(faults)
        loaded = Loaded(council, history.last + 1, reading.counts, reading.sha256)
        _store(connection, keys, loaded, taken_at)
        return loaded


def _enter(connection: Connection, tenant_id: int) -> None:
    # The first statement after BEGIN, alone, with a literal: so it travels on Citus too.
    connection.execute(
        sql.SQL("set local app.tenant_id = {}").format(sql.Literal(f"{tenant_id:d}"))
    )


def _history(connection: Connection, keys: Mapping[str, object]) -> History:
    history = History()
    for generation, counts, is_activated in connection.execute(_ROSTERS, keys):
        history = history._replace(last=generation)
        if is_activated:
            history = history._replace(in_use=generation, counts=counts)
    return history


def _copy(connection: Connection, reading: RosterReading) -> None:
    connection.execute(_ASIDE)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in reading.rows():
            copy.write_row(row)


def _store(
    connection: Connection, keys: Mapping[str, object], loaded: Loaded, taken_at: datetime
) -> None:
    facts = {"generation": loaded.generation, "sha256": loaded.sha256, "taken_at": taken_at}
    try:
        connection.execute(_ADD, {**keys, **facts, "counts": Jsonb(loaded.counts)})
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("Another import of this roster is running; repeat yours later.") from error
    moved = connection.execute(_MOVE, {**keys, **facts}).rowcount
    if moved != loaded.rows:
        raise RuntimeError(f"{moved} roster rows were stored and {loaded.rows} were read")
