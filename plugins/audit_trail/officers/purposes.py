"""Whoever looks into the trail says what for, and sees what that purpose needs and no more.

The purpose travels into the transaction, where the views and functions of the schema `audit` ask
for it as they ask for the tenant: without one they are empty.
"""

from dataclasses import dataclass

from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput
from cms.kernel.work import ReadableWork

VIEW = "view_audit_trail"
DOWNLOAD = "download_audit_trail"
SECONDS = 10
"""How long a question may take; one over all time without an index is to be narrowed."""

_STATE = text(
    "select set_config('app.audit_purpose', :purpose, true), "
    "set_config('statement_timeout', :most, true)"
)


@dataclass(frozen=True)
class Purpose:
    """`view` is what is read for it. `capability`: who may state it, beside `view_audit_trail`."""

    name: str
    capability: str
    view: str
    about: str
    sees_addresses: bool = False
    sees_subjects: bool = False
    sees_names: bool = True


COMPLIANCE = "compliance"

PURPOSES = (
    Purpose(
        COMPLIANCE,
        "audit_for_compliance",
        "audit.trail",
        "Look into the trail to answer for the site's compliance, with everything that it holds",
        sees_addresses=True,
        sees_subjects=True,
    ),
    Purpose(
        "data_protection",
        "audit_for_data_protection",
        "audit.trail_of_subjects",
        "Look into the trail for data subjects, without network addresses and devices",
        sees_subjects=True,
    ),
    Purpose(
        "security",
        "audit_for_security",
        "audit.trail_of_addresses",
        "Look into the trail for incidents, with network addresses and without data subjects",
        sees_addresses=True,
    ),
    Purpose(
        "external_audit",
        "audit_externally",
        "audit.trail_without_people",
        "Look into the trail from outside, without names, addresses, subjects and changed values",
        sees_names=False,
    ),
)
BY_NAME = {purpose.name: purpose for purpose in PURPOSES}
CAPABILITIES = {purpose.capability: purpose.about for purpose in PURPOSES}

MONITORING = "monitoring"
"""What the worker's watch over alert rules reads for. Nobody can state it."""


def require_view(work: ReadableWork) -> None:
    """CapabilityMissing unless the actor may read the trail at all."""
    if not work.actor.has(VIEW):
        raise CapabilityMissing(
            f"Reading the audit trail needs the capability {VIEW}; the compliance officer has it.",
            action="audit.read",
        )


def require_download(work: ReadableWork) -> None:
    """CapabilityMissing unless the actor may take events away as a file."""
    if not work.actor.has(DOWNLOAD):
        raise CapabilityMissing(
            f"Getting events as a file needs the capability {DOWNLOAD}.", action="audit.download"
        )


def purpose_of(work: ReadableWork, stated: str | None) -> Purpose:
    """The purpose that was stated, or the first that the actor's roles are for. InvalidInput for
    one that is not in the list, CapabilityMissing for one that is not the actor's."""
    require_view(work)
    allowed = [purpose for purpose in PURPOSES if work.actor.has(purpose.capability)]
    if stated is not None and stated not in BY_NAME:
        known = ", ".join(BY_NAME)
        raise InvalidInput({"purpose": f"is none of {known}: state one, or none for your role's"})
    if stated is not None and BY_NAME[stated] in allowed:
        return BY_NAME[stated]
    if stated is None and allowed:
        return allowed[0]
    wanted = BY_NAME[stated].capability if stated else "one of " + ", ".join(CAPABILITIES)
    raise CapabilityMissing(
        f"Looking into the trail for this purpose needs the capability {wanted}.",
        action="audit.read",
    )


async def state(work: ReadableWork, purpose: str, *, seconds: int = SECONDS) -> None:
    """Carry the purpose into this transaction, and bound what its questions may cost."""
    await work.audit.all(_STATE, {"purpose": purpose, "most": f"{seconds}s"})


async def begin(work: UnitOfWork, stated: str | None) -> Purpose:
    """The purpose of this look, stated to the database."""
    purpose = purpose_of(work, stated)
    await state(work, purpose.name)
    return purpose
