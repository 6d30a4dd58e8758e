"""Personal values: nowhere in the clear, bound to their events, opened for those who may."""

from dataclasses import replace

import msgspec
import pytest

from cms.kernel.actors import SYSTEM, Authentication, Method, RequestFacts
from cms.kernel.decisions import Decision, Effect
from cms.kernel.events import Event, Subject
from cms.kernel.lawfulness import (
    DataClass,
    DataSubject,
    Grounds,
    LegalBasis,
    PurposeOfUse,
    UnlawfulGrounds,
)
from cms.sealing.cipher import PlatformKey
from cms.sealing.keys import Purpose
from cms.sealing.rotation import Reseal, begin
from plugins.audit_trail.officers.filters import Wanted
from plugins.audit_trail.officers.reading import read_trail
from plugins.audit_trail.writing.people import references_of, tokens_of
from tests.plugins.audit_trail.conftest import House, Noted
from tests.plugins.audit_trail.people import (
    AGENT,
    ANA,
    CLERK,
    EMAIL,
    IP,
    LOGIN,
    OFFICER,
    Renamed,
    acted,
    everything,
    renamed,
)

_ROW = "select {} from audit.events where action like 'test:%%' order by occurred_at, event_id"


async def seen(house: House, by=OFFICER):
    async with house.work(by) as work:
        page = await read_trail(work, Wanted())
    return [event for event in page.events if event.action.startswith("test:")]


async def test_an_invented_person_is_found_in_no_column_of_no_table(house: House):
    await renamed(house, 7, login=LOGIN, before={"email": EMAIL}, after={"name": "Ana Inventada"})
    await house.sequence(1)
    said = everything(house)
    for value in (IP, AGENT, EMAIL, LOGIN, "Ana Inventada"):
        assert value not in said
        assert value.encode().hex() not in said
    (event,) = [e for e in await seen(house) if e.event_type == "renamed"]
    assert (event.actor_ip, event.actor_user_agent) == (IP, AGENT)
    assert event.personal_values == {
        "login": LOGIN, "before": {"email": EMAIL}, "after": {"name": "Ana Inventada"}
    }  # fmt: skip
    assert house.verify().is_green


async def test_without_the_capability_one_sees_that_there_is_something(house: House):
    await renamed(house, 7)
    (event,) = await seen(house, by=CLERK)
    assert event.has_personal
    assert (event.actor_ip, event.actor_user_agent, event.personal_values) == (None, None, None)
    told = "select after_state::text from audit.events where action = 'audit:trail:read'"
    assert house.ask(told) == [(None,)]
    async with house.work(OFFICER) as work:
        await read_trail(work, Wanted(action="test:person:rename"))
    assert house.ask(f"{told} and after_state is not null") == [('{"opened":1}',)]


async def test_what_has_nothing_personal_has_no_row(house: House):
    await house.note(1)
    (event,) = await seen(house)
    assert not event.has_personal
    assert house.ask("select count(*) from audit.personal") == [(0,)]


async def test_a_rollback_leaves_no_values_and_no_key_that_is_not_there(house: House):
    async def change_my_mind() -> None:
        async with house.work(ANA, ip=IP) as work:
            await work.emit(Noted(post_id=1))
            work.before_commit("zweifel", fail)

    async def fail() -> None:
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_my_mind()
    assert house.ask("select count(*) from audit.personal") == [(0,)]
    await acted(house, ANA)
    (event,) = await seen(house)
    assert event.actor_ip == IP


async def test_a_person_is_one_reference_that_only_her_site_can_make(house: House):
    await renamed(house, 7)
    await renamed(house, 7)
    await renamed(house, 8)
    references = [row[0] for row in house.ask(_ROW.format("data_subject_id"))]
    assert references[0] == references[1] != references[2]
    async with house.work() as work:
        assert await references_of(work, DataSubject.user(7)) == [references[0]]
        assert DataSubject.user(7).name not in references[0]


async def test_after_a_change_of_the_key_she_is_found_under_both_references(house: House):
    await renamed(house, 7)
    async with house.work() as work:
        await house.host.shop.cipher.keyring.replace(work, Purpose.REFERENCES)
    house.host.shop.cipher.keyring.forget()
    await renamed(house, 7)
    references = [row[0] for row in house.ask(_ROW.format("data_subject_id"))]
    assert references[0] != references[1]
    async with house.work() as work:
        assert await references_of(work, DataSubject.user(7)) == references
        tokens = await tokens_of(work, IP)
    stored = house.ask("select ip_token from audit.personal where ip_token = any(%s)", tokens)
    assert {row[0] for row in stored} == set(tokens)


async def test_an_address_is_found_by_its_token(house: House):
    await acted(house, ANA)
    await acted(house, ANA, ip="203.0.113.78")
    async with house.work() as work:
        (token,) = await tokens_of(work, IP)
    found = house.ask(
        "select e.action, p.ip_token = %s from audit.events e join audit.personal p "
        "using (occurred_at, event_id) where e.action like 'test:%%' order by e.occurred_at",
        token,
    )
    assert found == [("test:post:note", True), ("test:post:note", False)]


async def test_changing_the_keys_of_fields_leaves_personal_values_as_they_are(house: House):
    """What was sealed is what the leaves commit to, so it is never sealed again; `cms keys rewrap`
    wraps its keys by another platform key."""
    await renamed(house, 7)
    before = house.ask("select * from audit.personal order by event_id")
    shop, keyring = house.host.shop, house.host.shop.cipher.keyring
    facts = RequestFacts("rotation")
    await begin(shop, house.tenant, keyring, SYSTEM, facts)
    await Reseal(shop, house.tenant, keyring, SYSTEM, facts).run()
    assert house.ask("select * from audit.personal order by event_id") == before
    new = PlatformKey(b"n" * 32)
    async with house.work() as work:
        await keyring.rewrap(work, new)
    keyring._platform = new
    keyring.forget()
    assert house.ask("select * from audit.personal order by event_id") == before
    (event,) = await seen(house)
    assert event.personal_values == {"email": EMAIL}


async def test_a_device_is_a_browser_of_one_person_or_one_installation(house: House):
    app = Authentication(Method.APPLICATION_PASSWORD, credential="a")
    for actor in (
        ANA,
        replace(ANA, authentication=Authentication(Method.TOKEN, credential="t1")),
        replace(ANA, authentication=app),
        replace(ANA, authentication=replace(app, credential="b")),
        OFFICER,
    ):
        await acted(house, actor)
    devices = [event.actor_device_fingerprint for event in await seen(house)]
    assert devices[0] == devices[1]
    assert len(set(devices)) == 4


async def test_the_circumstances_stand_in_the_event(house: House):
    facts = {"channel": "import", "on_behalf_of": 5, "purpose": PurposeOfUse.RESEARCH}
    async with house.work(SYSTEM, **facts) as work:
        work.decided += [
            Decision(Effect.ALLOW, ("p.one", "p.two"), policy_version="4f2a"),
            Decision(Effect.ALLOW, ("p.two",), policy_version="4f2a"),
        ]
        await work.emit(Suspended(post_id=1))
    columns = "on_behalf_of, purpose, lgpd_basis, policy_reference, automated_flags::text"
    assert house.ask(_ROW.format(columns)) == [
        (5, "HRESCH", "art-7-ii", "4f2a p.one,p.two", '["automated_decision","import"]')
    ]


class Suspended(Noted, frozen=True, kw_only=True):
    tag = "test:person:suspend"
    decides = True


class CaseRead(Noted, frozen=True, kw_only=True):
    tag = "test:case:read"
    data = DataClass.HEALTH
    basis = LegalBasis.SENSITIVE_CONSENT
    said: LegalBasis = LegalBasis.SENSITIVE_CONSENT
    consent: str | None = None

    def grounds(self) -> Grounds:
        return Grounds(self.data, self.said, self.purpose, self.consent)


async def test_health_data_carry_a_basis_of_article_11_and_a_consent_its_reference(house: House):
    async with house.work() as work:
        await work.emit(CaseRead(post_id=1, consent="consent:12"))
    assert house.ask(_ROW.format("lgpd_basis, consent_reference")) == [("art-11-i", "consent:12")]


@pytest.mark.parametrize("basis", [LegalBasis.LEGITIMATE_INTEREST, LegalBasis.CONTRACT])
async def test_interest_and_contract_are_refused_for_health_data_when_emitted(
    house: House, basis: LegalBasis
):
    async def use() -> None:
        async with house.work() as work:
            await work.emit(CaseRead(post_id=1, said=basis))

    with pytest.raises(UnlawfulGrounds, match="no legal basis for data of the class health"):
        await use()
    assert house.ask("select count(*) from audit.events") == [(0,)]


def test_values_and_people_do_not_travel_to_jobs():
    told = Renamed(post_id=1, user_id=7, personal={"email": EMAIL}, about=DataSubject.email(EMAIL))
    assert EMAIL not in msgspec.json.encode(told.ids()).decode()


async def test_an_event_about_a_stranger_is_found_by_the_address_that_was_left(house: House):
    async with house.work(ip=IP) as work:
        await work.emit(Noted(post_id=1, about=DataSubject.email(EMAIL)))
        assert await references_of(work, DataSubject.email(EMAIL.upper())) == []
    async with house.work() as work:
        (reference,) = await references_of(work, DataSubject.email(EMAIL.upper()))
    assert house.ask(_ROW.format("data_subject_id")) == [(reference,)]
    assert EMAIL not in everything(house)


def test_an_event_of_a_kind_that_nobody_declared_has_no_subject():
    class Quiet(Event, frozen=True):
        tag = "test:thing:rest"

        def subject(self) -> Subject:
            return Subject("thing")

    assert Quiet().data_subject() is None
