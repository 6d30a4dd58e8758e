"""A newsroom in memory: the product's engine behind doors that refuse as the real ones do, fast
enough for a million steps; and a judge who counts for himself and shares no line with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations

from plugins.medical_review.quorum.engine import (
    Licence,
    Matter,
    Outcome,
    Voice,
    judge,
    open_seats,
)
from plugins.medical_review.quorum.rules import Definition, Quorum, Risk, Seat, Stage

START = datetime(2031, 3, 1, tzinfo=UTC)


@dataclass
class Worker:
    """Somebody with roles, perhaps with a registration that may be lost and found again."""

    id: int
    capabilities: frozenset[str]
    licence: Licence | None


@dataclass
class Round:
    """A review of one text."""

    text: int
    definition: Definition
    risk: Risk
    involved: frozenset[int]
    stage: str
    voices: list[Voice] = field(default_factory=list)
    outcome: Outcome = Outcome.OPEN


@dataclass
class Desk:
    """One article on its way; `text` stands for the hash of its working text."""

    people: dict[int, Worker]
    definition: Definition
    specialties: frozenset[str]
    now: datetime = START
    text: int = 0
    since: set[int] = field(default_factory=lambda: {0})
    delegations: set[tuple[int, int]] = field(default_factory=set)
    rounds: list[Round] = field(default_factory=list)

    @property
    def matter(self) -> Matter:
        return Matter(Risk.NORMAL, self.specialties)

    @property
    def open(self) -> Round | None:
        last = self.rounds[-1] if self.rounds else None
        return last if last is not None and last.outcome is Outcome.OPEN else None

    def edit(self, person: int, text: int) -> None:
        """A changed text ends the review, and its editor has a part in it until the text as it then
        is has been approved."""
        if text == self.text:
            return
        self.rounds = [one for one in self.rounds if one is not self.open]
        self.text = text
        self.since.add(person)

    def submit(self, person: int) -> None:
        if self.open is not None or self._approval() is not None:
            return
        involved = frozenset({*self.since, person})
        first = self.definition.stages[0].name
        self.rounds.append(Round(self.text, self.definition, Risk.NORMAL, involved, first))

    def decide(self, person: int, approves: bool, behalf: int | None) -> None:
        """As `deciding.decide`, door by door."""
        review, worker = self.open, self.people[person]
        if review is None or review.text != self.text:
            return
        if behalf is not None and (behalf, person) not in self.delegations:
            return
        able = self.people[behalf].capabilities if behalf is not None else worker.capabilities
        who = {person} | ({behalf} if behalf is not None else set())
        heard = [self._licensed(voice) for voice in review.voices]
        if who & review.involved or any(voice.people & who for voice in heard):
            return
        stage = review.definition.stage(review.stage)
        assert stage is not None
        seats = frozenset(s.name for s in open_seats(stage, heard) if s.capability in able)
        if not seats or (approves and worker.licence is not None and not worker.licence.may_sign):
            return
        review.voices.append(Voice(person, stage.name, seats, approves, behalf))
        found = self._judged(review)
        review.outcome, review.stage = found.outcome, found.stage
        if found.outcome is Outcome.APPROVED:
            self.since = set()

    def publish(self) -> bool:
        return self._approval() is not None

    def _approval(self) -> Round | None:
        judged = [
            one for one in self.rounds
            if one.text == self.text and one.outcome is not Outcome.OPEN
        ]  # fmt: skip
        last = judged[-1] if judged else None
        if last is None or last.outcome is not Outcome.APPROVED:
            return None
        return last if self._judged(last).outcome is Outcome.APPROVED else None

    def _judged(self, review: Round):
        voices = [self._licensed(voice) for voice in review.voices]
        return judge(review.definition, self.matter, voices, self.now)

    def _licensed(self, voice: Voice) -> Voice:
        licence = self.people[voice.person].licence
        return Voice(voice.person, voice.stage, voice.seats, voice.approves, voice.behalf, licence)

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)


# -- the judge


def complaints(desk: Desk, kept: list[tuple[int, int, bool, int | None, str]]) -> Iterator[str]:
    """What is wrong with the text that was just published. `kept` is what everybody was seen to
    say of it in its last review: (text, person, approves, behalf, stage)."""
    for stage in desk.definition.stages:
        agreed = [one for one in kept if one[4] == stage.name and one[2]]
        against = [one for one in kept if one[4] == stage.name and not one[2]]
        yield from _stage(desk, stage, agreed, against)
    people = [p for one in kept if one[2] for p in (one[1], one[3]) if p is not None]
    if len(people) != len(set(people)):
        yield "somebody was counted twice"


def _stage(desk: Desk, stage: Stage, agreed: list, against: list) -> Iterator[str]:
    sound = [
        one for one in agreed
        if desk.people[one[1]].licence is None or desk.people[one[1]].licence.may_sign
    ]  # fmt: skip
    if stage.quorum.unanimous and against:
        yield f"{stage.name}: published over a no"
    if not _all_seated(desk, stage, sound):
        yield f"{stage.name}: a seat is empty"
    clinicians = [one for one in sound if _is_clinician(desk, stage.quorum, one[1])]
    if len(clinicians) < stage.quorum.clinicians:
        yield f"{stage.name}: too few clinicians"
    if sum(_has_rqe(desk, one[1]) for one in clinicians) < stage.quorum.with_rqe_in_specialty:
        yield f"{stage.name}: too few with an RQE"


def _is_clinician(desk: Desk, rule: Quorum, person: int) -> bool:
    licence = desk.people[person].licence
    if licence is None or not licence.may_sign:
        return False
    if rule.validated_within_days is None:
        return True
    checked = licence.checked_at
    return checked is not None and (desk.now - checked).days <= rule.validated_within_days


def _has_rqe(desk: Desk, person: int) -> bool:
    licence = desk.people[person].licence
    assert licence is not None
    return any(not desk.specialties or one in desk.specialties for one in licence.rqe)


def _all_seated(desk: Desk, stage: Stage, agreed: list) -> bool:
    """Try every way to seat them."""
    places: list[Seat] = [seat for seat in stage.seats for _ in range(seat.people)]
    if len(agreed) < len(places):
        return False
    return any(
        all(
            seat.capability in desk.people[one[3] if one[3] is not None else one[1]].capabilities
            for seat, one in zip(places, order, strict=True)
        )
        for order in permutations(agreed, len(places))
    )
