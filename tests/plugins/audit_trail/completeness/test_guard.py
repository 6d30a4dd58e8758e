"""What does not come through the product cannot change content in silence either."""

import json
from collections.abc import Iterator

import msgspec
import psycopg
import pytest

from cms.host import upgrade
from cms.kernel.events import Event, Subject
from plugins.audit_trail.completeness import guard
from plugins.audit_trail.completeness.upkeep import beat, tell_maintenance
from tests.plugins.audit_trail.conftest import House

SILENT = "update cms.options set value = '1' where name = 'posts_per_page'"


class Set(Event, frozen=True, kw_only=True):
    """An option was set."""

    tag = "test:option:set"
    covers = ("cms.options",)

    def subject(self) -> Subject:
        return Subject("option")


@pytest.fixture
async def guarded(house: House) -> House:
    async with house.work() as work:
        await work.execute(
            "insert into cms.options (tenant_id, name, value) "
            f"values ({house.tenant.id}, 'posts_per_page', '10')"
        )
        await work.emit(Set())
    guard.switch(house.owner_url, on=True)
    return house


@pytest.fixture
def consoles(guarded: House) -> Iterator[list[psycopg.Connection]]:
    """psql as the application and as the owner, with the tenant set."""
    where = guarded.host.addresses
    opened = [psycopg.connect(url) for url in (where.web, where.worker, where.owner)]
    for connection in opened:
        connection.execute(f"set app.tenant_id = '{guarded.tenant.id}'")
        connection.commit()
    yield opened
    for connection in opened:
        connection.close()


async def test_a_silent_commit_is_refused_whoever_tries(guarded: House, consoles):
    added = "insert into cms.options (tenant_id, name, value) values (%s, 'x', '1')"
    tenant = guarded.tenant.id
    for console, change in zip(consoles, (SILENT, SILENT, "delete from cms.options"), strict=True):
        console.execute(change)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no audit event says so"):
            console.commit()
        console.execute(added, [tenant])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no audit event says so"):
            console.commit()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"cms\.options"):
        consoles[-1].execute("truncate cms.options")


async def test_the_work_of_the_product_goes_on(guarded: House):
    async with guarded.work() as work:
        await work.execute(SILENT)
        await work.emit(Set())
    await guarded.sequence(1)
    assert guarded.verify().is_green


async def test_an_event_of_an_earlier_transaction_does_not_count(guarded: House, consoles):
    await guarded.note(1)
    console = consoles[0]
    console.execute(SILENT)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        console.commit()


async def test_who_changes_something_by_hand_says_why_and_the_log_keeps_it(
    guarded: House, consoles
):
    owner = consoles[-1]
    owner.execute("select audit.maintain('the count was wrong')")
    owner.execute(SILENT)
    owner.commit()
    await tell_maintenance(guarded.host)
    await tell_maintenance(guarded.host)
    told = guarded.ask(
        "select tenant_id, risk_level, event_data->>'role', event_data->>'reason' "
        "from audit.events where action = 'audit:maintenance:say'"
    )
    assert told == [(0, "high", "cms_owner", "the count was wrong")]
    owner.execute(SILENT)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.commit()


async def test_every_protected_table_is_guarded_and_upgrades_keep_it_so(house: House):
    settings = house.host.settings
    upgrade(house.owner_url, settings)
    with psycopg.connect(house.owner_url) as connection:
        known = guard.status(connection)
    assert set(known.guarded) == guard.protected_tables()
    assert (known.unguarded, known.is_on, known.wanted) == ([], True, None)
    # A table of a later version comes without; the next upgrade sees to it.
    house.tamper(f"drop trigger {guard.TOLD} on cms.posts")
    upgrade(house.owner_url, settings)
    with psycopg.connect(house.owner_url) as connection:
        assert guard.status(connection).unguarded == []


async def test_where_the_trail_is_not_enabled_nothing_is_refused(house: House):
    guard.switch(house.owner_url, on=True)
    without = msgspec.structs.replace(house.host.settings, enabled=())
    guard.follow_settings(house.owner_url, without)
    with psycopg.connect(house.owner_url) as connection:
        assert not guard.status(connection).is_on


async def test_an_operators_word_outlives_upgrades_and_is_in_the_log(house: House, audit):
    guard.switch(house.owner_url, on=True)
    off = await audit("guard", "--off")
    assert (off.exit_code, off.output.split()[0]) == (0, "off")
    upgrade(house.owner_url, house.host.settings)
    shown = await audit("guard", "--json")
    assert (shown.exit_code, json.loads(shown.output)["is_on"]) == (1, False)
    on = await audit("guard", "--on")
    assert (on.exit_code, on.output.split()[0]) == (0, "on")
    told = house.ask("select event_data->>'is_on' from audit.events "
                     "where action = 'audit:guard:switch' order by event_id")  # fmt: skip
    assert told == [("false",), ("true",)]


async def test_the_trail_says_that_it_lives(house: House):
    await house.sequence(2)
    await beat(house.host)
    told = house.ask("select tenant_id, event_data::text from audit.events "
                     "where action = 'audit:trail:beat'")  # fmt: skip
    assert told == [(0, '{"entries":2,"every":300,"waiting":0}')]
    await house.sequence(1)
    assert house.verify().is_green
