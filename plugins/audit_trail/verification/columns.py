"""A range of entries from the columns of their events: every leaf is hashed anew and compared.

An entry finds its event by (time, id). Entries that stand together happened together, so both are
read as ranges and joined by hashes; the few whose time lies elsewhere (a wrong clock, a late
commit) are looked up one by one.
"""

from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from plugins.audit_trail.verification import in_python, in_sql
from plugins.audit_trail.verification.copying import SETTINGS, lines

RANGE = {"python": 1 << 15, "sql": 1 << 17}
"""Entries of one step, which begins at a multiple of it."""

_NEAR = 48 * 3600.0
_BOUNDS = """
select count(*), min(occurred_at)::text, max(occurred_at)::text,
       coalesce(extract(epoch from max(occurred_at) - min(occurred_at)), 0)::float8
from audit.leaves where epoch = %s and seq >= %s and seq < %s
"""
_MOST = """
select (percentile_disc(0.01) within group (order by occurred_at))::text,
       (percentile_disc(0.99) within group (order by occurred_at))::text
from audit.leaves where epoch = %s and seq >= %s and seq < %s
"""
_JOIN = """
from audit.leaves l left join audit.events e
  on e.occurred_at = l.occurred_at and e.event_id = l.event_id {bound}
where l.epoch = {epoch} and l.seq >= {first} and l.seq < {until}
  and (l.occurred_at between '{since}' and '{to}') is {whether} {told}
"""
_BY_RANGE = (
    "set local enable_nestloop = off; set local enable_mergejoin = off; "
    "set local enable_seqscan = off; set local enable_hashjoin = on"
)
_ONE_BY_ONE = (
    "set local enable_nestloop = on; set local enable_mergejoin = off; "
    "set local enable_hashjoin = off; set local enable_seqscan = off"
)
_AS_EVER = (
    "reset enable_nestloop; reset enable_mergejoin; reset enable_hashjoin; reset enable_seqscan"
)
_LINES = f"select l.seq, encode(l.leaf_hash, 'hex'), {in_python.COLUMNS} "
# The leaf is written once in each, for it would be made as often as it is written.
_COUNTS = f"select count(*), count(*) filter (where {in_sql.LEAF} = l.leaf_hash) "
_FLAWS = f"""
select count(*) filter (where event_id is null), min(seq) filter (where event_id is null),
       count(*) filter (where event_id is not null and leaf is distinct from leaf_hash),
       min(seq) filter (where event_id is not null and leaf is distinct from leaf_hash)
from (select l.seq, l.leaf_hash, e.event_id, {in_sql.LEAF} as leaf [join] offset 0) as entry
"""  # noqa: S608
_DOUBLED = """
select l.seq from audit.leaves l join audit.events e
  on e.occurred_at = l.occurred_at and e.event_id = l.event_id
where l.epoch = %s and l.seq >= %s and l.seq < %s
group by l.seq having count(*) > 1 order by l.seq limit 1
"""
_TOLD = """
select count(*) from audit.leaves l
where l.epoch = {epoch} and l.seq >= {first} and l.seq < {until} and {explained}
  and not exists (select from audit.events e
                  where e.occurred_at = l.occurred_at and e.event_id = l.event_id)
"""
_EVENT_ID = in_python.POSITION_OF_ID + 2


class Flaw(msgspec.Struct):
    """How many entries of a range have one fault, and the first of them."""

    count: int = 0
    seq: int | None = None

    def add(self, count: int, seq: int | None) -> None:
        if count and seq is not None:
            self.count += count
            self.seq = seq if self.seq is None else min(self.seq, seq)


class Rebuilt(msgspec.Struct):
    """What became of the entries `first` … `until - 1`."""

    first: int
    until: int
    missing: Flaw = msgspec.field(default_factory=Flaw)
    altered: Flaw = msgspec.field(default_factory=Flaw)
    doubled: Flaw = msgspec.field(default_factory=Flaw)


class Rebuilding:
    """Rebuilds ranges inside one open transaction. `explained` is the condition of those leaves
    whose events may be gone (Pruned.explaining)."""

    def __init__(
        self,
        connection: Connection[TupleRow],
        epoch: int,
        by: str,
        explained: str | None = None,
    ) -> None:
        self._connection = connection
        self._epoch = epoch
        self._explained = explained
        self._read = self._by_python if by == "python" else self._by_sql
        self._rebuilder = in_python.Rebuilder()
        connection.execute(SETTINGS)
        connection.execute("set local work_mem = '64MB'; set local jit = off")

    def run(self, first: int, until: int) -> Rebuilt:
        """Compare every entry of the range with the columns of its event."""
        made, place = Rebuilt(first, until), (self._epoch, first, until)
        row: Any = self._connection.execute(_BOUNDS, place).fetchone()
        stored, since, to, spread = row
        if not stored:
            return made
        if spread > _NEAR:
            row = self._connection.execute(_MOST, place).fetchone()
            since, to = row
        bounds = {"epoch": self._epoch, "first": first, "until": until, "since": since, "to": to}
        bounds["told"] = ""
        if self._explained is not None:
            bounds["told"] = f"and not (e.event_id is null and {self._explained})"
            row = self._connection.execute(
                _TOLD.format(explained=self._explained, **bounds)
            ).fetchone()
            stored -= row[0]
        near = f"and e.occurred_at between '{since}' and '{to}'"
        self._connection.execute(_BY_RANGE)
        found = self._read(_JOIN.format(bound=near, whether="true", **bounds), made)
        self._connection.execute(_ONE_BY_ONE)
        found += self._read(_JOIN.format(bound="", whether="not true", **bounds), made)
        self._connection.execute(_AS_EVER)
        if found > stored:
            doubled: Any = self._connection.execute(_DOUBLED, place).fetchone()
            made.doubled.add(found - stored, doubled[0] if doubled else first)
        return made

    def _by_sql(self, join: str, made: Rebuilt) -> int:
        row: Any = self._connection.execute(_COUNTS + join).fetchone()
        found, sound = row
        if found != sound:
            row = self._connection.execute(_FLAWS.replace("[join]", join)).fetchone()
            made.missing.add(*row[:2])
            made.altered.add(*row[2:])
        return int(found)

    def _by_python(self, join: str, made: Rebuilt) -> int:
        leaf, found = self._rebuilder.leaf, 0
        for line in lines(self._connection, _LINES + join):
            found += 1
            fields = line.split(b"\t")
            if leaf(fields[2:]).hex().encode() != fields[1]:
                is_missing = fields[_EVENT_ID] == in_python.NULL
                (made.missing if is_missing else made.altered).add(1, int(fields[0]))
        return found
