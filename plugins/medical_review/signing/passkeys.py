"""The passkeys that a person signs with: adding, listing, removing them."""

import re
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from webauthn import generate_registration_options, verify_registration_response
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from cms.database.work import UnitOfWork
from cms.errors import Conflict, Forbidden, InvalidInput, NotFound
from cms.identity.users import get_user
from plugins.medical_review.reviewing.reading import OVERSEE
from plugins.medical_review.signing import tickets
from plugins.medical_review.signing.events import PasskeyAdded, PasskeyRemoved
from plugins.medical_review.signing.models import Passkey
from plugins.medical_review.signing.relying_party import relying_party

LONGEST_LABEL, MOST = 60, 10
_CONTROL = re.compile(r"[\x00-\x1f\x7f<>\ud800-\udfff]")


async def offer(work: UnitOfWork) -> tuple[str, dict[str, Any]]:
    """A ticket and the options for `navigator.credentials.create` (WebAuthn §5.4)."""
    person = await get_user(work, signer_of(work, "passkey.add"))
    party, known = relying_party(work), await of(work, person.id)
    ticket = tickets.issue(work, tickets.ENROLMENT)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_name=person.login,
        user_id=f"{work.tenant_id}/{person.id}".encode(),
        user_display_name=person.display_name,
        challenge=ticket.nonce,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return ticket.text, options_to_json_dict(options)


async def add(work: UnitOfWork, ticket: str, label: str, credential: dict[str, Any]) -> Passkey:
    """Keep a passkey that its maker has just made for this ticket. InvalidInput names every fault,
    Conflict when it is somebody's already."""
    person = signer_of(work, "passkey.add")
    name, faults = " ".join(label.split()), dict[str, str]()
    if not name or len(name) > LONGEST_LABEL or _CONTROL.search(name):
        faults["label"] = f"must be plain text of 1 to {LONGEST_LABEL} characters"
    if len(await of(work, person)) >= MOST:
        faults["credential"] = f"you have {MOST} passkeys; remove one first"
    made = _verified(work, ticket, credential, faults)
    if faults or made is None:
        raise InvalidInput(faults)
    return await _keep(work, person, name, made)


async def of(work: UnitOfWork, person: int) -> list[Passkey]:
    """The passkeys of a person that are not removed, the oldest first."""
    rows = await work.all(
        select(Passkey)
        .where(Passkey.tenant_id == work.tenant_id, Passkey.user_id == person)
        .where(Passkey.removed_at.is_(None))
        .order_by(Passkey.id)
    )
    return [row[0] for row in rows]


async def remove(work: UnitOfWork, passkey_id: int) -> None:
    """Let a passkey sign no more: one's own, or, by who oversees compliance, a lost one of somebody
    else (21 CFR 11.300 (c))."""
    row = await work.one(
        select(Passkey.user_id).where(
            Passkey.tenant_id == work.tenant_id,
            Passkey.id == passkey_id,
            Passkey.removed_at.is_(None),
        )
    )
    if row is None or not (row.user_id == work.actor.user_id or work.actor.has(OVERSEE)):
        raise NotFound("passkey", passkey_id)
    await work.decide("passkey.remove", "passkey", passkey_id)
    await work.execute(
        update(Passkey)
        .where(Passkey.tenant_id == work.tenant_id, Passkey.id == passkey_id)
        .values(removed_at=work.now)
    )
    await work.emit(PasskeyRemoved(passkey_id=passkey_id, user_id=row.user_id))


def signer_of(work: UnitOfWork, action: str) -> int:
    """The person who acts; Forbidden for a command or a job, which holds no key of anybody's."""
    if work.actor.user_id is None:
        raise Forbidden("Only a person can do this, not a command or a job.", action=action)
    return work.actor.user_id


def _verified(
    work: UnitOfWork, ticket: str, credential: dict[str, Any], faults: dict[str, str]
) -> VerifiedRegistration | None:
    party, nonce = relying_party(work), tickets.nonce_of(work, tickets.ENROLMENT, ticket)
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=nonce,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        faults["credential"] = f"is no new passkey of yours for {party.id}: {error}"
        return None


async def _keep(work: UnitOfWork, person: int, label: str, made: VerifiedRegistration) -> Passkey:
    passkey = Passkey(
        tenant_id=work.tenant_id,
        id=await work.next_id("signing_passkey"),
        user_id=person,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        label=label,
        aaguid=made.aaguid,
        is_synced=made.credential_device_type.value == "multi_device",
        added_at=work.now,
    )
    work.session.add(passkey)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "This passkey is kept already. Use it, or make another one.", code="passkey.known"
        ) from error
    told = {"is_synced": passkey.is_synced, "aaguid": passkey.aaguid}
    await work.emit(PasskeyAdded(passkey_id=passkey.id, user_id=person, after=told))
    return passkey
