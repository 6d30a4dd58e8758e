"""The line that identifies a professional beside what she publishes: computed, never typed."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from cms.kernel.work import ReadableWork
from plugins.professional_registry.claims import KINDS
from plugins.professional_registry.councils import CRM, by_acronym
from plugins.professional_registry.names import fold
from plugins.professional_registry.standing import snapshots

# CFM 2.336/2023, art. 13 VI: at most two specialties may be announced.
ANNOUNCED = 2
NOT_A_SPECIALIST = "NÃO ESPECIALISTA"


class Byline(msgspec.Struct, frozen=True):
    """Name, the word for the profession (none where the registration does not tell which),
    registration, the specialties that have an RQE, and titles."""

    name: str
    word: str
    registration: str
    specialties: tuple[str, ...]
    titles: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        said = f"{self.word} {self.registration}".strip()
        return " · ".join((self.name, said, *self.specialties, *self.titles))


def byline_of(snapshot: Mapping[str, Any]) -> Byline | None:
    """The byline for a snapshot that was taken at a signature (CFM 2.336/2023, art. 4): name, CRM
    with UF, the word MÉDICO(A), and a claimed specialty only with its RQE. None for somebody who
    might not sign then: she has a name, and no title."""
    if not snapshot.get("may_sign"):
        return None
    return Byline(
        snapshot["full_name"],
        _word(snapshot),
        snapshot["registration"],
        _announced(snapshot),
        _titles(snapshot),
    )


async def byline(work: ReadableWork, user_id: int) -> Byline | None:
    """The byline that a signature would get now."""
    return (await bylines(work, [user_id])).get(user_id)


async def bylines(work: ReadableWork, user_ids: Sequence[int]) -> dict[int, Byline]:
    """The same for a page of people, in one query; who may not sign is not in it."""
    taken = await snapshots(work, user_ids)
    found = {user_id: byline_of(snapshot) for user_id, snapshot in taken.items()}
    return {user_id: line for user_id, line in found.items() if line is not None}


def _word(snapshot: Mapping[str, Any]) -> str:
    """The word that the council wants beside the name, or the profession's own. Where a category
    tells the profession (Res. COFEN 554/2017: name, number and category) and there is none, nobody
    is called a nurse who may be a technician."""
    council = by_acronym().get(snapshot["council"])
    if council is None:
        return ""
    tells = any(p.suffix or p.code for p in council.professions[1:])
    if tells and not snapshot.get("category"):
        return ""
    known = {p.id: p for p in council.professions}
    profession = known[snapshot["profession"]]
    return profession.publication_word or profession.pt


def _announced(snapshot: Mapping[str, Any]) -> tuple[str, ...]:
    if snapshot["council"] != CRM:
        return ()
    numbers = _numbers(snapshot)
    lines = [
        f"{name} RQE {rqe}" for name in snapshot["claimed"] if (rqe := numbers.get(fold(name)))
    ]
    return tuple(lines[:ANNOUNCED])


def _titles(snapshot: Mapping[str, Any]) -> tuple[str, ...]:
    """Courses, each followed by NÃO ESPECIALISTA in capitals when no RQE of hers is for its field
    (CFM 2.336/2023, art. 13 VI)."""
    if snapshot["council"] != CRM:
        return ()
    registered = {field for field, rqe in _numbers(snapshot).items() if rqe}
    return tuple(
        f"{KINDS[title['kind']]} em {title['field']}"
        + ("" if fold(title["field"]) in registered else f" {NOT_A_SPECIALIST}")
        for title in snapshot.get("titles", ())
    )


def _numbers(snapshot: Mapping[str, Any]) -> dict[str, str | None]:
    return {fold(s["name"]): s["rqe"] for s in snapshot["specialties"]}
