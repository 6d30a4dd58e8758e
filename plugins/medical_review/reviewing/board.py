"""The board: what waits in which stage, the most urgent first; and what waits for one person."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.quorum.rules import Definition, Stage
from plugins.medical_review.reviewing.reading import may_oversee
from plugins.medical_review.workflows.choosing import definitions

MOST, FIRST_CARDS = 100, 20

# One walk through the index of what is open tells the stages and how much waits in each.
_WAITING = text(
    """
    select workflow, version, stage, count(*) as waiting,
           count(*) filter (where due_at <= :now) as overdue
    from medical_review.rounds
    where tenant_id = :tenant and closed_at is null
    group by workflow, version, stage
    """
)
# Titles and names are read for the cards that are shown, never for all that wait. What is shown
# stands in the place of %s, as rows of `rounds`.
CARDS = """
    select w.review_id, w.post_id, w.stage, w.workflow, w.version, w.risk, w.priority, w.due_at,
           w.overdue_at, w.escalated_at, r.revision_id, r.submitted_at, v.title, p.post_type,
           v.author_id, u.display_name as author,
           coalesce((select array_agg(c.user_id order by c.taken_at, c.id)
                     from medical_review.claims c
                     where c.tenant_id = w.tenant_id and c.review_id = w.review_id
                       and c.ended_at is null), '{}') as in_hand_of
    from (%s) w
    join medical_review.reviews r on r.tenant_id = w.tenant_id and r.id = w.review_id
    join cms.posts p on p.tenant_id = w.tenant_id and p.id = w.post_id
    join cms.revisions v on v.tenant_id = w.tenant_id and v.id = r.revision_id
    join cms.users u on u.tenant_id = w.tenant_id and u.id = v.author_id
    order by w.stage, w.due_at, w.review_id
"""
_OF_STAGES = text(
    CARDS
    % """
    select x.* from unnest(cast(:stages as text[])) as wanted (name)
    cross join lateral (
      select * from medical_review.rounds o
      where o.tenant_id = :tenant and o.closed_at is null
        and o.stage = wanted.name collate "C"
        and (o.due_at, o.review_id) > (cast(:due as timestamptz), cast(:id as bigint))
      order by o.due_at, o.review_id
      limit :limit
    ) x
    """
)
# The revision of each round by its number, behind a barrier: where few reviews are open among many
# texts, the database would rather read the revisions from the first one on.
_MINE = text(
    CARDS
    % """
    select o.* from medical_review.rounds o
    join medical_review.reviews q on q.tenant_id = o.tenant_id and q.id = o.review_id
    cross join lateral (
      select author_id, editor_id from cms.revisions
      where tenant_id = o.tenant_id and id = q.revision_id offset 0
    ) k
    where o.tenant_id = :tenant and o.closed_at is null
      and (o.due_at, o.review_id) > (cast(:due as timestamptz), cast(:id as bigint))
      and (exists (select from medical_review.claims c
                   where c.tenant_id = o.tenant_id and c.review_id = o.review_id
                     and c.user_id = :person and c.ended_at is null)
           or (o.workflow || '/' || o.version || '/' || o.stage = any(cast(:ways as text[]))
               and :person not in (k.author_id, k.editor_id)
               and q.submitted_by is distinct from :person
               and not exists (select from medical_review.claims c
                               where c.tenant_id = o.tenant_id and c.review_id = o.review_id
                                 and c.ended_at is null)))
      and not exists (select from medical_review.voices s
                      where s.tenant_id = o.tenant_id and s.review_id = o.review_id
                        and (s.person_id = :person or s.on_behalf_of = :person))
    order by o.due_at, o.review_id
    limit :limit
    """
)


_OF_POSTS = text(
    CARDS
    % """
    select * from medical_review.rounds o
    where o.tenant_id = :tenant and o.closed_at is null
      and o.post_id = any(cast(:posts as bigint[]))
    """
)


class Card(msgspec.Struct, frozen=True):
    """A review as the board shows it. `in_hand_of` are the people who have claimed it."""

    review_id: int
    post_id: int
    stage: str
    workflow: str
    version: int
    risk: str
    priority: str
    due_at: datetime
    overdue_at: datetime | None
    escalated_at: datetime | None
    revision_id: int
    submitted_at: datetime
    title: str
    post_type: str
    author_id: int
    author: str
    in_hand_of: list[int]


class Column(msgspec.Struct, frozen=True):
    """A stage with what waits in it; `next` continues it as `after`."""

    name: str
    label: dict[str, str]
    waiting: int
    overdue: int
    cards: list[Card]
    next: str | None


@dataclass(frozen=True)
class Way:
    """A stage of a workflow's version, and how much waits in it."""

    workflow: str
    version: int
    stage: Stage
    waiting: int
    overdue: int


@dataclass(frozen=True)
class Place:
    """Where a page begins: after this due date and review."""

    due: datetime
    review_id: int

    def written(self) -> str:
        said = f"{self.due.isoformat()}|{self.review_id}"
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


START = Place(datetime.fromisoformat("0001-01-02T00:00:00+00:00"), 0)


def place(after: str | None) -> Place:
    """The place that a page ended with, or InvalidInput."""
    if after is None:
        return START
    try:
        said = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
        due, _, review_id = said.partition("|")
        found = Place(datetime.fromisoformat(due), int(review_id))
        if found.due.tzinfo is None or not 0 <= found.review_id < 2**63:
            raise ValueError
    except (ValueError, binascii.Error, UnicodeDecodeError):
        fault = "is not the `next` of a page; leave it out to begin with the first"
        raise InvalidInput({"after": fault}) from None
    return found


async def board(work: UnitOfWork, limit: int = FIRST_CARDS) -> list[Column]:
    """Every stage that a text waits in, with its first cards: three statements, whatever waits."""
    _require(work)
    waiting = by_name(await ways_waiting(work))
    cards = await _cards(work, list(waiting), START, limit)
    return [_column(name, ways, cards[name], limit) for name, ways in waiting.items()]


async def stages_waiting(work: UnitOfWork) -> list[tuple[str, dict[str, str], int]]:
    """Name, label and number of each stage that something waits in."""
    found = by_name(await ways_waiting(work))
    return [
        (name, ways[-1].stage.label, sum(way.waiting for way in ways))
        for name, ways in found.items()
    ]


async def column(work: UnitOfWork, name: str, after: str | None, limit: int) -> Column:
    """A page of one stage; empty where nothing waits, or where no workflow has such a stage."""
    _require(work)
    begin = place(after)
    ways = by_name(await ways_waiting(work)).get(name, [])
    cards = await _cards(work, [name], begin, limit)
    return _column(name, ways, cards[name], limit)


async def mine(work: UnitOfWork, after: str | None, limit: int) -> tuple[list[Card], str | None]:
    """What the actor has in hand, and what is free for somebody with her roles, by due date. That
    she has no part in a text is judged by its last revision here, and wholly when she decides."""
    require(
        work.actor.user_id is not None, "review.list", "Sorry, you are not allowed to see reviews."
    )
    begin = place(after)
    values = {
        "tenant": work.tenant_id,
        "person": work.actor.user_id,
        "ways": [
            f"{way.workflow}/{way.version}/{way.stage.name}"
            for way in await ways_waiting(work)
            if any(work.actor.has(seat.capability) for seat in way.stage.seats)
        ],
        "due": begin.due,
        "id": begin.review_id,
        "limit": limit,
    }
    cards = [card_of(row) for row in await work.all(_MINE, values)]
    cards.sort(key=lambda card: (card.due_at, card.review_id))
    return cards, next_of(cards, limit)


async def of_posts(work: UnitOfWork, post_ids: Sequence[int]) -> list[Card]:
    """The open reviews of these posts, with one statement; a hot fix has one of its own."""
    _require(work)
    values = {"tenant": work.tenant_id, "posts": list(post_ids)}
    return [card_of(row) for row in await work.all(_OF_POSTS, values)]


async def ways_waiting(work: UnitOfWork) -> list[Way]:
    """The stages that something waits in, each of the workflow that it belongs to, in its order."""
    rows = await work.all(_WAITING, {"tenant": work.tenant_id, "now": work.now})
    keys = sorted({(row.workflow, row.version) for row in rows})
    known: Mapping[tuple[str, int], Definition] = await definitions(work, keys)
    numbers = {(row.workflow, row.version, row.stage): row for row in rows}
    return [
        Way(slug, version, stage, row.waiting, row.overdue)
        for slug, version in keys
        for stage in known[slug, version].stages
        if (row := numbers.get((slug, version, stage.name))) is not None
    ]


def by_name(ways: Sequence[Way]) -> dict[str, list[Way]]:
    """Stages of one name in several workflows are one column."""
    found: dict[str, list[Way]] = {}
    for way in ways:
        found.setdefault(way.stage.name, []).append(way)
    return found


async def _cards(
    work: UnitOfWork, stages: Sequence[str], begin: Place, limit: int
) -> dict[str, list[Card]]:
    values = {
        "tenant": work.tenant_id,
        "stages": list(stages),
        "due": begin.due,
        "id": begin.review_id,
        "limit": limit,
    }
    found: dict[str, list[Card]] = {name: [] for name in stages}
    for row in await work.all(_OF_STAGES, values):
        found[row.stage].append(card_of(row))
    return found


def card_of(row: Any) -> Card:
    fields = {name: getattr(row, name) for name in Card.__struct_fields__}
    return Card(**{**fields, "in_hand_of": list(row.in_hand_of)})


def _column(name: str, ways: Sequence[Way], cards: list[Card], limit: int) -> Column:
    label = ways[-1].stage.label if ways else {}
    waiting, overdue = (sum(getattr(way, n) for way in ways) for n in ("waiting", "overdue"))
    return Column(name, label, waiting, overdue, cards, next_of(cards, limit))


def next_of(cards: Sequence[Card], limit: int) -> str | None:
    if len(cards) < limit:
        return None
    return Place(cards[-1].due_at, cards[-1].review_id).written()


def _require(work: UnitOfWork) -> None:
    require(may_oversee(work), "review.board", "Sorry, you are not allowed to see the reviews.")
