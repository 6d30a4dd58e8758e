"""/api/v1/reviews/signing: one's passkeys, what the organisation accepts, proofs."""

import base64
from datetime import datetime
from typing import Any

import msgspec

from cms.api.routing import delete, get, post, put
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.signing import acceptance, cades, giving, passkeys
from plugins.medical_review.signing.models import Acceptance, Passkey
from plugins.medical_review.signing.proofs import GOOD_FOR, current_acceptance
from plugins.medical_review.signing.statements import ToSign

_PASSKEYS, _ACCEPTANCE = "/signing/passkeys", "/signing/acceptance"


class Offer(msgspec.Struct, frozen=True):
    """`options` are for `navigator.credentials`; the ticket is sent back with its answer."""

    ticket: str
    options: dict[str, Any]


class NewPasskey(msgspec.Struct, frozen=True):
    """`credential` is the JSON form of what `navigator.credentials.create` gave."""

    ticket: str
    label: str
    credential: dict[str, Any]


class PasskeyOut(msgspec.Struct, frozen=True):
    """A passkey; `is_synced` says that its maker may copy it to other devices."""

    id: int
    label: str
    is_synced: bool
    added_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, passkey: Passkey) -> "PasskeyOut":
        return cls(
            passkey.id, passkey.label, passkey.is_synced, passkey.added_at, passkey.last_used_at
        )


class AcceptanceIn(msgspec.Struct, frozen=True):
    """`words` say what is accepted; `accepts_synced`: also passkeys that leave their device."""

    words: str
    accepts_synced: bool = False


class AcceptanceOut(msgspec.Struct, frozen=True):
    """What the organisation says of passkey signatures today; `words` are null where nothing."""

    words: str | None = None
    accepts_synced: bool = False
    accepted_by: int | None = None
    accepted_at: datetime | None = None

    @classmethod
    def of(cls, said: Acceptance | None) -> "AcceptanceOut":
        if said is None:
            return cls()
        return cls(said.words, said.accepts_synced, said.accepted_by, said.accepted_at)


class ProofOffer(msgspec.Struct, frozen=True):
    """Two ways to sign the same: `options` and `ticket` for a passkey; `bytes` (base64) for a
    certificate of ICP-Brasil. `hash` is their SHA-256."""

    to_sign: ToSign
    hash: str
    bytes: str
    ticket: str
    options: dict[str, Any]


class ProofIn(msgspec.Struct, frozen=True):
    """Either `ticket` with `credential`, the JSON form of the answer of a passkey, or `cades`, a
    detached CMS signature (DER, in base64)."""

    to_sign: ToSign
    ticket: str | None = None
    credential: dict[str, Any] | None = None
    cades: str | None = None


class ProofOut(msgspec.Struct, frozen=True):
    """It counts for one signature, until `good_until`."""

    id: int
    kind: str
    good_until: datetime


@post(f"{_PASSKEYS}/options", action="passkey.add", resource="passkey", status_code=200)
async def offer_passkey(work: UnitOfWork) -> Offer:
    """What a browser needs to make a passkey for signing."""
    return Offer(*await passkeys.offer(work))


@post(_PASSKEYS, action="passkey.add", resource="passkey", status_code=201)
async def add_passkey(data: NewPasskey, work: UnitOfWork) -> PasskeyOut:
    """Sign with one more passkey from now on."""
    return PasskeyOut.of(await passkeys.add(work, data.ticket, data.label, data.credential))


@get(_PASSKEYS, action="passkey.list", resource="passkey")
async def list_passkeys(work: UnitOfWork) -> list[PasskeyOut]:
    """One's own passkeys."""
    person = passkeys.signer_of(work, "passkey.list")
    return [PasskeyOut.of(one) for one in await passkeys.of(work, person)]


@delete(f"{_PASSKEYS}/{{passkey_id:int}}", action="passkey.remove", resource="passkey")
async def remove_passkey(passkey_id: int, work: UnitOfWork) -> None:
    """Sign with it no more."""
    await passkeys.remove(work, passkey_id)


@get(_ACCEPTANCE, action="signing_acceptance.read", resource="signing_acceptance")
async def read_acceptance(work: UnitOfWork) -> AcceptanceOut:
    """Whether passkey signatures count as advanced here."""
    return AcceptanceOut.of(await current_acceptance(work))


@put(_ACCEPTANCE, action="signing_acceptance.record", resource="signing_acceptance")
async def record_acceptance(data: AcceptanceIn, work: UnitOfWork) -> AcceptanceOut:
    """Say that they do, in the organisation's words."""
    said = await acceptance.record(work, data.words, accepts_synced=data.accepts_synced)
    return AcceptanceOut.of(said)


@delete(_ACCEPTANCE, action="signing_acceptance.withdraw", resource="signing_acceptance")
async def withdraw_acceptance(work: UnitOfWork) -> None:
    """Say that they do no more."""
    await acceptance.withdraw(work)


@post(
    "/signing/proofs/options",
    action="signing_proof.give",
    resource="signing_proof",
    status_code=200,
)
async def offer_proof(data: ToSign, work: UnitOfWork) -> ProofOffer:
    """What a passkey or a certificate needs to sign this; it is `to_sign` of the refusal."""
    to_sign = giving.own_to_sign(work, data)
    ticket, options = await giving.offer(work, to_sign)
    written = base64.b64encode(to_sign.canonical).decode()
    return ProofOffer(to_sign, to_sign.hash.hex(), written, ticket, options)


@post("/signing/proofs", action="signing_proof.give", resource="signing_proof", status_code=201)
async def give_proof(data: ProofIn, work: UnitOfWork) -> ProofOut:
    """Sign with a key of one's own; then send the request again that needs the signature."""
    to_sign = giving.own_to_sign(work, data.to_sign)
    if data.cades is not None:
        proof = await cades.give(work, to_sign, data.cades)
    elif data.ticket is not None and data.credential is not None:
        proof = await giving.give_by_passkey(work, to_sign, data.ticket, data.credential)
    else:
        raise InvalidInput({"credential": "send ticket and credential of a passkey, or cades"})
    return ProofOut(proof.id, proof.kind, proof.given_at + GOOD_FOR)


routes = [
    offer_passkey,
    add_passkey,
    list_passkeys,
    remove_passkey,
    read_acceptance,
    record_acceptance,
    withdraw_acceptance,
    offer_proof,
    give_proof,
]
