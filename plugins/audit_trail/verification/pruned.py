"""Which ranges of the log went, as the log itself tells it; what no event tells of is not believed.

An event of pruning says which time goes, how many events it is and where in the log they stand. It
is believed when its columns give its own leaf, a signed head is over it, it stands after everything
that it tells of, and nothing of what it tells of is there any more: a range goes whole or not at
all. What the tables say of pruned leaves counts only inside of such a range, and their hashes only
because the later heads agree with them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from plugins.audit_trail.verification.rebuild import FORM, leaf_of

TILE = 256

_EVENTS = f"""
select l.epoch, l.seq, l.leaf_hash, e.event_id::text, e.resource_id, e.before_state::text,
       e.after_state::text, {FORM}
from audit.events e
join audit.leaves l on l.event_id = e.event_id and l.occurred_at = e.occurred_at
where e.action = 'audit:range:prune' and e.outcome = 'success' and e.resource_id = any (%s)
  and e.occurred_at >= %s
order by l.epoch, l.seq
"""  # noqa: S608
_COLUMNS_BEFORE_FORM = 7
# Where to look, which spares reading the whole log; whoever alters it makes the log red.
_DROPPED = "select array_agg(id), min(archived_at) from audit.prunings where state = 'dropped'"
_IS_THERE = """
select exists (
  select from audit.events e
  join audit.leaves l on l.event_id = e.event_id and l.occurred_at = e.occurred_at
  where e.occurred_at >= %s and e.occurred_at < %s
    and l.epoch = %s and l.seq between %s and %s)
"""
_LEAVES = """
select epoch, first_seq, last_seq, pruning_id, record_hash from audit.pruned_leaves
order by epoch, first_seq
"""
_SIGNED = "select epoch, max(size) from audit.checkpoints group by epoch"
# The few leaves of tiles that have other events too; their own are gone.
_LEFT = """
select count(*) from audit.leaves l
where l.epoch = %s and l.seq >= %s and l.seq <= %s
  and l.occurred_at >= %s and l.occurred_at < %s
  and not exists (select from audit.events e
                  where e.occurred_at = l.occurred_at and e.event_id = l.event_id)
"""
_STANDING = "select count(*) from audit.leaves where epoch = %s and seq between %s and %s"


class Place(msgspec.Struct, frozen=True):
    """Where in an epoch the events of the range stand, perhaps among others."""

    epoch: int
    first_seq: int
    last_seq: int
    events: int


class _Before(msgspec.Struct):
    since: datetime
    until: datetime
    all_events: int
    places: list[Place]


class _After(msgspec.Struct):
    archive: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A pruning as the log tells of it, in the entry `seq` of `epoch`, which is `event_id`."""

    id: int
    event_id: str
    epoch: int
    seq: int
    since: datetime
    until: datetime
    all_events: int
    places: list[Place]
    archive: str | None


class Tiles(NamedTuple):
    """The leaves `first` … `last` are gone, their tiles' hashes stay; `record_hash` is the last's.
    Both ends are those of tiles."""

    first: int
    last: int
    record_hash: bytes


class Pruned:
    """Everything that went and was told of; `leaves` has the tiles of each epoch."""

    def __init__(self, told: Iterable[Told] = (), leaves: Iterable[tuple[int, Tiles]] = ()) -> None:
        self.told = list(told)
        self._leaves: dict[int, dict[int, Tiles]] = {}
        for epoch, tiles in leaves:
            self._leaves.setdefault(epoch, {})[tiles.first] = tiles

    def tiles(self, epoch: int) -> list[Tiles]:
        """The pruned tiles of an epoch, in their order."""
        return list(self._leaves.get(epoch, {}).values())

    def beginning(self, epoch: int, seq: int) -> Tiles | None:
        """The pruned tiles that begin with this entry."""
        return self._leaves.get(epoch, {}).get(seq)

    def holding(self, epoch: int, seq: int) -> Tiles | None:
        """The pruned tiles that this entry belongs to."""
        return next((one for one in self.tiles(epoch) if one.first <= seq <= one.last), None)

    def hides(self, epoch: int, size: int) -> bool:
        """Whether the root of this size cannot be made any more."""
        return size % TILE != 0 and self.holding(epoch, size) is not None

    def end(self, epoch: int) -> int:
        """The entry after the last pruned one."""
        return max((one.last + 1 for one in self.tiles(epoch)), default=0)

    def times(self) -> list[tuple[datetime, datetime]]:
        """The times whose events are gone."""
        return [(one.since, one.until) for one in self.told]

    def explaining(self, epoch: int) -> str | None:
        """A condition on a row `l` of audit.leaves: the log tells that its event went. The values
        are numbers and moments of our own types, so they stand in the text, for COPY too."""
        parts = [
            f"(l.seq between {place.first_seq} and {place.last_seq} and "
            f"l.occurred_at >= '{one.since.isoformat()}' and "
            f"l.occurred_at < '{one.until.isoformat()}')"
            for one in self.told
            for place in one.places
            if place.epoch == epoch
        ]
        return f"({' or '.join(parts)})" if parts else None

    def left(self, connection: Connection[TupleRow]) -> int:
        """How many leaves still stand whose events went as told."""
        return sum(
            _number(
                connection,
                _LEFT,
                [place.epoch, place.first_seq, place.last_seq, one.since, one.until],
            )
            for one in self.told
            for place in one.places
        )

    def gone(self, connection: Connection[TupleRow]) -> int:
        """How many entries have no event any more, by what is believed here."""
        return self.left(connection) + sum(
            one.last + 1 - one.first - _number(connection, _STANDING, [epoch, one.first, one.last])
            for epoch in self._leaves
            for one in self.tiles(epoch)
        )


def signed_sizes(connection: Connection[TupleRow]) -> dict[int, int]:
    """Up to where each epoch is signed, as the database says, for whoever has no heads at hand."""
    return dict(connection.execute(_SIGNED).fetchall())


def read_pruned(connection: Connection[TupleRow], signed: Mapping[int, int]) -> Pruned:
    """What went, in the snapshot of this connection. `signed` is the size of the newest head of
    each epoch that is to be believed."""
    # Of a proposal that was told, withdrawn and made again the last one counts.
    by_time = {(one.since, one.until): one for one in _told(connection, signed)}
    told = [one for one in by_time.values() if _is_gone(connection, one)]
    return Pruned(told, _leaves(connection, told) if told else ())


def _told(connection: Connection[TupleRow], signed: Mapping[int, int]) -> Iterator[Told]:
    known = set[int]()
    [(dropped, since)] = connection.execute(_DROPPED).fetchall()
    if not dropped or since is None:
        return
    for row in connection.execute(_EVENTS, [dropped, since]).fetchall():
        epoch, seq, leaf, event_id, pruning, before, after = row[:_COLUMNS_BEFORE_FORM]
        if pruning in known or seq >= signed.get(epoch, 0):
            continue
        try:
            if leaf_of(row[_COLUMNS_BEFORE_FORM:]) != leaf:
                continue
            said = msgspec.json.decode(before or "null", type=_Before)
            archive = msgspec.json.decode(after or "null", type=_After).archive
        except msgspec.DecodeError:
            continue
        is_after = all((one.epoch, one.last_seq) < (epoch, seq) for one in said.places)
        if is_after and said.since.tzinfo and said.until.tzinfo:
            known.add(pruning)
            yield Told(
                id=pruning,
                event_id=event_id,
                epoch=epoch,
                seq=seq,
                since=said.since,
                until=said.until,
                all_events=said.all_events,
                places=said.places,
                archive=archive,
            )


def _is_gone(connection: Connection[TupleRow], told: Told) -> bool:
    return not any(
        _number(
            connection,
            _IS_THERE,
            [told.since, told.until, place.epoch, place.first_seq, place.last_seq],
        )
        for place in told.places
    )


def _leaves(connection: Connection[TupleRow], told: list[Told]) -> Iterator[tuple[int, Tiles]]:
    places = {(one.id, place.epoch): place for one in told for place in one.places}
    reached = (-1, -1)
    for epoch, first, last, pruning, record in connection.execute(_LEAVES).fetchall():
        place = places.get((pruning, epoch))
        is_inside = place is not None and (
            place.first_seq // TILE * TILE <= first and last <= place.last_seq | TILE - 1
        )
        is_whole = first % TILE == 0 and (last + 1) % TILE == 0 and first < last
        if is_inside and is_whole and (epoch, first) > reached:
            reached = (epoch, last)
            yield epoch, Tiles(first, last, bytes(record))


def _number(connection: Connection[TupleRow], query: str, values: list[Any]) -> int:
    row: Any = connection.execute(query, values).fetchone()
    return int(row[0])
