"""The first implementation: the hashed bytes from the lines that COPY gives, in Python alone.

Shares nothing with what writes the log, nor with the second implementation (in_sql.py). A line is
cut at its tabs and each field is written as RFC 8785 has it. Most fields repeat from row to row, so
what a field becomes is remembered; that is what makes it fast.
"""

import re
from hashlib import sha256
from operator import itemgetter

import msgspec

NULL = b"\\N"
_MOST_REMEMBERED = 50_000
# What stands for itself in JSON and in COPY alike.
_PLAIN = bytes(range(0x20, 0x7F)).replace(b'"', b"").replace(b"\\", b"")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_UNESCAPED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_HEX = 3  # COPY doubles the backslash of \\x
_UTC_MOMENT = 29
"""Characters of `2026-01-02 03:04:05.000006+00`; zeros at the end of the fraction are left out."""


class _Quoted(dict[bytes, bytes]):
    """A field as JSON text or null, made once."""

    def __missing__(self, field: bytes) -> bytes:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        made = self[field] = _quoted(field)
        return made


def _quoted(field: bytes) -> bytes:
    if field == NULL:
        return b"null"
    return msgspec.json.encode(_read(field).decode())


def _read(field: bytes) -> bytes:
    """The value behind a field of COPY."""
    if b"\\" not in field:
        return field
    return _ESCAPED.sub(lambda found: _UNESCAPED.get(found[1], found[1]), field)


def _text(field: bytes) -> bytes:
    """Text that seldom repeats."""
    return b'"%b"' % field if not field.translate(None, _PLAIN) else _quoted(field)


def _json(field: bytes) -> bytes:
    """JSON is hashed as it is stored. Its null is not the null of a column that holds nothing."""
    if field == NULL:
        return b"null"
    return b"" if field == b"null" else _read(field)


def _moment(field: bytes) -> bytes:
    # Whatever has not this form (years of five digits, BC, infinity) makes bytes of no event.
    return b'"%bT%bZ"' % (
        field[:10],
        field[11:-3] if len(field) == _UTC_MOMENT else _whole_fraction(field[11:-3]),
    )


def _whole_fraction(time: bytes) -> bytes:
    seconds, _, fraction = time.partition(b".")
    return b"%b.%b" % (seconds, fraction.ljust(6, b"0"))


# What seldom repeats is written in its own way; all other fields are remembered.
_OWN = {
    "after": "after_state",
    "automated_flags": "automated_flags",
    "before": "before_state",
    "detail": "event_data",
    "event_id": "event_id",
    "occurred_at": "occurred_at",
    "pii_commitment": "pii_commitment",
    "request_id": "request_id",
    "resource_id": "resource_id",
    "resource_version": "resource_version",
    "schema_version": "schema_version",
    "writer_seq": "writer_seq",
}
_REMEMBERED = {
    "action": "action",
    "actor_device": "actor_device_fingerprint",
    "actor_id": "actor_id",
    "actor_ip": "actor_ip",
    "actor_kind": "actor_kind",
    "actor_role": "actor_role",
    "actor_user_agent": "actor_user_agent",
    "channel": "channel",
    "consent_reference": "consent_reference",
    "data_subject": "data_subject_id",
    "event_type": "event_type",
    "legal_basis": "lgpd_basis",
    "on_behalf_of": "on_behalf_of",
    "outcome": "outcome",
    "policy_reference": "policy_reference",
    "purpose": "purpose",
    "resource_type": "resource_type",
    "risk_level": "risk_level",
    "tenant_id": "tenant_id",
    "writer_id": "writer_id",
}
_KEYS = [*_OWN, *_REMEMBERED]
_SORTED = sorted(_KEYS)
_OWN_FIELDS = len(_OWN)
_in_order = itemgetter(*(_KEYS.index(key) for key in _SORTED))


def _template(*more: str) -> list[bytes]:
    """The leaf's first byte and the keys, with an empty place behind each key."""
    pieces = []
    for position, key in enumerate((*_SORTED, *more)):
        pieces += [b'%b"%b":' % (b"," if position else b"\0{", key.encode()), b""]
    return [*pieces, b"}"]


_FIRST, _SECOND = _template(), _template("writer_void")

COLUMNS = ", ".join(
    f"e.{column}" for column in (*_OWN.values(), *_REMEMBERED.values(), "writer_void")
)
"""What a line must hold, in this order, for a row `e` of audit.events."""
POSITION_OF_ID = list(_OWN).index("event_id")
"""Where in it the event's id stands, which is null only when there is no event."""


class Rebuilder:
    """Makes leaf hashes of lines; it remembers what fields become."""

    def __init__(self) -> None:
        self._quoted = _Quoted()

    def leaf(self, fields: list[bytes]) -> bytes:
        """SHA-256(00 || JCS(envelope)) from the fields of `COLUMNS`."""
        return sha256(b"".join(self._pieces(fields))).digest()

    def canonical(self, fields: list[bytes]) -> bytes:
        """JCS(envelope) from the fields of `COLUMNS`."""
        return b"".join(self._pieces(fields))[1:]

    def _pieces(self, fields: list[bytes]) -> list[bytes]:
        (after, flags, before, detail, event_id, moment, commitment, request, resource, version,
         *numbers) = fields[:_OWN_FIELDS]  # fmt: skip
        # A call costs more than a look: most of these are null.
        values = [
            b"null" if after == NULL else _json(after),
            flags if flags == b"[]" else _json(flags),
            b"null" if before == NULL else _json(before),
            b"null" if detail == NULL else _json(detail),
            b'"%b"' % event_id,
            _moment(moment),
            b"null" if commitment == NULL else b'"%b"' % commitment[_HEX:],
            _text(request),
            b"null" if resource == NULL else b'"%b"' % resource,
            b"null" if version == NULL else b'"%b"' % version[_HEX:],
            *numbers,
            *map(self._quoted.__getitem__, fields[_OWN_FIELDS:-1]),
        ]
        void = fields[-1]
        if void == NULL:
            pieces = _FIRST.copy()
            pieces[1::2] = _in_order(values)
        else:
            pieces = _SECOND.copy()
            pieces[1::2] = (*_in_order(values), b"[%b]" % void[1:-1])
        return pieces
