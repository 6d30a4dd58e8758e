"""The line that identifies a professional beside what she publishes: computed, never typed."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from cms.kernel.work import ReadableWork
from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.names import fold
from plugins.professional_registry.standing import snapshots

# CFM 2.336/2023, art. 13 VI: at most two specialties may be announced.
ANNOUNCED = 2


class Byline(msgspec.Struct, frozen=True):
    """Name, the word for the profession, registration, and the specialties that have an RQE."""

    name: str
    word: str
    registration: str
    specialties: tuple[str, ...]

    @property
    def text(self) -> str:
        return " · ".join((self.name, f"{self.word} {self.registration}", *self.specialties))


def byline_of(snapshot: Mapping[str, Any]) -> Byline | None:
    """The byline for a snapshot that was taken at a signature (CFM 2.336/2023, art. 4): name, CRM
    with UF, the word MÉDICO(A), and a claimed specialty only with its RQE. None for somebody who
    might not sign then: she has a name, and no title."""
    if not snapshot.get("may_sign"):
        return None
    return Byline(
        snapshot["full_name"],
        _word(snapshot["council"], snapshot["profession"]),
        snapshot["registration"],
        _announced(snapshot),
    )


async def byline(work: ReadableWork, user_id: int) -> Byline | None:
    """The byline that a signature would get now."""
    return (await bylines(work, [user_id])).get(user_id)


async def bylines(work: ReadableWork, user_ids: Sequence[int]) -> dict[int, Byline]:
    """The same for a page of people, in one query; who may not sign is not in it."""
    taken = await snapshots(work, user_ids)
    found = {user_id: byline_of(snapshot) for user_id, snapshot in taken.items()}
    return {user_id: line for user_id, line in found.items() if line is not None}


def _word(council: str, profession: str) -> str:
    known = {p.id: p for p in by_acronym()[council].professions}
    return known[profession].publication_word or known[profession].pt


def _announced(snapshot: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = {fold(s["name"]): s["rqe"] for s in snapshot["specialties"]}
    lines = [
        f"{name} RQE {rqe}" for name in snapshot["claimed"] if (rqe := numbers.get(fold(name)))
    ]
    return tuple(lines[:ANNOUNCED])
