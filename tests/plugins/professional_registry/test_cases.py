"""A registration that may sign no more opens a case: one, with its reasons, open to contest."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound
from cms.identity.users import add_user, found_roles
from cms.kernel.actors import Actor, ActorKind
from cms.notices import reading
from cms.notices.models import Notice
from plugins.professional_registry import case_actions, cases, history, notices, registrations
from plugins.professional_registry.case_actions import Deed
from plugins.professional_registry.case_events import CaseClosed, CaseOpened
from plugins.professional_registry.case_models import Case
from plugins.professional_registry.demo_roster import DemoPhysician
from plugins.professional_registry.permissions import reviewers_of
from plugins.professional_registry.statuses import Status

NUMBER, NAME = "CRM-SP 9900101", "Ana Maria Inventada"


def ana(status: str = "A") -> DemoPhysician:
    return DemoPhysician(NAME, "SP", 9900101, status)


def acting(user_id: int, *capabilities: str) -> Actor:
    return Actor(ActorKind.PERSON, user_id, (), frozenset(capabilities))


async def verified(clinic) -> tuple[int, int]:
    await clinic.import_roster(ana())
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    return user_id, professional_id


async def open_cases(clinic) -> list[Case]:
    async with clinic.work() as work:
        return await cases.listed(work)


async def suspended(clinic) -> tuple[int, Case]:
    user_id, _ = await verified(clinic)
    await clinic.import_roster(ana("C"))
    [case] = await open_cases(clinic)
    return user_id, case


async def officer(clinic, login: str = "olga.oficial") -> Actor:
    async with clinic.work() as work:
        await found_roles(work)
        user = await add_user(
            work,
            login,
            email=f"{login}@example.invalid",
            display_name="Olga Oficial",
            roles=["administrator"],
        )
    return acting(user.id, "manage_registrations")


async def test_a_lost_licence_opens_one_case_that_says_why(clinic):
    user_id, case = await suspended(clinic)
    assert (case.user_id, case.state, case.reason) == (user_id, "open", "revoked")
    assert (case.from_status, case.to_status) == ("ACTIVE", "REVOKED")
    assert case.criteria["rule"] == "registry.revoked"
    assert (case.criteria["source"], case.criteria["status_raw"]) == ("cfm-roster", "C")
    assert case.criteria["as_of"] <= case.criteria["checked_at"]
    # Another bad answer about the same registration is the same case.
    await clinic.import_roster(ana("F"))
    assert len(await open_cases(clinic)) == 1
    assert len(clinic.told(CaseOpened)) == 1


async def test_who_never_could_sign_has_lost_nothing(clinic):
    await clinic.import_roster(ana("C"))
    _, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    assert await open_cases(clinic) == []


async def test_two_losses_at_once_open_one_case(clinic):
    await verified(clinic)
    _, professional_id = (await open_person(clinic)).user_id, (await open_person(clinic)).id
    paths = [clinic.roster(ana("C")), clinic.roster(ana("S"))]
    await asyncio.gather(
        *(clinic.import_roster(path=path) for path in paths), return_exceptions=True
    )
    await asyncio.gather(*(clinic.verify(professional_id) for _ in range(4)))
    assert len(await open_cases(clinic)) == 1
    assert len(clinic.told(CaseOpened)) == 1


async def open_person(clinic):
    async with clinic.work() as work:
        return await registrations.find(work, NUMBER)


async def test_the_database_itself_allows_one_open_case_only(clinic):
    _, case = await suspended(clinic)
    work = clinic.work()
    copied = {c.name: getattr(case, c.name) for c in Case.__table__.columns}
    work.session.add(Case(**{**copied, "id": case.id + 1000}))
    with pytest.raises(Exception, match="cases_one_open"):
        await work.session.flush()
    await work.session.close()


async def test_what_had_run_out_is_over_with_a_new_roster(clinic):
    await verified(clinic)
    await clinic.import_roster(ana(), days_ago=31)
    [case] = await open_cases(clinic)
    assert case.reason == "expired"
    await clinic.import_roster(ana())
    [case] = await open_cases(clinic)
    assert (case.state, case.outcome) == ("closed", "restored")
    assert len(clinic.told(CaseClosed)) == 1


async def test_after_a_penalty_an_officer_looks_first_whatever_the_register_says(clinic):
    await suspended(clinic)
    await clinic.import_roster(ana())
    [case] = await open_cases(clinic)
    assert (case.state, case.reason) == ("open", "revoked")


async def test_the_person_contests_and_somebody_else_reviews(clinic):
    user_id, case = await suspended(clinic)
    olga = await officer(clinic)
    herself = acting(user_id, "manage_registrations")
    async with clinic.work(herself) as work:
        contested = await cases.contest(work, case.id, "É uma homônima, de outro estado.")
        assert contested.state == "contested"
        assert [one.user_id for one in await reviewers_of(work, user_id)] == [olga.user_id]
    with pytest.raises(Conflict, match="reviewed before it is closed"):
        async with clinic.work(olga) as work:
            await cases.close(work, case.id)
    for actor in (herself, None):
        with pytest.raises(CapabilityMissing, match="person has to review"):
            async with clinic.work(actor) if actor else clinic.work() as work:
                await cases.review(work, case.id, "overturned", "Conferido.")
    async with clinic.work(olga) as work:
        with pytest.raises(InvalidInput, match="reason"):
            await cases.review(work, case.id, "overturned", " ")
        judged = await cases.review(work, case.id, "overturned", "O registro é de uma homônima.")
        assert (judged.state, judged.outcome, judged.reviewed_by) == (
            "open", "overturned", olga.user_id,
        )  # fmt: skip
    # It makes nobody active: only a verification does.
    person = await open_person(clinic)
    assert (person.status_normalised, person.validation_status) == ("REVOKED", "revoked")
    async with clinic.work(olga) as work:
        with pytest.raises(Conflict):
            await cases.review(work, case.id, "upheld", "Doch.")
        assert (await cases.close(work, case.id)).state == "closed"


async def test_only_the_person_contests_and_only_once(clinic):
    user_id, case = await suspended(clinic)
    olga = await officer(clinic)
    with pytest.raises(CapabilityMissing):
        async with clinic.work(olga) as work:
            await cases.contest(work, case.id, "Não é ela.")
    async with clinic.work(acting(user_id)) as work:
        await cases.contest(work, case.id, "Não sou eu.")
    with pytest.raises(Conflict):
        async with clinic.work(acting(user_id)) as work:
            await cases.contest(work, case.id, "De novo.")
    stranger = acting(await clinic.person())
    with pytest.raises(CapabilityMissing):
        async with clinic.work(stranger) as work:
            await cases.get(work, case.id)
    async with clinic.work(stranger) as work:
        assert await cases.listed(work) == []


async def test_a_note_is_kept_and_a_text_that_is_not_hers_is_refused(clinic):
    _, case = await suspended(clinic)
    olga = await officer(clinic)
    async with clinic.work(olga) as work:
        noted = await case_actions.act(work, case.id, Deed("note", detail="Liguei para o CRM."))
        assert (noted.kind, noted.by_user_id) == ("note", olga.user_id)
        for deed in (
            Deed("note"),
            Deed("unpublish", 7),
            Deed("erase", 7),
            Deed("reassign", 7),
            Deed("unpublish"),
        ):
            with pytest.raises(InvalidInput):
                await case_actions.act(work, case.id, deed)
    async with clinic.work(acting(case.user_id)) as work:
        with pytest.raises(CapabilityMissing):
            await case_actions.act(work, case.id, Deed("note", detail="x"))


async def test_the_person_and_the_officers_are_told_in_their_language(clinic):
    olga = await officer(clinic)
    user_id, case = await suspended(clinic)
    async with clinic.work() as work:
        rows = await work.all(
            select(Notice.user_id, Notice.kind)
            .where(Notice.tenant_id == work.tenant_id, Notice.about == "case")
            .order_by(Notice.id)
        )
        assert [tuple(row) for row in rows] == [
            (user_id, "registry.suspended"), (olga.user_id, "registry.opened"),
        ]  # fmt: skip
    async with clinic.work(acting(user_id)) as work:
        [told] = await notices.unread_first(work)
        assert (told.case_id, told.title[:4], told.read_at) == (case.id, "Sua ", None)
        await reading.mark_read(work, told.id)
        assert (await notices.unread_first(work))[0].read_at == work.now
    async with clinic.work(olga) as work:
        with pytest.raises(NotFound):
            await reading.mark_read(work, told.id)


async def test_who_was_what_on_the_day_of_signing(clinic):
    _, professional_id = await verified(clinic)
    await clinic.import_roster(ana("S"))
    await clinic.import_roster(ana())
    async with clinic.work() as work:
        known = await history.changes(work, professional_id)
        assert [c.to_status for c in known] == ["ACTIVE", "SUSPENDED", "ACTIVE"]
        for earlier, later in pairwise(known):
            just_before = later.at - timedelta(microseconds=1)
            then = await history.status_on(work, professional_id, just_before)
            assert (then.status, then.since) == (earlier.to_status, earlier.at)
        person = await registrations.get(work, professional_id)
        added = await history.status_on(work, professional_id, person.created_at)
        assert added.status is Status.UNVERIFIED
        before = person.created_at - timedelta(days=1)
        assert await history.status_on(work, professional_id, before) is None
