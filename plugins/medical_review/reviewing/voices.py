"""Who has spoken in a review, as the quorum counts it: with the registrations of today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, select

from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.quorum.engine import (
    Lack,
    Licence,
    Matter,
    Shortfall,
    Tally,
    Verdicts,
    Voice,
    apart,
    tally,
)
from plugins.medical_review.quorum.engine import judge as judged
from plugins.medical_review.quorum.rules import Risk
from plugins.medical_review.reviewing.course_models import Round, VoiceRecord
from plugins.medical_review.reviewing.models import DecisionRecord, Review, State, Verdict
from plugins.medical_review.workflows.choosing import definition_of, specialty_key
from plugins.professional_registry.standing import snapshots


async def said(work: ReadableWork, review_id: int) -> list[Voice]:
    """What was said so far, in its order, without anybody's registration."""
    rows = await work.all(
        select(VoiceRecord, DecisionRecord.verdict)
        .join(
            DecisionRecord,
            and_(
                DecisionRecord.tenant_id == VoiceRecord.tenant_id,
                DecisionRecord.id == VoiceRecord.decision_id,
            ),
        )
        .where(VoiceRecord.tenant_id == work.tenant_id, VoiceRecord.review_id == review_id)
        .order_by(DecisionRecord.decided_at, DecisionRecord.id)
    )
    return [
        Voice(
            row[0].person_id,
            row[0].stage,
            frozenset(row[0].seats),
            row[1] == Verdict.APPROVE,
            row[0].on_behalf_of,
        )
        for row in rows
    ]


async def licensed(work: ReadableWork, voices: Sequence[Voice]) -> list[Voice]:
    """The same voices, each with how its person's registration stands now; one query."""
    if not voices:
        return []
    known = await snapshots(work, sorted({voice.person for voice in voices}))
    return [replace(voice, licence=licence_of(known.get(voice.person))) for voice in voices]


def licence_of(taken: Mapping[str, Any] | None) -> Licence | None:
    """A registration as the quorum looks at it; only what has a number is a specialty."""
    if taken is None:
        return None
    checked = taken["checked_at"]
    return Licence(
        taken["may_sign"],
        datetime.fromisoformat(checked) if checked else None,
        frozenset(specialty_key(one["name"]) for one in taken["specialties"] if one["rqe"]),
    )


def matter_of(way: Round) -> Matter:
    return Matter(Risk(way.risk), frozenset(way.specialties))


async def verdicts(work: ReadableWork, way: Round) -> Verdicts:
    """Where the review stands by the registrations of this minute."""
    definition = await definition_of(work, way.workflow, way.version)
    voices = await licensed(work, await said(work, way.review_id))
    return judged(definition, matter_of(way), voices, work.now)


async def tallies(work: ReadableWork, way: Round) -> list[Tally]:
    """Each stage of the review's way, and how it stands by the registrations of this minute."""
    definition, matter = await definition_of(work, way.workflow, way.version), matter_of(way)
    heard = apart(await licensed(work, await said(work, way.review_id)))
    return [
        tally(stage, matter, [voice for voice in heard if voice.stage == stage.name], work.now)
        for stage in definition.way(matter.risk)
    ]


async def keep(work: Work, decision: DecisionRecord, voice: Voice) -> None:
    """Note that she has spoken; the caller emits what covers it."""
    await work.execute(
        insert(VoiceRecord).values(
            tenant_id=work.tenant_id,
            decision_id=decision.id,
            review_id=decision.review_id,
            person_id=voice.person,
            on_behalf_of=voice.behalf,
            stage=voice.stage,
            seats=sorted(voice.seats),
        )
    )


async def approvers_of(work: ReadableWork, post_id: int, content_hash: bytes) -> list[int]:
    """Who agreed to this text in a review that approved it."""
    rows = await work.all(
        select(VoiceRecord.person_id)
        .join(
            Review,
            and_(Review.tenant_id == VoiceRecord.tenant_id, Review.id == VoiceRecord.review_id),
        )
        .where(
            VoiceRecord.tenant_id == work.tenant_id,
            Review.post_id == post_id,
            Review.content_hash == content_hash,
            Review.state == State.APPROVED,
        )
        .distinct()
    )
    return [row.person_id for row in rows]


_WORDS = {
    Lack.SEAT: "people for the seat {seat} of {stage}",
    Lack.CLINICIANS: "people of {stage} with a registration that lets them sign, verified lately",
    Lack.RQE: "of them with an RQE in the text's specialty",
}


def in_words(missing: Iterable[Shortfall]) -> str:
    """What is missing, for people: "1 of 2 people for the seat …; …"."""
    return "; ".join(
        f"{one.found} of {one.needed} {_WORDS[one.lack].format(seat=one.seat, stage=one.stage)}"
        for one in missing
    )
