"""Whether a text has the agreement that its workflow asks for. Pure: the same voices, rule and
moment give the same answer, whoever asks, so the guard at publication can ask again.

People are counted, never roles: whoever holds two roles is one, and whoever speaks for somebody
else is one together with her.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from plugins.medical_review.quorum.rules import Definition, Mode, Risk, Seat, Stage


class Outcome(StrEnum):
    """What has come of a review so far."""

    OPEN = "open"
    APPROVED = "approved"
    SENT_BACK = "sent_back"


class Lack(StrEnum):
    """What a stage still waits for."""

    SEAT = "quorum.seat"
    CLINICIANS = "quorum.clinicians"
    RQE = "quorum.rqe"


@dataclass(frozen=True, slots=True)
class Licence:
    """A person's registration as it stands now. `rqe`: her registered specialties, folded."""

    may_sign: bool
    checked_at: datetime | None = None
    rqe: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person said in a stage. `seats`: those that she could fill when she said it.
    `licence` is None for somebody without a registration."""

    person: int
    stage: str
    seats: frozenset[str]
    approves: bool
    behalf: int | None = None
    licence: Licence | None = None

    @property
    def people(self) -> frozenset[int]:
        """Whom this voice uses up: two that share anybody count as one."""
        return frozenset({self.person} if self.behalf is None else {self.person, self.behalf})

    @property
    def counts(self) -> bool:
        """A registration that is lost takes the agreement with it."""
        return self.licence is None or self.licence.may_sign


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing that is missing: how many are needed of it, and how many there are."""

    lack: Lack
    stage: str
    needed: int
    found: int
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a stage stands."""

    stage: Stage
    missing: tuple[Shortfall, ...]
    is_sent_back: bool

    @property
    def is_reached(self) -> bool:
        return not self.missing and not self.is_sent_back


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Where a review stands: its outcome, and the stage that it waits in."""

    outcome: Outcome
    stage: str
    missing: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What is judged: the risk of the text, and its specialties, folded."""

    risk: Risk = Risk.NORMAL
    specialties: frozenset[str] = frozenset()


def judge(
    definition: Definition, matter: Matter, voices: Sequence[Voice], now: datetime
) -> Verdicts:
    """Walk the stages of the text's way. A stage that once agreed and has lost somebody's licence
    holds the text again."""
    voices, used = apart(voices), definition.stages[0].name
    for stage in definition.way(matter.risk):
        used = stage.name
        found = tally(stage, matter, [v for v in voices if v.stage == stage.name], now)
        if found.is_sent_back:
            return Verdicts(Outcome.SENT_BACK, used)
        if not found.is_reached:
            return Verdicts(Outcome.OPEN, used, found.missing)
    return Verdicts(Outcome.APPROVED, used)


def apart(voices: Iterable[Voice]) -> list[Voice]:
    """The voices of different people, the earlier of two that share somebody; all that send back
    are kept, because to stop needs no quorum."""
    kept: list[Voice] = []
    used: set[int] = set()
    for voice in voices:
        if voice.approves and voice.people & used:
            continue
        used |= voice.people
        kept.append(voice)
    return kept


def tally(stage: Stage, matter: Matter, voices: Sequence[Voice], now: datetime) -> Tally:
    """How the stage stands with these voices of different people."""
    agreeing = [voice for voice in voices if voice.approves and voice.counts]
    against = sum(1 for voice in voices if not voice.approves)
    enough = 1 if stage.quorum.unanimous else stage.people
    return Tally(stage, tuple(_missing(stage, matter, agreeing, now)), against >= enough)


def _missing(
    stage: Stage, matter: Matter, agreeing: Sequence[Voice], now: datetime
) -> Iterable[Shortfall]:
    yield from _empty_seats(stage, agreeing)
    rule, clinicians = stage.quorum, [v for v in agreeing if is_clinician(v, stage, now)]
    if len(clinicians) < rule.clinicians:
        yield Shortfall(Lack.CLINICIANS, stage.name, rule.clinicians, len(clinicians))
    found = sum(1 for voice in clinicians if has_rqe(voice, matter))
    if found < rule.with_rqe_in_specialty:
        yield Shortfall(Lack.RQE, stage.name, rule.with_rqe_in_specialty, found)


def is_clinician(voice: Voice, stage: Stage, now: datetime) -> bool:
    """A registration that lets her sign, and that the register was asked about lately enough."""
    licence, days = voice.licence, stage.quorum.validated_within_days
    if licence is None or not licence.may_sign:
        return False
    if days is None:
        return True
    return licence.checked_at is not None and now - licence.checked_at <= timedelta(days=days)


def has_rqe(voice: Voice, matter: Matter) -> bool:
    """A registered specialty of the text; of a text that names none, any."""
    if voice.licence is None:
        return False
    rqe = voice.licence.rqe
    return bool(rqe & matter.specialties if matter.specialties else rqe)


def _empty_seats(stage: Stage, agreeing: Sequence[Voice]) -> Iterable[Shortfall]:
    taken = seated(stage, [voice.seats for voice in agreeing])
    for seat in stage.seats:
        if taken[seat.name] < seat.people:
            yield Shortfall(Lack.SEAT, stage.name, seat.people, taken[seat.name], seat.name)


def seated(stage: Stage, able: Sequence[frozenset[str]]) -> dict[str, int]:
    """How many people of each seat are there, when everybody takes the one seat that serves the
    whole best: a largest matching, so that who could fill two seats blocks neither."""
    places = [seat.name for seat in stage.seats for _ in range(seat.people)]
    holder: dict[int, int] = {}
    for person in range(len(able)):
        _sit(person, able, places, holder, set())
    taken = dict.fromkeys((seat.name for seat in stage.seats), 0)
    for place in holder:
        taken[places[place]] += 1
    return taken


def _sit(
    person: int,
    able: Sequence[frozenset[str]],
    places: Sequence[str],
    holder: dict[int, int],
    seen: set[int],
) -> bool:
    """One augmenting path (Kuhn): take a free place, or have its holder move to another."""
    for place, name in enumerate(places):
        if name not in able[person] or place in seen:
            continue
        seen.add(place)
        if place not in holder or _sit(holder[place], able, places, holder, seen):
            holder[place] = person
            return True
    return False


def open_seats(stage: Stage, voices: Sequence[Voice]) -> tuple[Seat, ...]:
    """The seats that somebody may fill now: of a stage in turn the first that is empty, of a
    parallel one all, because who counts as what is settled when all have spoken."""
    if stage.mode is Mode.PARALLEL:
        return stage.seats
    agreeing = [v for v in voices if v.stage == stage.name and v.approves and v.counts]
    taken = seated(stage, [voice.seats for voice in agreeing])
    for seat in stage.seats:
        if taken[seat.name] < seat.people:
            return (seat,)
    return stage.seats[-1:]


def out_of_reach(
    definition: Definition, matter: Matter, candidates: Sequence[Voice], now: datetime
) -> tuple[Shortfall, ...]:
    """What could not be reached even if everybody who may decide agreed. `candidates` are voices
    of each stage that a person could speak in; one and the same counts in one stage only."""
    found: list[Shortfall] = []
    used: set[int] = set()
    for stage in definition.way(matter.risk):
        able = [c for c in candidates if c.stage == stage.name and not c.people & used]
        tallied = tally(stage, matter, able, now)
        found.extend(tallied.missing)
        if not tallied.missing and len(able) == stage.people:
            used |= {person for voice in able for person in voice.people}
    return tuple(found)
