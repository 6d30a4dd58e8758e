"""Who judged, and when: what the product writes beside a statement, so that nobody writes it.

A level of evidence that follows from the kind of study alone is provisional; one with a reason was
judged by somebody. That a case cannot be recognised is confirmed by a person, never assumed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Stamp:
    """`by` and `at` stand for the named statements as long as `holds`; they are those of whoever
    stated them, or changed one of them, last."""

    by: str
    at: str
    of: tuple[str, ...]
    holds: Callable[[Mapping[str, Any]], bool]

    def on(
        self, part: dict[str, Any], was: Mapping[str, Any], person: int | None, now: datetime
    ) -> dict[str, Any]:
        """The part with this stamp as it must be."""
        if not self.holds(part):
            return {name: value for name, value in part.items() if name not in (self.by, self.at)}
        same_stamp = all(part.get(name) == was.get(name) for name in (self.by, self.at))
        same_words = all(part.get(name) == was.get(name) for name in self.of)
        # Another stamp than before came with the statement, out of another revision of the text.
        if part.get(self.at) is not None and (same_words or not same_stamp):
            return part
        moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {**part, self.by: person, self.at: moment}


JUDGED = Stamp(
    "evidence_judged_by",
    "evidence_judged_at",
    (
        "evidence_level",
        "evidence_question",
        "evidence_cebm",
        "evidence_grade",
        "evidence_recommendation",
        "evidence_reason",
    ),
    lambda part: bool(part.get("evidence_reason")),
)
CONFIRMED = Stamp(
    "non_identification_by",
    "non_identification_at",
    ("non_identification_confirmed",),
    lambda part: part.get("non_identification_confirmed") is True,
)
STAMPS: Sequence[Stamp] = (JUDGED, CONFIRMED)
STAMP_KEYS = frozenset(name for one in STAMPS for name in (one.by, one.at))
PEOPLE = tuple(one.by for one in STAMPS)


def is_provisional(part: Mapping[str, Any]) -> bool | None:
    """Whether the stated level only follows from the kind of study; None if none is stated."""
    stated = ("evidence_level", "evidence_cebm", "evidence_grade")
    return not JUDGED.holds(part) if any(part.get(name) for name in stated) else None


def shown(stamp: Stamp, part: Mapping[str, Any]) -> dict[str, Any] | None:
    """Who and when, as REST tells it."""
    if part.get(stamp.at) is None:
        return None
    return {"user_id": part.get(stamp.by), "at": part[stamp.at]}
