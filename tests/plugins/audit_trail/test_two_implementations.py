"""Python and PostgreSQL make the same bytes of every value that the profile allows, and both make
those that the writer hashed."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any
from unicodedata import is_normalized
from uuid import UUID

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.host import Addresses
from plugins.audit_trail.hashing.canonical import LARGEST_INTEGER, canonical_bytes, timestamp
from plugins.audit_trail.hashing.leaf import Envelope, FirstEnvelope, envelope_bytes
from plugins.audit_trail.verification.copying import SETTINGS, lines
from plugins.audit_trail.verification.in_python import COLUMNS, Rebuilder
from plugins.audit_trail.verification.in_sql import CANONICAL
from plugins.audit_trail.verification.rebuild import FORM, canonical_of

# Control characters, quotes, backslashes, COPY's own marks, beyond ASCII, beyond the first plane.
AWKWARD = ["", "\\N", "null", "\\", '"', "\t", "\n", "\r\n", "\x01\x1f\x7f", "\\x41", "a\\.b",
           "ção", "\u2028", "😀", "</script>", "{}", "[1]"]  # fmt: skip
texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
).filter(lambda text: is_normalized("NFC", text))
some_texts = texts.filter(bool)
integers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
ids = st.integers(-(2**63), 2**63 - 1).map(str)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)
states = st.none() | st.dictionaries(keys, values, max_size=4)
digests = st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex)
moments = st.datetimes(timezones=st.just(UTC)).map(timestamp)
seqs = st.integers(0, LARGEST_INTEGER)


def deep(levels: int) -> dict[str, Any]:
    state: dict[str, Any] = {"end": "\\\t😀"}
    for _ in range(levels):
        state = {"a": state}
    return state


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "event_id": st.uuids().map(str),
    "occurred_at": moments,
    "tenant_id": ids,
    "event_type": some_texts,
    "action": st.just("content:post:publish"),
    "outcome": st.sampled_from(["success", "refused", "failed"]),
    "resource_type": some_texts,
    "resource_id": st.none() | ids,
    "resource_version": digests,
    "actor_id": st.none() | ids,
    "actor_kind": some_texts,
    "on_behalf_of": st.none() | ids,
    "channel": some_texts,
    "risk_level": st.sampled_from(["low", "medium", "high", "critical"]),
    "automated_flags": st.lists(texts, max_size=3),
    "before": states,
    "after": states | st.just(deep(60)),
    "detail": states,
    "pii_commitment": digests,
    "writer_id": some_texts,
    "writer_seq": seqs,
}
OPTIONAL = ("actor_role", "actor_ip", "actor_user_agent", "actor_device", "request_id", "purpose",
            "legal_basis", "consent_reference", "data_subject", "policy_reference")  # fmt: skip
FIELDS |= dict.fromkeys(OPTIONAL, st.none() | texts)
first = st.builds(FirstEnvelope, schema_version=st.just(1), **FIELDS)
second = st.builds(
    Envelope, schema_version=st.just(2), writer_void=st.lists(seqs, max_size=3), **FIELDS
)
COLUMN = {"actor_device": "actor_device_fingerprint", "before": "before_state",
          "after": "after_state", "detail": "event_data", "legal_basis": "lgpd_basis",
          "data_subject": "data_subject_id"}  # fmt: skip


@pytest.fixture
def connection(database: Addresses) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.owner) as opened:
        opened.execute(SETTINGS)
        opened.execute("create temp table event (like audit.events)")
        yield opened
        opened.rollback()


def _stored(envelope: FirstEnvelope) -> dict[str, Any]:
    said = msgspec.structs.asdict(envelope)
    for name in ("before", "after", "detail", "automated_flags"):
        said[name] = None if said[name] is None else canonical_bytes(said[name]).decode()
    for name in ("resource_version", "pii_commitment"):
        said[name] = None if said[name] is None else bytes.fromhex(said[name])
    for name in ("tenant_id", "resource_id", "actor_id", "on_behalf_of"):
        said[name] = None if said[name] is None else int(said[name])
    said["event_id"] = UUID(said["event_id"])
    return {COLUMN.get(name, name): value for name, value in said.items()}


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(envelope=first | second)
def test_three_ways_to_the_same_bytes(connection: psycopg.Connection[Any], envelope: FirstEnvelope):
    row = _stored(envelope)
    connection.execute("truncate event")
    marks = ", ".join(f"%({name})s" for name in row)
    connection.execute(f"insert into event ({', '.join(row)}) values ({marks})", row)
    [line] = lines(connection, f"select {COLUMNS} from event e")
    rebuilder, fields = Rebuilder(), line.split(b"\t")
    hashed = envelope_bytes(envelope)
    assert rebuilder.canonical(fields) == hashed
    assert rebuilder.canonical(fields) == hashed, "what is remembered is the same"
    [(text,)] = connection.execute(f"select {CANONICAL} from event e").fetchall()
    assert text.encode() == hashed
    [columns] = connection.execute(f"select {FORM} from event e").fetchall()
    assert canonical_of(columns) == hashed
