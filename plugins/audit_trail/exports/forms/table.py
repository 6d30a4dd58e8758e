"""events.csv: RFC 4180, UTF-8, a header, the columns of the first data model.

A spreadsheet runs a cell that begins like a formula; such a cell gets an apostrophe before it,
which spreadsheets do not show.
"""

import csv
import io
from collections.abc import Mapping
from typing import Any

import msgspec

from plugins.audit_trail.exports.reading import Entry

# Column of the first data model against the key of the envelope.
_COLUMNS = {
    "event_id": "event_id",
    "timestamp": "occurred_at",
    "event_type": "event_type",
    "action": "action",
    "outcome": "outcome",
    "resource_type": "resource_type",
    "resource_id": "resource_id",
    "resource_version": "resource_version",
    "actor_id": "actor_id",
    "actor_kind": "actor_kind",
    "actor_role": "actor_role",
    "on_behalf_of": "on_behalf_of",
    "actor_ip": "actor_ip",
    "actor_user_agent": "actor_user_agent",
    "actor_device_fingerprint": "actor_device",
    "channel": "channel",
    "request_id": "request_id",
    "purpose": "purpose",
    "lgpd_basis": "legal_basis",
    "consent_reference": "consent_reference",
    "data_subject_id": "data_subject",
    "policy_reference": "policy_reference",
    "risk_level": "risk_level",
    "automated_flags": "automated_flags",
    "event_data": "detail",
    "before_state": "before",
    "after_state": "after",
}
_AFTER = ("epoch", "seq", "leaf_hash", "record_hash", "previous_record_hash")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_PERSONAL = frozenset({"actor_ip", "actor_user_agent", "actor_device"})

_json = msgspec.json.Encoder(order="sorted").encode


def cells_of(entry: Entry, event: Mapping[str, Any], opened: Mapping[str, Any]) -> bytes:
    """One record, with its CRLF."""
    cells = [
        _cell((opened.get(key) if key in _PERSONAL else None) or event[key])
        for key in _COLUMNS.values()
    ]
    place = (entry.epoch, entry.seq, entry.leaf, entry.links[1], entry.links[0])
    return _record([*cells, *map(_cell, place)])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    written = value if isinstance(value, str) else _json(value).decode()
    return "'" + written if written.startswith(_FORMULA) else written


def _record(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


HEADER = _record([*_COLUMNS, *_AFTER])
