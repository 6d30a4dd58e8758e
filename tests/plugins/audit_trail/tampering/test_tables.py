"""The tables are changed instead of the rows: pieces, types, views, rules, row-level security."""

from typing import Any

import psycopg
import pytest

from tests.conftest import Cluster
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.tampering.break_in import superuser, verified


def month(house: House) -> str:
    """The partition that the events of this test lie in."""
    return str(house.ask("select tableoid::regclass::text from audit.events limit 1")[0][0])


async def test_a_detached_month_is_missing_and_named(house: House):
    await house.sequence(2, 3)
    piece = month(house)
    house.tamper(f"alter table audit.events detach partition {piece}")
    report, found, text = verified(house)
    assert (found["event-missing"].seq, found["event-missing"].count) == (0, 5)
    assert f"{piece} was detached from audit.events" in text
    assert "still proven: entries 0 to 4 under the head of 5 entries" in text
    assert "(but for 5 of them, named above)" in text
    assert report.but == 5


async def test_a_dropped_month_is_missing(house: House):
    await house.sequence(2)
    house.tamper(f"drop table {month(house)}")
    _, found, text = verified(house)
    assert (found["event-missing"].seq, found["event-missing"].count) == (0, 2)
    assert "changed after it was signed in the head of 2 entries" in text


async def test_a_month_moved_to_the_default_partition_is_the_same_month(house: House):
    await house.sequence(2)
    piece = month(house)
    moved = [f"alter table audit.events detach partition {piece}"]
    house.tamper(*moved, f"insert into audit.events select * from {piece}")
    report, found, _ = verified(house)
    assert found == {}, "every event is where its entry looks for it"
    assert "partition-detached" in {warning.kind for warning in report.warnings}


async def test_an_event_slipped_into_the_default_partition_is_outside(house: House):
    await house.sequence(2)
    names = [row[0] for row in house.ask(
        "select attname from pg_attribute where attrelid = 'audit.events'::regclass and attnum > 2"
    )]  # fmt: skip
    house.tamper(
        f"insert into audit.events_default (event_id, occurred_at, {', '.join(names)}) "
        f"select gen_random_uuid(), '1999-01-01 00:00+00', {', '.join(names)} "
        "from audit.events limit 1"
    )
    _, found, text = verified(house)
    assert "event-outside" in found
    assert "the event of 1999-01-01" in text


async def test_an_event_that_stands_twice_is_found(house: House):
    await house.sequence(3)
    piece = month(house)
    house.tamper(
        f"alter table {piece} disable trigger user",
        "alter table audit.events drop constraint events_pkey cascade",
        f"insert into {piece} select * from {piece} where event_id = "
        "(select event_id from audit.leaves where seq = 1)",
    )
    for by in ("python", "sql"):
        _, found, _ = verified(house, by)
        assert found["event-doubled"].seq == 1


@pytest.mark.parametrize(
    ("column", "type_"),
    [("before_state", "jsonb"), ("event_data", "text"), ("actor_role", "varchar(40)")],
)
async def test_a_column_of_another_type_is_named(house: House, column: str, type_: str):
    """As jsonb the stored text would be PostgreSQL's own; as text it could reach into others."""
    await house.sequence(2)
    house.tamper(
        "drop view audit.trail_rows cascade",
        f"alter table audit.events alter column {column} type {type_} using {column}::{type_}",
    )
    _, found, text = verified(house)
    assert "schema-altered" in found
    assert f"audit.events.{column} is " in text


HIDING_VIEW = """
create or replace view audit.trail with (security_barrier = true) as
select * from ({definition}) shown where shown.actor_kind <> 'system'
"""


async def test_a_view_that_hides_rows_from_officers_is_found(house: House):
    await house.sequence(2)
    definition = house.ask("select rtrim(pg_get_viewdef('audit.trail'::regclass), ';')")[0][0]
    house.tamper(HIDING_VIEW.format(definition=definition))
    _, found, text = verified(house)
    assert set(found) == {"view-altered"}
    assert "officers do not see what the log holds" in text
    assert "still proven: entries 0 to 1 under the head of 2 entries" in text


async def test_a_view_that_lies_to_officers_is_found(house: House):
    await house.sequence(2)
    definition = house.ask("select rtrim(pg_get_viewdef('audit.trail'::regclass), ';')")[0][0]
    names = [row[0] for row in house.ask(
        "select attname from pg_attribute where attrelid = 'audit.trail'::regclass and attnum > 0 "
        "order by attnum"
    )]  # fmt: skip
    shown = ", ".join("7::bigint as actor_id" if n == "actor_id" else f'"{n}"' for n in names)
    house.tamper(
        "create or replace view audit.trail with (security_barrier = true) as "
        f"select {shown} from ({definition}) kept"
    )
    _, found, _ = verified(house)
    assert set(found) == {"view-altered"}


async def test_a_view_in_the_place_of_the_events_is_found(house: House):
    await house.sequence(2)
    house.tamper(
        "drop view audit.trail_rows cascade",
        "alter table audit.events rename to events_of_old",
        "create view audit.events as select * from audit.events_of_old",
    )
    _, found, text = verified(house)
    assert "table-replaced" in found
    assert "audit.events is no table any more" in text


async def test_row_level_security_that_hides_rows_from_the_owner_is_found(house: House):
    await house.sequence(2)
    house.tamper(
        "alter table audit.events enable row level security",
        "alter table audit.events force row level security",
        "create policy hidden on audit.events using (false)",
    )
    report, found, text = verified(house)
    assert found["event-missing"].count == 2
    assert "row-level security on audit.events may hide rows" in text
    assert report.verdict == "red"


async def test_guards_switched_off_for_a_role_are_named(house: House, cluster: Cluster):
    await house.sequence(1)
    with superuser(cluster, house) as connection:
        name: Any = connection.info.dbname
        connection.execute(
            psycopg.sql.SQL("alter database {} set session_replication_role = replica").format(
                psycopg.sql.Identifier(name)
            )
        )
    report, _, text = verified(house)
    assert report.is_green
    assert "session_replication_role is set for every role" in text
