"""Attacks on personal values, as the owner of the database: each is found and named."""

from datetime import date

import pytest

from cms.kernel.lawfulness import DataSubject
from plugins.audit_trail.erasing.erase import erase
from plugins.audit_trail.erasing.orders import ErasureGround, Order
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.people import ANA, BIA, PROTECTOR, acted, renamed

ORDER = Order(
    authority="Tribunal de Justiça",
    reference="0001-22.2026",
    ordered_on=date(2026, 1, 2),
    ground=ErasureGround.AUTHORITY_ORDERS,
)
_FIRST = (
    "(select event_id from audit.events where action like 'test:%' "
    "order by occurred_at, event_id limit 1)"
)


async def three(house: House) -> str:
    """Two of Ana, one of Bia; the id of the first."""
    await acted(house, ANA)
    await acted(house, ANA)
    await acted(house, BIA)
    await house.sequence(1)
    assert house.verify().is_green
    return str(house.ask(f"select {_FIRST}".replace("%", "%%"))[0][0])


async def erased(house: House, number: int = 7) -> None:
    async with house.work(PROTECTOR, ip="203.0.113.5") as work:
        await erase(work, DataSubject.user(number), ORDER)
    await house.sequence(1)


def attack(house: House, statement: str) -> None:
    house.tamper(statement.replace("FIRST", _FIRST))


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("update audit.personal set ciphertext = ciphertext || '\\x00' where event_id = FIRST",
         "personal-altered"),
        ("update audit.personal set salt = sha256(salt) where event_id = FIRST",
         "personal-altered"),
        ("update audit.personal p set salt = o.salt, ciphertext = o.ciphertext from "
         "audit.personal o where p.event_id = FIRST and o.event_id <> FIRST "
         "and o.key_id = p.key_id", "personal-altered"),
        ("update audit.personal set key_id = key_id + 1 where event_id = FIRST",
         "personal-altered"),
        ("update audit.personal set tenant_id = tenant_id + 1 where event_id = FIRST",
         "personal-altered"),
        ("update audit.personal set salt = null, ciphertext = null, ip_token = null, "
         "erased_at = now() where event_id = FIRST", "personal-erased"),
        ("delete from audit.personal where event_id = FIRST", "personal-missing"),
    ],
)  # fmt: skip
async def test_what_was_changed_without_an_order_is_named(house: House, statement, kind):
    event_id = await three(house)
    attack(house, statement)
    report = house.verify()
    assert [(f.kind, f.event_id) for f in report.findings] == [(kind, event_id)]


async def test_what_was_erased_by_order_is_no_fault_and_is_told(house: House):
    await three(house)
    await erased(house)
    report = house.verify()
    assert report.is_green, report.findings
    (erasure,) = report.personal.erasures
    assert erasure.order == "0001-22.2026 of Tribunal de Justiça"
    assert erasure.events == report.personal.erased >= 2
    assert report.personal.committed > report.personal.erased


@pytest.mark.parametrize(
    "statement",
    [
        # A row of somebody else, said to have been sealed with a key that was destroyed.
        "update audit.personal p set salt = null, ciphertext = null, ip_token = null, "
        "erased_at = now(), key_id = (select key_id from audit.personal where event_id = FIRST) "
        "from audit.events e where e.event_id = p.event_id and e.actor_id = 8",
        # One of hers that was written after the order was obeyed.
        "update audit.personal p set salt = null, ciphertext = null, ip_token = null, "
        "erased_at = now(), key_id = (select key_id from audit.personal where event_id = FIRST) "
        "where event_id = (select event_id from audit.events where actor_id = 7 "
        "order by occurred_at desc, event_id desc limit 1)",
    ],
)
async def test_an_order_explains_what_it_names_and_nothing_else(house: House, statement):
    await three(house)
    await erased(house)
    await acted(house, ANA)
    await house.sequence(1)
    assert house.verify().is_green
    attack(house, statement)
    assert "personal-erased" in {finding.kind for finding in house.verify().findings}


async def test_more_than_an_order_has_erased_is_found_by_number(house: House):
    """Bia's values were changed by Ana: sealed with Bia's key, in an event of Ana's."""
    await three(house)
    await renamed(house, 8, by=ANA)
    await erased(house)
    assert house.verify().is_green
    attack(house, "update audit.personal p set salt = null, ciphertext = null, ip_token = null, "
           "erased_at = now(), key_id = (select key_id from audit.personal where event_id = FIRST) "
           "from audit.events e where e.event_id = p.event_id and e.actor_id = 7 "
           "and p.erased_at is null")  # fmt: skip
    report = house.verify()
    assert {finding.kind for finding in report.findings} == {"personal-erased-beyond"}


async def test_an_order_that_was_rewritten_is_found_by_its_leaf(house: House):
    await three(house)
    await erased(house)
    house.tamper(
        "update audit.events set after_state = replace(after_state::text, '0001', '0002')::json "
        "where action = 'audit:personal:erase'"
    )
    assert house.verify().first.kind == "event-altered"


async def test_values_of_no_event_are_found(house: House):
    await three(house)
    house.tamper(
        "insert into audit.personal select gen_random_uuid(), occurred_at, tenant_id, key_id, "
        "salt, ciphertext, ip_token, null from audit.personal limit 1"
    )
    assert [finding.kind for finding in house.verify().findings] == ["personal-stray"]
