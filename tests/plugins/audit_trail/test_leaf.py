"""The hashed bytes of an event are frozen: these vectors must hold for as long as any log lives."""

import copy
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.audit_trail.hashing import leaf
from plugins.audit_trail.hashing.canonical import NotCanonical
from plugins.audit_trail.hashing.leaf import EnvelopeRefused, Epoch
from plugins.audit_trail.hashing.leaf import FirstEnvelope as Envelope

VECTORS = json.loads((Path(__file__).parent / "data" / "leaves.json").read_text())
NULLABLE = {name for name, value in VECTORS["leaves"][1]["envelope"].items() if value is None}
by_name = {vector["name"]: vector for vector in VECTORS["leaves"]}
each_vector = pytest.mark.parametrize("vector", VECTORS["leaves"], ids=by_name.keys())
same_every_time = settings(derandomize=True, deadline=None, database=None)


def an_envelope(**changes) -> Envelope:
    return Envelope(**{**copy.deepcopy(VECTORS["leaves"][0]["envelope"]), **changes})


@each_vector
def test_the_canonical_bytes_are_frozen(vector):
    assert leaf.envelope_bytes(Envelope(**vector["envelope"])).hex() == vector["canonical"]


@each_vector
def test_the_leaf_hash_is_frozen(vector):
    assert leaf.leaf_hash(Envelope(**vector["envelope"])).hex() == vector["leaf_hash"]
    assert sha256(b"\0" + bytes.fromhex(vector["canonical"])).hexdigest() == vector["leaf_hash"]


@each_vector
def test_the_standard_library_alone_makes_the_same_bytes(vector):
    written = json.dumps(
        vector["envelope"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert written.encode().hex() == vector["canonical"]


def test_the_chain_of_records_is_frozen():
    genesis = leaf.genesis_hash(Epoch(**VECTORS["epoch"]))
    assert genesis.hex() == VECTORS["genesis_hash"]
    assert sha256(b"\x04" + bytes.fromhex(VECTORS["epoch_canonical"])).digest() == genesis
    leaves = [bytes.fromhex(vector["leaf_hash"]) for vector in VECTORS["leaves"]]
    records = list(leaf.record_hashes(genesis, 0, leaves))
    assert [record.hex() for record in records] == [v["record_hash"] for v in VECTORS["leaves"]]
    assert leaf.record_hash(records[0], 1, leaves[1]) == records[1]


def test_a_chain_goes_on_from_any_record():
    leaves = [bytes([n]) * 32 for n in range(9)]
    whole = list(leaf.record_hashes(bytes(32), 0, leaves))
    assert list(leaf.record_hashes(whole[3], 4, leaves[4:])) == whole[4:]


def test_a_record_depends_on_its_place_its_leaf_and_the_one_before():
    known = leaf.record_hash(bytes(32), 1, bytes(32))
    assert known != leaf.record_hash(bytes(32), 2, bytes(32))
    assert known != leaf.record_hash(bytes(32), 1, bytes(31) + b"\1")
    assert known != leaf.record_hash(bytes(31) + b"\1", 1, bytes(32))
    assert known == sha256(b"\2" + bytes(32) + bytes(7) + b"\1" + bytes(32)).digest()


@pytest.mark.parametrize(("previous", "entry"), [(b"", bytes(32)), (bytes(33), bytes(31))])
def test_a_record_links_whole_hashes_only(previous, entry):
    with pytest.raises(ValueError, match="32 bytes"):
        leaf.record_hash(previous, 0, entry)


@each_vector
def test_an_envelope_is_read_back_from_its_bytes(vector):
    envelope = leaf.envelope_from(bytes.fromhex(vector["canonical"]))
    assert envelope == Envelope(**vector["envelope"])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b'"actor_id":"7",', b"", "missing required field `actor_id`"),
        (b'"actor_id":"7",', b'"actor_id":"7","actor_name":"x",', "unknown field `actor_name`"),
        (b'"actor_id":"7",', b'"actor_id":"7","actor_id":"7",', "canonical form"),
        (b'"actor_id":"7",', b'"actor_id": "7",', "canonical form"),
        (b'"actor_id":"7",', b'"actor_id":7,', "Expected `str | null`"),
        (b'"writer_seq":0}', b'"writer_seq":0.0}', "Expected `int`|canonical form"),
        (b'"writer_seq":0}', b'"writer_seq":0', "truncated"),
    ],
)
def test_bytes_that_are_not_exactly_an_envelope_are_refused(old, new, fault):
    canonical = bytes.fromhex(VECTORS["leaves"][0]["canonical"])
    assert old in canonical
    with pytest.raises(EnvelopeRefused, match=fault.replace(" | ", r" \| ")):
        leaf.envelope_from(canonical.replace(old, new))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_id", "0199C000-0000-7000-8000-000000000001"),
        ("event_id", "0199c000-0000-7000-8000-000000000001\n"),
        ("schema_version", 0),
        ("schema_version", True),
        ("occurred_at", "2026-01-02T03:04:05Z"),
        ("occurred_at", "2026-01-02T03:04:05.000006+00:00"),
        ("tenant_id", 1),
        ("tenant_id", ""),
        ("action", "content:post"),
        ("action", "content:post:publish:now"),
        ("action", "Content:post:publish"),
        ("outcome", "ok"),
        ("risk_level", "none"),
        ("resource_version", "5A" * 32),
        ("resource_version", "5a" * 31),
        ("pii_commitment", ""),
        ("automated_flags", [1]),
        ("automated_flags", None),
        ("before", []),
        ("detail", "free text"),
        ("writer_seq", -1),
    ],
)
def test_an_envelope_that_breaks_its_types_is_not_hashed(field, value):
    with pytest.raises(EnvelopeRefused, match=rf"\$\.{field}"):
        leaf.leaf_hash(an_envelope(**{field: value}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("occurred_at", "2026-02-30T03:04:05.000006Z"),
        ("occurred_at", "2026-01-02T24:61:05.000006Z"),
        ("writer_seq", 2**53),
        ("detail", {"dose": 0.5}),
        ("after", {"_thumbnail_id": 1}),
        ("actor_user_agent", "nul\0"),
    ],
)
def test_an_envelope_outside_the_profile_is_not_hashed(field, value):
    with pytest.raises(NotCanonical):
        leaf.leaf_hash(an_envelope(**{field: value}))


@pytest.mark.parametrize("field", Envelope.__struct_fields__)
def test_no_field_may_be_left_out(field):
    fields = {**VECTORS["leaves"][0]["envelope"]}
    del fields[field]
    with pytest.raises(TypeError, match=field):
        Envelope(**fields)


@pytest.mark.parametrize("field", sorted(set(Envelope.__struct_fields__) - NULLABLE))
def test_null_is_refused_where_a_value_is_owed(field):
    with pytest.raises(EnvelopeRefused, match=field):
        leaf.leaf_hash(an_envelope(**{field: None}))


@pytest.mark.parametrize("field", sorted(set(Envelope.__struct_fields__) - {"schema_version"}))
def test_every_field_is_part_of_the_leaf(field):
    first = an_envelope()
    other = {
        "event_id": "0199c000-0000-7000-8000-00000000000f",
        "occurred_at": "2026-01-02T03:04:05.000007Z",
        "outcome": "failed",
        "resource_version": "5b" * 32,
        "risk_level": "medium",
        "automated_flags": ["after_hours", "first_publish"],
        "before": {},
        "after": None,
        "detail": {"objections": [], "nothing": None},
        "pii_commitment": "0e" * 32,
        "writer_seq": 1,
    }
    changed = other.get(field, f"{getattr(first, field)}-other")
    assert leaf.leaf_hash(an_envelope(**{field: changed})) != leaf.leaf_hash(first)


@same_every_time
@given(st.data())
def test_any_flipped_bit_of_the_bytes_is_seen(data):
    canonical = bytearray.fromhex(VECTORS["leaves"][0]["canonical"])
    known = leaf.leaf_hash_of(bytes(canonical))
    place = data.draw(st.integers(0, len(canonical) * 8 - 1))
    canonical[place // 8] ^= 1 << place % 8
    assert leaf.leaf_hash_of(bytes(canonical)) != known


def test_leaf_node_and_record_never_share_a_hash():
    left, right = bytes(32), b"\1" * 32
    assert leaf.node_hash(left, right) == sha256(b"\1" + left + right).digest()
    assert leaf.node_hash(left, right) != leaf.leaf_hash_of(left + right)
    assert leaf.node_hash(left, right) != leaf.node_hash(right, left)
