"""One value of one row is changed: every column of an event and of a leaf, past all guards."""

from typing import Any

import psycopg
import pytest

from tests.conftest import Cluster
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.tampering.break_in import kept, put_back, superuser, verified

THIRD = "(select event_id from audit.leaves where seq = 2)"

# Another value of the type, as small a change as there can be.
CHANGED = {
    "text": "coalesce({}, '') || 'x'",
    "bigint": "coalesce({}, 0) + 1",
    "smallint": "{} + 1",
    "integer": "{} + 1",
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "{} + interval '1 microsecond'",
    "json": "coalesce({}::text || ' ', '{{}}')::json",
    "bytea": "sha256(coalesce({}, 'x'))",
    "bigint[]": "array_append({}, 7)",
}
CONSTRAINED = {"outcome": "'failed'", "risk_level": "'critical'"}


def columns(house: House, table: str) -> list[tuple[str, str]]:
    return house.ask(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = %s::regclass and attnum > 0 and not attisdropped", f"audit.{table}"
    )  # fmt: skip


@pytest.mark.parametrize("by", ["python", "sql"])
async def test_every_column_of_an_event_is_under_its_hash(house: House, by: str):
    await house.sequence(2, 3)
    event_id = house.ask("select event_id from audit.leaves where seq = 3")[0][0]
    kept(house)
    for column, kind in columns(house, "events"):
        value = CONSTRAINED.get(column, CHANGED[kind].format(column))
        house.tamper(f"update audit.events set {column} = {value} where event_id = '{event_id}'")
        report, found, text = verified(house, by)
        is_key = column in {"event_id", "occurred_at"}
        finding = found["event-missing" if is_key else "event-altered"]
        assert (finding.seq, finding.event_id, finding.count) == (3, str(event_id), 1), column
        assert report.proven is not None
        assert (report.verdict, report.proven.size, report.but) == ("red", 5, 1), column
        assert "still proven: entries 0 to 4 under the head of 5 entries signed" in text
        assert "(but for 1 of them, named above)" in text
        put_back(house)
    assert house.verify().is_green


FOUND_IN_LEAVES = {
    "epoch": ("entry-missing", 3, 5),
    "seq": ("entry-missing", 3, 5),
    "event_id": ("event-missing", 3, 5),
    "occurred_at": ("event-missing", 3, 5),
    "leaf_hash": ("head-root", 2, 2),
    "record_hash": ("record-hash", 3, 5),
}


async def test_every_column_of_a_leaf_is_bound(house: House):
    await house.sequence(2, 3)
    kept(house)
    for column, kind in columns(house, "leaves"):
        value = "seq + 100" if column == "seq" else CHANGED[kind].format(column)
        house.tamper(f"update audit.leaves set {column} = {value} where seq = 3")
        report, found, text = verified(house)
        expected, seq, proven = FOUND_IN_LEAVES[column]
        assert found[expected].seq == seq, column
        if column not in {"epoch", "seq"}:
            assert report.proven is not None
            assert report.proven.size == proven, column
        else:
            assert "still proven: entries 0 to 1 under the head of 2 entries" in text
        put_back(house)
    assert house.verify().is_green


async def test_since_when_is_told_by_the_heads_around_the_entry(house: House):
    await house.sequence(2, 3, 2)
    house.tamper(f"update audit.events set actor_id = 9 where event_id = {THIRD}")
    report, found, text = verified(house)
    finding = found["event-altered"]
    assert finding.good is not None
    assert finding.bad is not None
    assert (finding.good.size, finding.bad.size) == (2, 5)
    assert finding.good.signed_at is not None
    assert f"changed after it was signed in the head of 5 entries signed {finding.bad.signed_at}" \
        in text  # fmt: skip
    assert f"and is not in the head of 2 entries signed {finding.good.signed_at}" in text
    assert report.first == finding


@pytest.mark.parametrize("by", ["python", "sql"])
@pytest.mark.parametrize(
    "change",
    [
        # A null and the null of JSON, two ways to write a list: seen alike, and not the same.
        "before_state = 'null'::json",
        "automated_flags = '[ ]'::json",
        "resource_version = ''::bytea",
        "actor_role = ''",
        "request_id = request_id || chr(1)",
        "data_subject_id = 'null'",
        "data_subject_id = '\\N'",
    ],
)
async def test_values_that_look_alike_are_told_apart(house: House, change: str, by: str):
    await house.sequence(3)
    house.tamper(f"update audit.events set {change} where event_id = {THIRD}")
    _, found, _ = verified(house, by)
    assert found["event-altered"].seq == 2


@pytest.mark.parametrize("by", ["python", "sql"])
async def test_a_time_before_our_era_is_not_the_same_time(house: House, by: str):
    """PostgreSQL writes the year 2026 BC as it writes 2026, unless it is asked for the era."""
    await house.sequence(3)
    ancient = "(replace(occurred_at::text, '+', '+') || ' BC')::timestamptz"
    house.tamper(
        "set local timezone = 'UTC'",
        f"update audit.events set occurred_at = {ancient} where event_id = {THIRD}",
        f"update audit.leaves set occurred_at = {ancient} where seq = 2",
    )
    _, found, _ = verified(house, by)
    assert found["event-altered"].seq == 2


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("update audit.events set actor_id = 9 where event_id = " + THIRD, "event-altered"),
        ("delete from audit.events where event_id = " + THIRD, "event-missing"),
        ("delete from audit.leaves where seq = 4", "head-beyond"),
        ("update audit.batches set frontier[1] = sha256('x') where last_seq = 4", "batch-frontier"),
        ("update audit.batches set root = sha256('x') where last_seq = 4", "batch-root"),
        ("delete from audit.checkpoints where size = 5", None),
        ("update audit.epochs set genesis = sha256('x')", "epoch"),
        ("update audit.epochs set verifier_keys = '{}'", "epoch"),
    ],
)
async def test_a_superuser_past_all_triggers_is_found_too(
    house: House, cluster: Cluster, damage: str, kind: str | None
):
    await house.sequence(2, 3)
    with superuser(cluster, house) as connection:
        connection.execute(damage)  # type: ignore[call-overload]
    report, found, _ = verified(house)
    assert (kind in found) if kind else report.is_green, found
    assert not report.warnings, "the guards stand, and did not help"


async def test_an_owner_is_refused_until_he_switches_the_guards_off(house: House):
    await house.sequence(2)
    statements: list[Any] = [
        "update audit.events set actor_id = 9",
        "delete from audit.leaves",
        "truncate audit.events",
        "update audit.batches set root = sha256('x')",
        "delete from audit.checkpoints",
    ]
    for statement in statements:
        with (
            psycopg.connect(house.owner_url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"only grows|no later head"),
        ):
            connection.execute(statement)
    house.tamper("select 1")
    report, _, text = verified(house)
    assert report.is_green
    assert {warning.kind for warning in report.warnings} == {"guard-off"}
    assert "the triggers only_grows, keeps_all of audit.events are switched off" in text
