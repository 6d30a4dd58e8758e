"""Erasing what the trail holds sealed of one person, on a recorded order.

The key of the person is destroyed, and salt, ciphertext and address token of each row that it
sealed go with it; an event tells so. No hashed byte changes: leaves, roots and proofs stay true,
and who verifies is told when and by which order the content was erased.
"""

from typing import Any

import msgspec
from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.kernel.lawfulness import DataSubject, SubjectKind
from plugins.audit_trail.erasing.events import PersonalErased
from plugins.audit_trail.erasing.orders import Order
from plugins.audit_trail.writing.people import destroy_keys, references, references_of

ERASE = "erase_audit_personal"

_ERASE = text("select audit.erase_personal(:keys) as erased")


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What was erased: `events` whose personal values are gone, `keys` that were destroyed."""

    subject: str
    events: int
    keys: int
    order: Order


async def erase(work: UnitOfWork, person: DataSubject, order: Order) -> Erased:
    """Erase everything that is sealed with the person's own key. CapabilityMissing, InvalidInput.
    A second time there is nothing left, and that is recorded too."""
    if not work.actor.has(ERASE):
        raise CapabilityMissing(
            f"Erasing needs the capability {ERASE}; the data protection officer has it.",
            action="audit.erase",
        )
    order.refuse_faults(work.now.date())
    await references(work)
    known = await references_of(work, person)
    keys = await destroy_keys(work, known)
    row = await work.one(_ERASE, {"keys": keys})
    told: dict[str, Any] = {
        "references": known,
        "keys": keys,
        "events": int(row.erased),
        "order": msgspec.to_builtins(order),
    }
    await work.emit(PersonalErased(user_id=number_of(person), about=person, after=told))
    return Erased(subject=person.kind, events=int(row.erased), keys=len(keys), order=order)


def number_of(person: DataSubject) -> int | None:
    """The number of a user; a stranger has none."""
    return int(person.id) if person.kind is SubjectKind.USER else None
