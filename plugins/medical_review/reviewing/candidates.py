"""Who could decide on a text: whose role fits, who is there, and what stands in her way."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text

from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.quorum.engine import Voice, out_of_reach
from plugins.medical_review.quorum.rules import Definition, Stage
from plugins.medical_review.reviewing import voices
from plugins.medical_review.reviewing.course_models import Round
from plugins.medical_review.reviewing.involved import Involved, involved
from plugins.medical_review.reviewing.models import Review
from plugins.medical_review.workflows.choosing import definition_of
from plugins.professional_registry.standing import snapshots

MOST = 500

_PEOPLE = text(
    """
    select u.id, u.display_name, array_agg(distinct c) as capabilities,
           (select max(a.to_at) from medical_review.absences a
            where a.tenant_id = u.tenant_id and a.user_id = u.id and a.ended_at is null
              and a.from_at <= :now and a.to_at > :now) as away_until,
           (select count(*) from medical_review.claims k
            where k.tenant_id = u.tenant_id and k.user_id = u.id and k.ended_at is null) as in_hand
    from cms.users u
    join cms.user_roles ur on ur.tenant_id = u.tenant_id and ur.user_id = u.id
      and (ur.expires_at is null or ur.expires_at > :now)
    join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name
    cross join unnest(r.capabilities) c
    where u.tenant_id = :tenant and u.is_active and c = any(cast(:wanted as text[]))
    group by u.tenant_id, u.id, u.display_name
    order by in_hand, u.id
    limit :most
    """
)


class Candidate(msgspec.Struct, frozen=True):
    """Somebody whose role decides in `stages`. `in_hand`: how many reviews she has already. With
    `objections` she cannot decide on this text, or not now."""

    user_id: int
    name: str
    stages: list[str]
    in_hand: int
    objections: list[Objection]


class Reviewer(msgspec.Struct, frozen=True):
    """Somebody whose role decides somewhere; `away_until` is null for who is there."""

    user_id: int
    name: str
    in_hand: int
    away_until: datetime | None


async def candidates(work: ReadableWork, definition: Definition, review: Review) -> list[Candidate]:
    """Everybody whose role fits the workflow, those first who have least in hand."""
    people = await _people(work, definition)
    known = await involved(work, review)
    spoken = {one for v in await voices.said(work, review.id) for one in v.people}
    taken = await snapshots(work, [row.id for row in people]) if people else {}
    return [
        Candidate(
            row.id,
            row.display_name,
            [stage.name for stage in definition.stages if _seats(stage, row.capabilities)],
            row.in_hand,
            _objections(row, known, spoken, taken),
        )
        for row in people
    ]


async def beyond_reach(work: ReadableWork, way: Round, review: Review) -> list[Objection]:
    """What the quorum asks for that nobody here could give today; said when a text is handed over,
    because else it would wait for ever."""
    definition = await definition_of(work, way.workflow, way.version)
    people = await _people(work, definition)
    known = await involved(work, review)
    taken = await snapshots(work, [row.id for row in people]) if people else {}
    able = [row for row in people if not _objections(row, known, set(), taken)]
    wanted = [
        Voice(row.id, stage.name, seats, True, None, voices.licence_of(taken.get(row.id)))
        for stage in definition.stages
        for row in able
        if (seats := _seats(stage, row.capabilities))
    ]
    missing = out_of_reach(definition, voices.matter_of(way), wanted, work.now)
    return [
        Objection(
            one.lack.value,
            f"This cannot be approved by those who are here today: {voices.in_words([one])}.",
            "Give the role to more people, have registrations verified, or bind another workflow.",
        )
        for one in missing
    ]


async def reviewers(work: ReadableWork, capabilities: Collection[str]) -> list[Reviewer]:
    """Everybody with one of these capabilities, those first who have least in hand."""
    rows = await _able(work, capabilities)
    return [Reviewer(row.id, row.display_name, row.in_hand, row.away_until) for row in rows]


async def _people(work: ReadableWork, definition: Definition) -> Sequence[Any]:
    return await _able(work, definition.capabilities)


async def _able(work: ReadableWork, capabilities: Collection[str]) -> Sequence[Any]:
    values = {
        "tenant": work.tenant_id,
        "now": work.now,
        "wanted": sorted(capabilities),
        "most": MOST,
    }
    return await work.all(_PEOPLE, values)


def _seats(stage: Stage, capabilities: Sequence[str]) -> frozenset[str]:
    return frozenset(seat.name for seat in stage.seats if seat.capability in capabilities)


def _objections(
    row: Any, known: Involved, spoken: set[int], taken: Mapping[int, Mapping[str, Any]]
) -> list[Objection]:
    found: list[Objection] = []
    if parts := known.parts_of(row.id):
        found.append(
            Objection(
                "review.self",
                f"She has a part in this text ({', '.join(parts)}).",
                "Choose somebody who has none.",
            )
        )
    if row.id in spoken:
        found.append(
            Objection(
                "review.counted",
                "She has decided in this review already.",
                "Choose somebody else: people are counted.",
            )
        )
    if row.away_until is not None:
        found.append(
            Objection(
                "review.absent",
                f"She is away until {row.away_until:%Y-%m-%d}.",
                "Choose somebody who is there, or wait.",
            )
        )
    licence = voices.licence_of(taken.get(row.id))
    if licence is not None and not licence.may_sign:
        found.append(
            Objection(
                taken[row.id]["reason"],
                "Her registration does not let her sign today.",
                "Choose somebody whose registration is in order.",
            )
        )
    return found
