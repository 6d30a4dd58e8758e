"""What a professional may announce of herself: specialties with their RQE, titles without.

CFM 2.336/2023, art. 13 VI: at most two specialties, each registered (RQE); a post-graduate course
may be listed, followed by NÃO ESPECIALISTA where no RQE stands behind it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from cms.errors import InvalidInput
from cms.kernel.events import difference
from cms.kernel.work import Work
from plugins.professional_registry import registrations
from plugins.professional_registry.councils import CRM
from plugins.professional_registry.manual_events import TitlesClaimed
from plugins.professional_registry.models import Professional
from plugins.professional_registry.names import fold
from plugins.professional_registry.statuses import Validation
from plugins.professional_registry.two_people import require_manager

MOST_TITLES = 10
# Lato and stricto sensu, as the diploma has it.
KINDS = {
    "postgraduate": "Pós-graduação",
    "masters": "Mestrado",
    "doctorate": "Doutorado",
}


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A course that was finished, in a field. `kind` is one of KINDS."""

    field: str
    kind: str = "postgraduate"


async def claim(
    work: Work,
    professional_id: int,
    *,
    specialty: str | None,
    subspecialty: str | None,
    titles: Sequence[Title],
) -> Professional:
    """Say what may be announced. InvalidInput for a specialty without an RQE at the register."""
    require_manager(work, "registration.claim")
    person = await registrations.get(work, professional_id, lock=True)
    faults = unproved(person, {"specialty": specialty, "subspecialty": subspecialty})
    faults |= _title_faults(person, titles)
    if faults:
        raise InvalidInput(faults)
    before = _announced(person)
    person.specialty, person.subspecialty = specialty or None, subspecialty or None
    person.titles = [msgspec.to_builtins(title) for title in titles]
    person.updated_at = work.now
    old, new = difference(before, _announced(person))
    await work.emit(
        TitlesClaimed(professional_id=person.id, user_id=person.user_id, before=old, after=new)
    )
    return person


def refuse_unproved(person: Professional) -> None:
    """InvalidInput when a verified registration claims a specialty that its register does not know.
    Before the register has answered nobody can tell, and nothing is announced."""
    if person.validation_status != Validation.VERIFIED:
        return
    faults = unproved(person, {"specialty": person.specialty, "subspecialty": person.subspecialty})
    if faults:
        raise InvalidInput(faults)


def unproved(person: Professional, claimed: Mapping[str, str | None]) -> dict[str, str]:
    """Each claimed specialty that has no RQE, with the reason (CFM 2.336/2023, art. 4). The rule is
    the physicians'; other councils' registers of specialists are not known here."""
    if person.council != CRM:
        return {}
    registered = {fold(s["name"]) for s in person.specialties if s.get("rqe")}
    known = ", ".join(s["name"] for s in person.specialties if s.get("rqe")) or "none"
    return {
        field: f"{name!r} has no RQE at the register (registered: {known}); a specialty is "
        "announced only with one. A course without it is a title, shown with NÃO ESPECIALISTA"
        for field, name in claimed.items()
        if name and fold(name) not in registered
    }


def _title_faults(person: Professional, titles: Sequence[Title]) -> dict[str, str]:
    if titles and person.council != CRM:
        return {"titles": "are announced by the CFM's rule only; this is no physician"}
    if len(titles) > MOST_TITLES:
        return {"titles": f"must be at most {MOST_TITLES}"}
    for title in titles:
        if title.kind not in KINDS:
            return {"titles": f"kind {title.kind[:20]!r} must be one of {', '.join(KINDS)}"}
        if not fold(title.field) or len(title.field) > 120 or not title.field.isprintable():
            return {"titles": "field must be plain text of at most 120 characters"}
    return {}


def _announced(person: Professional) -> dict[str, Any]:
    return {
        "specialty": person.specialty,
        "subspecialty": person.subspecialty,
        "titles": list(person.titles),
    }
