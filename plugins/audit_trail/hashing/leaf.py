"""The audit envelope and the three hashes over it: leaf, tree node and record.

The names that people see, from the first data model, against the names that are hashed:

    audit_trail column          envelope
    timestamp                   occurred_at
    event_type                  event_type
    resource_type, resource_id  resource_type, resource_id (with resource_version)
    actor_id, actor_ip          actor_id, actor_ip (with actor_kind, actor_role, on_behalf_of)
    actor_user_agent            actor_user_agent
    actor_device_fingerprint    actor_device
    action                      action (with outcome)
    event_data                  detail
    before_state, after_state   before, after
    lgpd_basis                  legal_basis (with purpose, policy_reference)
    consent_reference           consent_reference
    data_subject_id             data_subject (a keyed reference, never the id)
    risk_level                  risk_level
    automated_flags             automated_flags
    record_hash                 record_hash(), beside the envelope
    previous_record_hash        the record_hash of the row before; never stored

First bytes in use, so that no hash of one kind can be shown as one of another: 00 leaf and 01 node
(RFC 9162 §2.1.1), 02 record, 03 commitment to personal data, 04 epoch.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from plugins.audit_trail.hashing.canonical import LARGEST_INTEGER, NotCanonical, canonical_bytes

HASH_BYTES = 32
SCHEMA_VERSION = 2
"""Of the envelopes that are written today. Those of earlier versions are read for ever."""

Text = Annotated[str, Meta(min_length=1)]
Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Identifier = Annotated[
    str, Meta(pattern=r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
]
Moment = Annotated[
    str,
    Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z"),
]
AuditTag = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_-]*(:[a-z][a-z0-9_-]*){2}\Z")]
Number = Annotated[int, Meta(ge=0, le=LARGEST_INTEGER)]
# A type of their own would promise more than the profile check does: its walk names the path.
State = dict[str, Any]


class EnvelopeRefused(ValueError):
    """The envelope breaks its own types; hashed, it could never be corrected."""


class FirstEnvelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one event says, in version 1. No field has a default: absent and null must not mean two
    things.

    It holds references only. Names, clinical content and free text belong in the erasable part,
    to which `pii_commitment` binds the event (LGPD, art. 18).
    """

    event_id: Identifier
    schema_version: Annotated[int, Meta(ge=1, le=1)]
    occurred_at: Moment
    tenant_id: Text
    event_type: Text
    action: AuditTag
    outcome: Literal["success", "refused", "failed"]
    resource_type: Text
    resource_id: str | None
    resource_version: Digest | None
    actor_id: str | None
    actor_kind: Text
    actor_role: str | None
    on_behalf_of: str | None
    actor_ip: str | None
    actor_user_agent: str | None
    actor_device: str | None
    channel: Text
    request_id: str | None
    purpose: str | None
    legal_basis: str | None
    consent_reference: str | None
    data_subject: str | None
    policy_reference: str | None
    risk_level: Literal["low", "medium", "high", "critical"]
    automated_flags: list[str]
    before: State | None
    after: State | None
    detail: State | None
    pii_commitment: Digest | None
    writer_id: Text
    writer_seq: Number


class Envelope(FirstEnvelope, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one event says, in version 2. `writer_void` holds the numbers that its writer gave out
    and took back, because their transactions were rolled back: their absence is no gap."""

    schema_version: Annotated[int, Meta(ge=2, le=2)]
    writer_void: list[Number]


class Epoch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The record that opens a log: whose it is, how it hashes and signs, what it continues. Its
    `schema_version` is the one that envelopes had on that day; each envelope names its own."""

    origin: Text
    number: Annotated[int, Meta(ge=0, le=LARGEST_INTEGER)]
    opened_at: Moment
    schema_version: Annotated[int, Meta(ge=1, le=LARGEST_INTEGER)]
    hash_algorithm: Literal["sha-256"]
    verifier_keys: list[str]
    closing_checkpoint: str | None


def envelope_bytes(envelope: FirstEnvelope) -> bytes:
    """Return the bytes that the leaf hashes; raises `EnvelopeRefused` or `NotCanonical`."""
    return _checked_bytes(envelope)


def envelope_from(canonical: bytes) -> FirstEnvelope:
    """Read an envelope of any version back, if these are the very bytes that it hashes."""
    try:
        version = msgspec.json.decode(canonical, type=_Version).schema_version
        envelope = msgspec.json.decode(canonical, type=_VERSIONS.get(version, Envelope))
    except msgspec.DecodeError as fault:
        raise EnvelopeRefused(f"These bytes are no audit envelope: {fault}.") from None
    if envelope_bytes(envelope) != canonical:
        raise EnvelopeRefused("These bytes are not in canonical form (RFC 8785).")
    return envelope


def leaf_hash(envelope: FirstEnvelope) -> bytes:
    """Return SHA-256(00 || JCS(envelope)), the leaf of RFC 9162 §2.1.1."""
    return leaf_hash_of(envelope_bytes(envelope))


def leaf_hash_of(canonical: bytes) -> bytes:
    """Return the leaf hash of bytes that are canonical already."""
    return sha256(b"\x00" + canonical).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(01 || left || right), the inner node of RFC 9162 §2.1.1."""
    return sha256(b"\x01" + left + right).digest()


def record_hash(previous: bytes, seq: int, leaf: bytes) -> bytes:
    """Return SHA-256(02 || previous || seq || leaf): the link to the row before.

    `seq` is the leaf's index in the tree, from 0; the row before the first is the genesis.
    """
    if len(previous) != HASH_BYTES or len(leaf) != HASH_BYTES:
        raise ValueError(f"A record links two hashes of {HASH_BYTES} bytes each.")
    return sha256(b"\x02" + previous + seq.to_bytes(8, "big") + leaf).digest()


def record_hashes(previous: bytes, first_seq: int, leaves: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the record hash of each leaf in turn; `previous` belongs to `first_seq - 1`."""
    for seq, leaf in enumerate(leaves, first_seq):
        previous = record_hash(previous, seq, leaf)
        yield previous


def genesis_hash(epoch: Epoch) -> bytes:
    """Return SHA-256(04 || JCS(epoch)), which stands before the first record of the epoch."""
    return sha256(b"\x04" + _checked_bytes(epoch)).digest()


class _Version(msgspec.Struct):
    schema_version: int


_VERSIONS: dict[int, type[FirstEnvelope]] = {1: FirstEnvelope, 2: Envelope}


def _checked_bytes(record: FirstEnvelope | Epoch) -> bytes:
    fields = msgspec.structs.asdict(record)
    canonical = canonical_bytes(fields)
    # A frozen struct does not check its types when Python builds it; what is hashed must be right.
    try:
        checked = msgspec.convert(fields, type(record))
    except msgspec.ValidationError as fault:
        raise EnvelopeRefused(f"The {_named(record)} is refused: {fault}.") from None
    _check_moment(checked.occurred_at if isinstance(checked, FirstEnvelope) else checked.opened_at)
    return canonical


def _named(record: FirstEnvelope | Epoch) -> str:
    return "epoch" if isinstance(record, Epoch) else "envelope"


def _check_moment(written: str) -> None:
    try:
        datetime.fromisoformat(written)
    except ValueError:
        raise NotCanonical((), f"{written} is no moment in the calendar.") from None
