"""One person is erased by order: her values are gone, every proof stays, others keep theirs."""

from datetime import date, timedelta

import psycopg
import pytest
from msgspec.structs import replace

from cms.errors import CapabilityMissing, InvalidInput
from cms.kernel.lawfulness import DataSubject
from plugins.audit_trail.erasing.erase import erase
from plugins.audit_trail.erasing.orders import subject_of
from plugins.audit_trail.erasing.report import report
from plugins.audit_trail.officers.filters import Wanted
from plugins.audit_trail.officers.reading import read_trail
from tests.plugins.audit_trail.conftest import House, Noted
from tests.plugins.audit_trail.people import (
    ANA,
    BIA,
    CLERK,
    EMAIL,
    IP,
    OFFICER,
    PROTECTOR,
    acted,
    renamed,
)
from tests.plugins.audit_trail.verification.test_commitments import ORDER

SEVEN = DataSubject.user(7)


async def of(house: House, action: str):
    async with house.work(OFFICER) as work:
        return (await read_trail(work, Wanted(action=action))).events


async def erased(house: House, who: DataSubject = SEVEN, by=PROTECTOR):
    async with house.work(by, ip="203.0.113.5") as work:
        return await erase(work, who, ORDER)


async def test_her_values_are_gone_and_what_she_did_to_others_stays(house: House):
    await acted(house, ANA)
    await renamed(house, 7)
    await renamed(house, 8, by=ANA)
    await acted(house, BIA)
    done = await erased(house)
    assert (done.keys, done.order) == (1, ORDER)
    hers, by_bia = await of(house, "test:post:note")
    hers_by_officer, of_bia = await of(house, "test:person:rename")
    assert hers.personal_erased_at is not None
    assert hers_by_officer.personal_erased_at is not None
    assert (hers.actor_ip, hers.actor_id) == (None, 7), "who did it stays"
    assert (of_bia.personal_values, of_bia.actor_ip) == ({"email": EMAIL}, IP)
    assert by_bia.actor_ip == IP
    await house.sequence(1)
    assert house.verify().is_green


async def test_nothing_is_left_that_opens_the_values_of_an_old_copy(house: House):
    await acted(house, ANA)
    (row,) = house.ask(
        "select p.key_id from audit.personal p join audit.events e using (occurred_at, event_id) "
        "where e.action = 'test:post:note'"
    )
    await erased(house)
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("select set_config('app.tenant_id', %s, false)", [str(house.tenant.id)])
        kept = connection.execute(
            "select status, wrapped_key from cms.encryption_keys where key_id = %s", row
        ).fetchone()
    assert kept == ("retired", b""), "the row is the register of what was destroyed"
    left = "select count(*) from audit.personal where key_id = %s and (salt is not null or "
    assert house.ask(f"{left} ciphertext is not null or ip_token is not null)", *row) == [(0,)]
    async with house.work() as work:
        assert await house.host.shop.cipher.keyring.by_id(work, row) == {}


async def test_it_is_an_event_that_names_the_order_and_no_person(house: House):
    await acted(house, ANA)
    await erased(house)
    (event,) = await of(house, "audit:personal:erase")
    assert (event.resource_type, event.resource_id, event.risk_level) == ("user", 7, "critical")
    assert event.after_state["order"] == {
        "authority": "Tribunal de Justiça",
        "reference": "0001-22.2026",
        "ordered_on": "2026-01-02",
        "ground": "art-15-iv",
    }
    assert event.actor_ip == "203.0.113.5", "the officer's address is sealed with the officer's key"
    assert event.after_state["references"] == [event.data_subject_id]


async def test_she_may_come_back_and_has_another_key(house: House):
    await acted(house, ANA)
    await erased(house)
    await acted(house, ANA)
    first, second = await of(house, "test:post:note")
    assert (first.actor_ip, second.actor_ip) == (None, IP)
    again = await erased(house)
    assert again.keys == 1
    assert (await erased(house)).events == 0
    await house.sequence(1)
    assert house.verify().is_green


async def test_a_stranger_is_erased_by_her_address(house: House):
    async with house.work(ip=IP) as work:
        await work.emit(_comment())
    done = await erased(house, DataSubject.email(EMAIL))
    assert (done.subject, done.events) == ("email", 1)
    (event,) = await of(house, "test:post:note")
    assert event.personal_erased_at is not None
    await house.sequence(1)
    assert house.verify().is_green


def _comment():
    return Noted(post_id=1, about=DataSubject.email(EMAIL), personal={"name": "Ana Inventada"})


@pytest.mark.parametrize("by", [OFFICER, CLERK])
async def test_only_the_data_protection_officer_erases(house: House, by):
    with pytest.raises(CapabilityMissing, match="erase_audit_personal"):
        await erased(house, by=by)


async def test_an_order_says_who_and_where_and_never_lies_ahead(house: House):
    async def refused(**fields: object) -> set[str]:
        with pytest.raises(InvalidInput) as refusal:
            async with house.work(PROTECTOR) as work:
                await erase(work, SEVEN, replace(ORDER, **fields))
        return set(refusal.value.faults)

    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011
    assert await refused(authority=" ", reference="x" * 201) == {"authority", "reference"}
    assert await refused(ordered_on=tomorrow) == {"ordered_on"}
    assert await refused(authority=f"juiz <{EMAIL}>") == {"authority"}


@pytest.mark.parametrize("said", ["7", "user:", "user:seven", "user:²", "email:ana", "post:7"])
def test_a_person_is_a_number_or_an_address(said: str):
    with pytest.raises(InvalidInput):
        subject_of(said)


async def test_her_report_has_what_was_done_about_her_and_by_her(house: House):
    await renamed(house, 7)
    await acted(house, ANA)
    await acted(house, BIA)
    async with house.work(OFFICER) as work:
        parts = await report(work, SEVEN)
    told = [(p.event.action, p.is_about_her, p.is_by_her) for p in parts
            if p.event.action.startswith("test:")]  # fmt: skip
    assert told == [("test:person:rename", True, False), ("test:post:note", False, True)]
    assert parts[0].event.personal_values == {"email": EMAIL}
    async with house.work(OFFICER) as work:
        later = await report(work, SEVEN)
    assert later[-1].event.action == "audit:personal:report"
    with pytest.raises(CapabilityMissing, match="open_audit_personal"):
        async with house.work(CLERK) as work:
            await report(work, SEVEN)
