"""Brings a roster into the database beside the one in use; nobody sees it until it is activated."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg
from psycopg import sql

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


_ROWS_BETWEEN_REPORTS = 10_000

Progress = Callable[[int, int], object]
"""Is told how much of the roster is read, and how much there is."""


class RosterReading(Protocol):
    """One pass over a roster, whatever its form: faults and counts are known after the rows. `size`
    and `read`: how much there is and how much of it is read, in units of their own."""

    size: int
    read: int
    counts: dict[str, int]
    faults: list[Fault]

    @property
    def sha256(self) -> str: ...

    def rows(self) -> Iterator[RosterRow]: ...


class History(NamedTuple):
    """The tenant's rosters before this one."""

    in_use: int = 0
    counts: Mapping[str, int] = {}


class Announced(NamedTuple):
    """A roster whose import has begun (`roster.announce`)."""

    tenant_id: int
    council: str
    generation: int


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
    roster: Announced,
    path: Path,
    *,
    largest_shrink: float,
    corrected: Mapping[str, Status] | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """The CFM's bulk file, a folder or a ZIP: see `load_reading`."""
    reading = Reading(find_files(path), corrected)
    return load_reading(url, roster, reading, largest_shrink=largest_shrink, progress=progress)


def load_reading(
    url: str,
    roster: Announced,
    reading: RosterReading,
    *,
    largest_shrink: float,
    place: str = "{}.txt",
    progress: Progress | None = None,
) -> Loaded:
    """Read, check and store the rows in one transaction, as the application's login.

    RosterRefused tells every fault, and of a region that shrank `place` says where it is.
    """
    with psycopg.connect(url) as connection:
        _enter(connection, roster.tenant_id)
        keys = {"tenant": roster.tenant_id, "council": roster.council}
        history = _history(connection, keys)
        connection.execute(_FORGET, {**keys, "in_use": history.in_use})
        _copy(connection, reading, progress)
        faults = reading.faults + collapsed(history.counts, reading.counts, largest_shrink, place)
        if faults:
            raise RosterRefused(faults)
        loaded = Loaded(roster.council, roster.generation, reading.counts, reading.sha256)
        _store(connection, keys, loaded)
        return loaded


def _enter(connection: Connection, tenant_id: int) -> None:
    # The first statement after BEGIN, alone, with a literal: so it travels on Citus too.
    connection.execute(
        sql.SQL("set local app.tenant_id = {}").format(sql.Literal(f"{tenant_id:d}"))
    )


def _history(connection: Connection, keys: Mapping[str, object]) -> History:
    history = History()
    for generation, counts, is_activated in connection.execute(_ROSTERS, keys):
        if is_activated:
            history = History(generation, counts)
    return history


def _copy(connection: Connection, reading: RosterReading, progress: Progress | None) -> None:
    connection.execute(_ASIDE)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for count, row in enumerate(reading.rows()):
            copy.write_row(row)
            if progress is not None and count % _ROWS_BETWEEN_REPORTS == 0:
                progress(reading.read, reading.size)


def _store(connection: Connection, keys: Mapping[str, object], loaded: Loaded) -> None:
    moved = connection.execute(_MOVE, {**keys, "generation": loaded.generation}).rowcount
    if moved != loaded.rows:
        raise RuntimeError(f"{moved} roster rows were stored and {loaded.rows} were read")
