"""The verifier's own arithmetic: hashed bytes from stored columns, the tree, the chain.

Nothing here is shared with what writes the log (recording.py, tree.py, leaf.py), so that a fault in
one of them cannot hide itself. The formulas are those of RFC 9162 §2.1.1 and of leaf.py's page.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

import msgspec


class HashedForm(msgspec.Struct, frozen=True):
    """The envelope as it is hashed: the fields stand in the order of their names (RFC 8785 §3.2.3).
    JSON columns stay the very text that is stored: any other byte in them shows."""

    action: str
    actor_device: str | None
    actor_id: str | None
    actor_ip: str | None
    actor_kind: str
    actor_role: str | None
    actor_user_agent: str | None
    after: msgspec.Raw
    automated_flags: msgspec.Raw
    before: msgspec.Raw
    channel: str
    consent_reference: str | None
    data_subject: str | None
    detail: msgspec.Raw
    event_id: str
    event_type: str
    legal_basis: str | None
    occurred_at: str
    on_behalf_of: str | None
    outcome: str
    pii_commitment: str | None
    policy_reference: str | None
    purpose: str | None
    request_id: str | None
    resource_id: str | None
    resource_type: str
    resource_version: str | None
    risk_level: str
    schema_version: int
    tenant_id: str
    writer_id: str
    writer_seq: int


class HashedFormOf2(HashedForm, frozen=True):
    """From version 2 on the form ends with the numbers that the writer took back."""

    writer_void: list[int]


# One expression for each field, in the same order; `e` is audit.events.
FORM = """
  e.action, e.actor_device_fingerprint, e.actor_id::text, e.actor_ip, e.actor_kind, e.actor_role,
  e.actor_user_agent, coalesce(e.after_state::text, 'null'), e.automated_flags::text,
  coalesce(e.before_state::text, 'null'), e.channel, e.consent_reference, e.data_subject_id,
  coalesce(e.event_data::text, 'null'), e.event_id::text, e.event_type, e.lgpd_basis,
  case when e.occurred_at >= '0001-01-01+00' then
    to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else '' end,
  e.on_behalf_of::text, e.outcome, encode(e.pii_commitment, 'hex'), e.policy_reference, e.purpose,
  e.request_id, e.resource_id::text, e.resource_type, encode(e.resource_version, 'hex'),
  e.risk_level, e.schema_version, e.tenant_id::text, e.writer_id, e.writer_seq, e.writer_void
"""
# The same of the view that officers read, which gives digests in hexadecimal.
TRAIL_FORM = (
    FORM.replace("e.occurred_at", 'e."timestamp"')
    .replace("encode(e.pii_commitment, 'hex')", "e.pii_commitment")
    .replace("encode(e.resource_version, 'hex')", "e.resource_version")
)
_RAW = tuple(
    position
    for position, field in enumerate(msgspec.structs.fields(HashedForm))
    if field.type is msgspec.Raw
)

_encode = msgspec.json.Encoder().encode


def canonical_of(columns: Sequence[Any]) -> bytes:
    """JCS(envelope) from the values that `FORM` selects, of any version: the key that version 1
    does not know is absent where its column is null."""
    values = list(columns)
    for position in _RAW:
        values[position] = msgspec.Raw(values[position])
    if values[-1] is None:
        return _encode(HashedForm(*values[:-1]))
    return _encode(HashedFormOf2(*values))


def leaf_of(columns: Sequence[Any]) -> bytes:
    """SHA-256(00 || JCS(envelope)) from the values that `FORM` selects."""
    return sha256(b"\x00" + canonical_of(columns)).digest()


def link_of(previous: bytes, seq: int, leaf: bytes) -> bytes:
    """SHA-256(02 || previous record hash || seq || leaf)."""
    return sha256(b"\x02" + previous + seq.to_bytes(8, "big") + leaf).digest()


def genesis_of(epoch: bytes) -> bytes:
    """SHA-256(04 || JCS(epoch)), which stands before the first link."""
    return sha256(b"\x04" + epoch).digest()


class Spine:
    """The right edge of a tree: the roots of its complete subtrees, the largest first. It gives the
    root of every size that is passed, and the hashes that the stored subtrees must be."""

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size = size
        self.completed: list[tuple[int, int, bytes]] = []
        """Level, position and hash of each subtree on an eighth level; the reader empties it."""
        self._peaks = list(edge)

    @property
    def edge(self) -> tuple[bytes, ...]:
        return tuple(self._peaks)

    def add(self, node: bytes, level: int = 0) -> None:
        """Add the next leaf, or the root of the complete subtree of 2**level leaves that is next:
        the size so far must be a multiple of that."""
        position = self.size >> level
        self.size += 1 << level
        while position & 1:
            node = sha256(b"\x01" + self._peaks.pop() + node).digest()
            position >>= 1
            level += 1
            if not level & 7:
                self.completed.append((level, position, node))
        self._peaks.append(node)

    def root(self) -> bytes:
        """RFC 9162 §2.1.1: the lower peaks are joined first."""
        if not self._peaks:
            return sha256(b"").digest()
        node = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            node = sha256(b"\x01" + peak + node).digest()
        return node


def cover(first: int, until: int) -> Iterator[tuple[int, int]]:
    """Level and position of the complete subtrees that `first` … `until - 1` consist of, the
    largest that fit, from left to right."""
    while first < until:
        level = (until - first).bit_length() - 1
        if first:
            level = min(level, (first & -first).bit_length() - 1)
        yield level, first >> level
        first += 1 << level
