"""Signing with a key of one's own what one is about to put one's name to."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from webauthn import generate_authentication_options
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from plugins.medical_review.signing import passkeys, tickets
from plugins.medical_review.signing.assertions import (
    Asserted,
    NotProved,
    challenge_for,
    checked,
)
from plugins.medical_review.signing.events import ProofGiven
from plugins.medical_review.signing.models import Passkey, Proof
from plugins.medical_review.signing.proofs import PASSKEY
from plugins.medical_review.signing.relying_party import relying_party
from plugins.medical_review.signing.statements import MEANINGS, ToSign, unbase64url

_HASH_LENGTH = 64
LARGEST = 100_000
"""Bytes of what is signed."""


def own_to_sign(work: UnitOfWork, wanted: ToSign) -> ToSign:
    """What the actor wants to sign, if it can be hers; InvalidInput names every fault."""
    faults: dict[str, str] = {}
    if (wanted.tenant, wanted.signer) != (work.tenant_id, work.actor.user_id):
        faults["signer"] = "must be you, on this site: nobody signs in the name of another"
    if wanted.meaning not in MEANINGS:
        faults["meaning"] = f"must be one of {', '.join(MEANINGS)}"
    if len(wanted.content_hash) != _HASH_LENGTH or not _is_hex(wanted.content_hash):
        faults["content_hash"] = "must be the SHA-256 of the text, 64 hexadecimal digits"
    if not _is_canonical(wanted):
        faults["statement"] = (
            f"must be JSON as RFC 8785 has it, of at most {LARGEST} bytes and without integers "
            "beyond 2^53"
        )
    if faults:
        raise InvalidInput(faults)
    return wanted


def _is_canonical(wanted: ToSign) -> bool:
    try:
        return len(wanted.canonical) <= LARGEST
    except ValueError:  # what rfc8785 raises is one
        return False


async def offer(work: UnitOfWork, to_sign: ToSign) -> tuple[str, dict[str, Any]]:
    """A ticket and the options for `navigator.credentials.get` (WebAuthn §5.5)."""
    person, party = passkeys.signer_of(work, "signing_proof.give"), relying_party(work)
    ticket = tickets.issue(work, tickets.PROOF, to_sign.hash)
    known = await passkeys.of(work, person)
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge_for(to_sign, ticket.nonce),
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return ticket.text, options_to_json_dict(options)


async def give_by_passkey(
    work: UnitOfWork, to_sign: ToSign, ticket: str, answer: dict[str, Any]
) -> Proof:
    """Keep what the actor's passkey said over the challenge of this ticket."""
    person = passkeys.signer_of(work, "signing_proof.give")
    nonce = tickets.nonce_of(work, tickets.PROOF, ticket, to_sign.hash)
    passkey = await _own(work, person, answer)
    asserted = _asserted(work, to_sign, nonce, passkey, answer)
    await work.execute(
        update(Passkey)
        .where(Passkey.tenant_id == work.tenant_id, Passkey.id == passkey.id)
        .values(
            sign_count=asserted.sign_count,
            is_synced=asserted.is_synced,
            last_used_at=work.now,
        )
    )
    evidence = {"passkey": passkey.id, **asserted.evidence}
    proof = Proof(kind=PASSKEY, passkey_id=passkey.id, evidence=evidence)
    return await keep(work, to_sign, proof, challenge_for(to_sign, nonce))


async def keep(work: UnitOfWork, to_sign: ToSign, proof: Proof, once: bytes) -> Proof:
    """Add the proof; Conflict when it was given before."""
    proof.tenant_id, proof.id = work.tenant_id, await work.next_id("signing_proof")
    proof.user_id = passkeys.signer_of(work, "signing_proof.give")
    proof.to_sign, proof.once, proof.given_at = to_sign.hash, once, work.now
    work.session.add(proof)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "This was given before, and counts once. Ask for options and sign again.",
            code="signing_proof.replayed",
        ) from error
    told = {"kind": proof.kind, "to_sign": to_sign.hash.hex()}
    await work.emit(ProofGiven(proof_id=proof.id, user_id=proof.user_id, after=told))
    return proof


async def _own(work: UnitOfWork, person: int, answer: dict[str, Any]) -> Passkey:
    """The passkey that answered, held so that two answers cannot pass on one counter."""
    row = await work.one(
        select(Passkey)
        .where(
            Passkey.tenant_id == work.tenant_id,
            Passkey.user_id == person,
            Passkey.credential_id == _credential_id(answer),
            Passkey.removed_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise InvalidInput({"credential": "is no passkey of yours; add it first, or use another"})
    passkey: Passkey = row[0]
    return passkey


def _credential_id(answer: dict[str, Any]) -> bytes:
    try:
        return unbase64url(answer["id"])
    except (KeyError, TypeError, ValueError):
        return b""


def _asserted(
    work: UnitOfWork, to_sign: ToSign, nonce: bytes, passkey: Passkey, answer: dict[str, Any]
) -> Asserted:
    try:
        return checked(
            answer,
            to_sign=to_sign,
            nonce=nonce,
            party=relying_party(work),
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
        )
    except NotProved as fault:
        raise InvalidInput({"credential": f"does not sign this: {fault}"}) from fault


def _is_hex(text: str) -> bool:
    return all(digit in "0123456789abcdef" for digit in text)
