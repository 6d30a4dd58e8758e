"""Every event is kept in the transaction it belongs to, whatever its values are."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import asyncpg
import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from cms.kernel.actors import Actor, ActorKind
from cms.kernel.events import Outcome, Subject
from plugins.audit_trail.writing.recording import event_id
from tests.plugins.audit_trail.conftest import House, Noted


class Versioned(Noted, frozen=True, kw_only=True):
    version: str

    def subject(self) -> Subject:
        return Subject("post", self.post_id, self.version)


DR_ANA = Actor(ActorKind.PERSON, user_id=7, roles=("author", "medical_professional"))


async def test_an_event_is_a_row_in_the_trail_under_the_names_of_the_data_model(house: House):
    async with house.work(DR_ANA, channel="rest", ip="203.0.113.9", user_agent="curl/8") as work:
        at = work.now
        await work.emit(Noted(post_id=42, before={"title": "Antes"}, after={"title": "Depois"}))
    rows = house.ask(
        "select occurred_at, tenant_id, event_type, action, outcome, resource_type, resource_id,"
        " actor_id, actor_kind, actor_role, actor_ip, actor_user_agent, channel, request_id,"
        " purpose, lgpd_basis, risk_level, automated_flags::text,"
        " before_state::text, after_state::text, event_data::text"
        " from audit.events where action = 'test:post:note'"
    )
    assert rows == [
        (at, house.tenant.id, "noted", "test:post:note", "success", "post", 42, 7, "person",
         "author,medical_professional", None, None, "rest", "request-1", "HOPERAT", "art-7-ii",
         "low", "[]", '{"title":"Antes"}', '{"title":"Depois"}', None)
    ]  # fmt: skip


async def test_a_rollback_leaves_no_event(house: House):
    async def change_my_mind() -> None:
        async with house.work() as work:
            await work.emit(Noted(post_id=1))
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_my_mind()
    assert house.ask("select count(*) from audit.events") == [(0,)]
    assert house.ask("select count(*) from audit.pending") == [(0,)]


async def test_the_events_of_one_transaction_keep_their_order(house: House):
    await house.note(*range(1, 40))
    rows = house.ask("select resource_id from audit.events order by occurred_at, event_id")
    assert [row[0] for row in rows] == list(range(1, 40))
    seqs = house.ask("select writer_seq from audit.events order by occurred_at, event_id")
    assert [b[0] - a[0] for a, b in pairwise(seqs)] == [1] * 38


async def test_an_event_told_while_the_work_is_closing_is_kept_too(house: House):
    async with house.work() as work:
        await work.emit(Noted(post_id=1))

        async def afterthought() -> None:
            await work.emit(Noted(post_id=2))

        work.before_commit("afterthought", afterthought)
    assert house.ask("select resource_id from audit.events order by event_id") == [(1,), (2,)]


async def test_a_unit_of_work_that_commits_twice_tells_everything_once(house: House):
    async with house.work() as work:
        await work.emit(Noted(post_id=1))
        await work.commit()
        await work.emit(Noted(post_id=2))
    assert house.ask("select resource_id from audit.events order by event_id") == [(1,), (2,)]


async def test_a_refusal_and_a_version_that_is_no_digest_are_said(house: House):
    digest = "ab" * 32
    async with house.work() as work:
        await work.emit(Versioned(post_id=1, version=digest, outcome=Outcome.REFUSED))
        await work.emit(Versioned(post_id=1, version="v7"))
    rows = house.ask(
        "select outcome, resource_version, event_data::text from audit.events order by event_id"
    )
    assert rows == [
        ("refused", bytes.fromhex(digest), None),
        ("success", None, '{"resource_version":"v7","version":"v7"}'),
    ]


async def test_the_application_can_neither_read_nor_change_the_tables(house: House):
    await house.note(1)
    for statement in (
        "select * from audit.events",
        "select * from audit.pending",
        "select * from audit.leaves",
        "update audit.events set actor_id = 9",
        "delete from audit.pending",
        "select audit.make_partitions()",
    ):
        with pytest.raises(DBAPIError) as refused:
            async with house.work() as work:
                await work.execute(statement)
        assert isinstance(refused.value.orig.__cause__, asyncpg.InsufficientPrivilegeError)


async def test_even_the_owner_is_stopped_by_default(house: House):
    await house.sequence(1)
    for statement in (
        "update audit.events set actor_id = 9",
        "delete from audit.leaves",
        "truncate audit.events",
        "delete from audit.checkpoints",
    ):
        with (
            psycopg.connect(house.owner_url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"only grows|no later head"),
        ):
            connection.execute(statement)


async def test_officers_see_their_own_tenant_only(house: House):
    await house.note(1)
    for tenant, seen in (("", 0), (str(house.tenant.id), 1), (str(house.tenant.id + 1), 0)):
        with psycopg.connect(house.host.addresses.web) as connection:
            connection.execute("select set_config('app.tenant_id', %s, false)", [tenant])
            connection.execute("select set_config('app.audit_purpose', 'compliance', false)")
            assert connection.execute("select count(*) from audit.trail").fetchone() == (seen,)


async def test_months_are_made_ahead_and_a_wrong_clock_costs_nothing(house: House):
    partitions = house.ask(
        "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid "
        "where i.inhparent = 'audit.events'::regclass"
    )
    if not partitions:
        pytest.skip("on hypertables, chunks come by themselves")
    assert len(partitions) == 5
    with psycopg.connect(house.owner_url) as connection:
        made = connection.execute("select audit.make_partitions(6)").fetchall()
    assert len(made) == 3
    async with house.work() as work:
        work.now += timedelta(days=270)
        await work.emit(Noted(post_id=1))
    assert house.ask("select resource_id from audit.events_default") == [(1,)]
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("select audit.make_partitions(11)")
    assert house.ask("select resource_id from audit.events_default") == [(1,)]


async def test_what_the_log_writes_is_no_obstacle_to_parallel_work(house: House):
    await asyncio.gather(*(house.note(n, n) for n in range(1, 9)))
    assert house.ask("select count(*), count(distinct event_id) from audit.events") == [(16, 16)]


def test_ids_sort_by_time_and_place():
    moment = datetime(2026, 11, 20, 12, 0, 0, 999, tzinfo=UTC)
    ids = [event_id(moment, position) for position in (0, 1, 4095, 9000)]
    ids.append(event_id(moment + timedelta(milliseconds=1), 0))
    assert ids[:3] == sorted(ids[:3])
    assert max(ids[:4]) < ids[4]
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in ids)
