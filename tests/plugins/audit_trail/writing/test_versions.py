"""Envelopes of every version stay verifiable: each has frozen bytes, and rows that give them."""

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from plugins.audit_trail.hashing import leaf
from plugins.audit_trail.hashing.leaf import Envelope, EnvelopeRefused, FirstEnvelope
from plugins.audit_trail.verification.rebuild import FORM, canonical_of
from plugins.audit_trail.verification.report import Report
from tests.plugins.audit_trail.conftest import House

DATA = Path(__file__).parent.parent / "data"
FIRST = json.loads((DATA / "leaves.json").read_text())["leaves"]
SECOND = json.loads((DATA / "leaves-2.json").read_text())["leaves"]
# One of the first form has an id that no event of the product ever had.
STORABLE = [*(vector for vector in FIRST if vector["envelope"]["resource_id"] != ""), *SECOND]
by_name = pytest.mark.parametrize("vector", SECOND, ids=[vector["name"] for vector in SECOND])

_RENAMED = {
    "actor_device": "actor_device_fingerprint",
    "legal_basis": "lgpd_basis",
    "data_subject": "data_subject_id",
    "before": "before_state",
    "after": "after_state",
    "detail": "event_data",
}


@by_name
def test_the_second_form_is_frozen(vector: dict[str, Any]):
    written = leaf.envelope_bytes(Envelope(**vector["envelope"]))
    assert written.hex() == vector["canonical"]
    assert sha256(b"\0" + written).hexdigest() == vector["leaf_hash"]
    assert leaf.envelope_from(written) == Envelope(**vector["envelope"])


@by_name
def test_the_new_key_is_the_last(vector: dict[str, Any]):
    """Whoever adds it to a version-1 form by hand may append it."""
    keys = list(json.loads(bytes.fromhex(vector["canonical"])))
    assert keys == sorted(Envelope.__struct_fields__)
    assert keys[-1] == "writer_void"


def test_each_version_has_exactly_its_own_keys():
    first, second = (vectors[0]["envelope"] for vectors in (FIRST, SECOND))
    for kind, fields in ((FirstEnvelope, first | {"schema_version": 2}),
                         (Envelope, second | {"schema_version": 1})):  # fmt: skip
        with pytest.raises(EnvelopeRefused, match="schema_version"):
            leaf.envelope_bytes(kind(**fields))
    for fields in (first | {"writer_void": []}, second | {"schema_version": 1}):
        with pytest.raises(EnvelopeRefused, match="unknown field `writer_void`"):
            leaf.envelope_from(_json(fields))
    with pytest.raises(EnvelopeRefused, match="missing required field `writer_void`"):
        leaf.envelope_from(_json(first | {"schema_version": 2}))


@pytest.mark.parametrize("void", [None, [-1], ["1"], [None], [[1]]])
def test_only_numbers_are_taken_back(void: Any):
    with pytest.raises(EnvelopeRefused, match="writer_void"):
        leaf.envelope_bytes(Envelope(**SECOND[0]["envelope"] | {"writer_void": void}))


async def test_rows_of_both_versions_give_the_bytes_that_were_hashed(house: House):
    with psycopg.connect(house.owner_url) as connection:
        for vector in STORABLE:
            keep(connection, vector)
    rows = house.ask(f"select e.event_id::text, {FORM} from audit.events e")
    rebuilt = {event_id: canonical_of(columns).hex() for event_id, *columns in rows}
    known = {v["envelope"]["event_id"]: v["canonical"] for v in STORABLE}
    assert rebuilt == known
    await house.sequence(2)
    assert house.ask("select distinct schema_version from audit.events order by 1") == [(1,), (2,)]
    assert beside_values(house.verify()) == []


@pytest.mark.parametrize(
    ("version", "change"),
    [
        (1, "writer_void = '{}'"),
        (1, "schema_version = 2, writer_void = '{}'"),
        (2, "writer_void = null"),
        (2, "schema_version = 1, writer_void = null"),
        (2, "writer_void = '{4}'"),
        (2, "writer_void = '{null}'"),
        (2, "writer_void = '{{1}}'"),
    ],
)
async def test_a_row_that_pretends_to_be_of_another_version_is_found(
    house: House, version: int, change: str
):
    with psycopg.connect(house.owner_url) as connection:
        keep(connection, FIRST[0])
    await house.sequence(1)
    house.tamper(f"update audit.events set {change} where schema_version = {version}")
    assert beside_values(house.verify()) == ["event-altered"]


def keep(connection: psycopg.Connection[Any], vector: dict[str, Any]) -> None:
    """Insert the event as its version did, and queue it."""
    said = {_RENAMED.get(name, name): value for name, value in vector["envelope"].items()}
    for name, value in said.items():
        if name in ("before_state", "after_state", "event_data", "automated_flags"):
            written = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            said[name] = None if value is None else written
        elif name in ("resource_version", "pii_commitment") and value is not None:
            said[name] = bytes.fromhex(value)
    names = ", ".join(said)
    places = ", ".join(f"%({name})s" for name in said)
    connection.execute(f"insert into audit.events ({names}) values ({places})", said)
    moment = datetime.fromisoformat(vector["envelope"]["occurred_at"])
    connection.execute(
        "insert into audit.pending (event_id, occurred_at, leaf_hash) values (%s, %s, %s)",
        [said["event_id"], moment, bytes.fromhex(vector["leaf_hash"])],
    )
    # As the migration does with what the version before left in the queue.
    connection.execute("insert into audit.unsealed values (%s)", [said["event_id"]])


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def beside_values(report: Report) -> list[str]:
    """What was found apart from personal values: the vectors commit to some that nobody has."""
    kinds = [finding.kind for finding in report.findings]
    return [kind for kind in kinds if kind != "personal-missing"]
