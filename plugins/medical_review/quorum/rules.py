"""What a stage of a workflow asks for. Plain values, so that a rule can be kept, read and compared
as data."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class Risk(StrEnum):
    """How much harm a wrong sentence does."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Mode(StrEnum):
    """Whether the seats of a stage decide as they come, or one after the other as named."""

    PARALLEL = "parallel"
    IN_TURN = "in_turn"


class Seat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many people with this capability."""

    name: str
    capability: str
    people: int = 1


class Quorum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the people who agree must be, beside filling the seats.

    `clinicians`: how many have a registration that lets them sign today. `with_rqe_in_specialty`:
    how many have a specialty of the text in the register, with its RQE; of a text without a
    specialty any one counts. `validated_within_days`: how long ago a clinician's register may have
    been asked. `unanimous`: one who sends the text back ends the round; otherwise as many as would
    have to agree. `not_author` is always so, and is written down for whoever reads the rule.
    """

    clinicians: int = 0
    with_rqe_in_specialty: int = 0
    validated_within_days: int | None = None
    not_author: bool = True
    unanimous: bool = True


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One judgement on the text. `label` is by language (pt, en); `due_hours` by risk."""

    name: str
    label: dict[str, str]
    seats: tuple[Seat, ...]
    mode: Mode = Mode.PARALLEL
    quorum: Quorum = Quorum()
    due_hours: dict[Risk, int] = msgspec.field(default_factory=dict)

    @property
    def people(self) -> int:
        """How many different people have to agree."""
        rule = self.quorum
        return max(
            sum(seat.people for seat in self.seats), rule.clinicians, rule.with_rqe_in_specialty
        )

    def seat(self, name: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.name == name), None)


APPROVED = "approved"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"origin": "from"}):
    """Where a text goes from a stage that has agreed: another stage, or `approved`. `risks`: for
    texts of which risk, all if it names none. A text that is sent back is always the author's."""

    origin: str
    to: str
    risks: tuple[Risk, ...] = ()


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole workflow. It begins with the first stage."""

    label: dict[str, str]
    stages: tuple[Stage, ...]
    transitions: tuple[Step, ...]

    def stage(self, name: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.name == name), None)

    def after(self, name: str, risk: Risk) -> str:
        """What follows the stage; `approved` ends the way. KeyError where no way leads on: then
        nothing is approved."""
        for step in self.transitions:
            if step.origin == name and (not step.risks or risk in step.risks):
                return step.to
        raise KeyError(name)

    def way(self, risk: Risk) -> Sequence[Stage]:
        """The stages that a text of this risk passes, in order."""
        passed: list[Stage] = []
        name = self.stages[0].name
        while name != APPROVED:
            stage = self.stage(name)
            if stage is None or stage in passed:
                raise KeyError(name)
            passed.append(stage)
            name = self.after(name, risk)
        return passed

    @property
    def capabilities(self) -> frozenset[str]:
        """Those that some seat asks for."""
        return frozenset(seat.capability for stage in self.stages for seat in stage.seats)
