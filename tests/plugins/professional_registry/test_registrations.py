"""Nobody signs as a physician who is not one today."""

import pytest

from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound, UnauditedWrite
from cms.kernel.actors import Actor, ActorKind
from cms.kernel.events import Outcome
from plugins.professional_registry import commands, registrations, sources
from plugins.professional_registry.bylines import byline, byline_of, bylines
from plugins.professional_registry.demo_roster import DemoPhysician
from plugins.professional_registry.events import RegistrationAdded, RegistrationVerified
from plugins.professional_registry.guards import responsible_may_sign
from plugins.professional_registry.health import rosters_are_fresh
from plugins.professional_registry.provider import Answer, Capabilities
from plugins.professional_registry.standing import snapshot, standing, standings
from plugins.professional_registry.statuses import Status

ANA = DemoPhysician("Ana Maria Inventada", "SP", 9900101, specialties=(("CARDIOLOGIA", 99991),))
NUMBER, NAME = "CRM-SP 9900101", "Ana Maria Inventada"


def with_status(status: str, kind: str = "P") -> DemoPhysician:
    return DemoPhysician(ANA.name, ANA.uf, ANA.number, status, kind, ANA.specialties)


async def codes(clinic, user_id: int) -> list[str]:
    async with clinic.work() as work:
        return [objection.code for objection in await responsible_may_sign(work, user_id)]


async def test_a_physician_on_the_roster_may_sign(clinic):
    await clinic.import_roster(ANA)
    user_id, professional_id = await clinic.registered(NUMBER, "Ana M. Inventada")
    assert await codes(clinic, user_id) == ["registry.unverified"]
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == []
    async with clinic.work() as work:
        found = await standing(work, user_id)
    assert (found.may_sign, found.registration, found.reason) == (True, NUMBER, "")
    assert found.source == "cfm-roster"
    assert 29 <= (found.fresh_until - found.checked_at).days <= 30


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("C", "registry.revoked"),
        ("F", "registry.revoked"),
        ("T", "registry.revoked"),
        ("S", "registry.revoked"),
        ("E", "registry.revoked"),
        ("B", "registry.unverified"),
        ("NOVO", "registry.unverified"),
    ],
)
async def test_nobody_signs_with_another_status(clinic, status, code):
    await clinic.import_roster(with_status(status))
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == [code]


async def test_a_student_on_the_roster_is_for_a_person_to_judge(clinic):
    await clinic.import_roster(with_status("A", kind="E"))
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == ["registry.unverified"]


async def test_somebody_without_a_registration_may_not_sign(clinic):
    assert await codes(clinic, await clinic.person()) == ["registry.missing"]


async def test_a_number_nobody_has_may_not_sign(clinic):
    await clinic.import_roster()
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == ["registry.unverified"]


@pytest.mark.parametrize("status", ["A", "C"])
async def test_a_number_of_another_person_says_nothing_of_this_one(clinic, status):
    await clinic.import_roster(with_status(status))
    user_id, professional_id = await clinic.registered(NUMBER, "Bruna Suposta")
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == ["registry.unverified"]


async def test_the_name_chooses_where_one_number_stands_for_two(clinic):
    folder = clinic.roster(ANA)
    with (folder / "SP.txt").open("a") as file:
        file.write("9900101!SP!BRUNA SUPOSTA!V!C!\n")
    await clinic.import_roster(path=folder)
    ana, ana_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(ana_id)
    assert await codes(clinic, ana) == []


async def test_a_verification_is_as_old_as_its_roster(clinic):
    await clinic.import_roster(ANA, days_ago=29.9)
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == []
    await clinic.import_roster(ANA, days_ago=31)
    assert await codes(clinic, user_id) == ["registry.expired"]
    async with clinic.work() as work:
        (objection,) = await responsible_may_sign(work, user_id)
    assert "import PATH" in objection.remedy


async def test_what_runs_out_by_time_is_told_by_the_daily_job(clinic):
    await clinic.import_roster(ANA)
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    async with clinic.work() as work:
        work.now = work.now.replace(year=work.now.year + 1)
        assert [o.code for o in await responsible_may_sign(work, user_id)] == ["registry.expired"]
        await registrations.refresh_due(work)
        assert (await standing(work, user_id)).validation == "expired"
    # The earlier hour sees it too: the change of standing has been told and kept.
    assert await codes(clinic, user_id) == ["registry.expired"]


async def test_a_penalty_in_one_state_bars_in_every_state(clinic):
    rio = DemoPhysician(ANA.name, "RJ", 9900102, "C")
    await clinic.import_roster(ANA, rio)
    user_id, first = await clinic.registered(NUMBER, NAME)
    await clinic.verify(first)
    assert await codes(clinic, user_id) == []
    _, second = await clinic.registered("CRM-RJ 9900102", NAME, user_id=user_id)
    await clinic.verify(second)
    assert await codes(clinic, user_id) == ["registry.revoked"]


async def test_a_transfer_leaves_the_new_registration_to_sign_with(clinic):
    rio = DemoPhysician(ANA.name, "RJ", 9900102, "A")
    await clinic.import_roster(with_status("T"), rio)
    user_id, first = await clinic.registered(NUMBER, NAME)
    _, second = await clinic.registered("CRM-RJ 9900102", NAME, user_id=user_id)
    await clinic.verify(first)
    await clinic.verify(second)
    async with clinic.work() as work:
        found = await standing(work, user_id)
    assert (found.may_sign, found.registration) == (True, "CRM-RJ 9900102")


async def test_a_council_without_a_source_is_never_enough(clinic):
    user_id, professional_id = await clinic.registered("CRP 06/999991", NAME)
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == ["registry.unverified"]


async def test_without_a_roster_the_source_is_down_and_nothing_is_proved(clinic):
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    async with clinic.work() as work:
        assert (await standing(work, user_id)).status is Status.SOURCE_UNAVAILABLE
    (event,) = clinic.told(RegistrationVerified)
    assert event.outcome is Outcome.FAILED


class Down:
    """A council's service that does not answer."""

    name, capabilities = "down", Capabilities(councils=("CRM",))

    def validate_format(self, identity):
        return None

    async def lookup(self, work, identity, name):
        return Answer(status=Status.SOURCE_UNAVAILABLE, source="down", fetched_at=work.now)


@pytest.mark.parametrize(("status", "code"), [("A", []), ("C", ["registry.revoked"])])
async def test_a_source_that_is_down_changes_nothing_it_said_before(
    clinic, monkeypatch, status, code
):
    await clinic.import_roster(with_status(status))
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    monkeypatch.setattr(sources, "PROVIDERS", (Down(),))
    await clinic.verify(professional_id)
    assert await codes(clinic, user_id) == code
    assert clinic.told(RegistrationVerified)[-1].outcome is Outcome.FAILED


async def test_only_who_manages_registrations_adds_or_verifies_one(clinic):
    user_id = await clinic.person()
    ana = Actor(ActorKind.PERSON, user_id, ("medical_professional",), frozenset({"edit_posts"}))
    with pytest.raises(CapabilityMissing):
        async with clinic.work(ana) as work:
            await registrations.register(work, user_id, NUMBER, NAME)
    _, professional_id = await clinic.registered(NUMBER, NAME, user_id=user_id)
    with pytest.raises(CapabilityMissing):
        await clinic.verify(professional_id, actor=ana)


async def test_a_registration_is_given_once(clinic):
    await clinic.registered(NUMBER, NAME)
    with pytest.raises(Conflict, match="CRM-SP 9900101 is registered already"):
        await clinic.registered("crm/sp 9.900.101", "Bruna Suposta")
    assert len(clinic.told(RegistrationAdded)) == 1


async def test_faults_of_a_registration_are_named(clinic):
    with pytest.raises(InvalidInput, match="full_name"):
        await clinic.registered(NUMBER, "Ana")
    with pytest.raises(InvalidInput, match="registration"):
        await clinic.registered("CRM-XX 1", NAME)
    with pytest.raises(NotFound, match="user 999999"):
        await clinic.registered(NUMBER, NAME, user_id=999999)
    with pytest.raises(NotFound, match="registration 7"):
        await clinic.verify(7)


async def test_a_silent_change_of_a_registration_is_refused(clinic):
    _, professional_id = await clinic.registered(NUMBER, NAME)
    work = clinic.work()
    person = await registrations.get(work, professional_id, lock=True)
    person.full_name = "Outra Pessoa"
    with pytest.raises(UnauditedWrite, match=r"professional_registry\.professionals"):
        await work.commit()
    await work.session.close()


async def test_the_snapshot_says_who_it_was_and_what_the_register_said(clinic):
    await clinic.import_roster(ANA)
    user_id, professional_id = await clinic.registered(NUMBER, NAME, specialty="Cardiologia")
    await clinic.verify(professional_id)
    async with clinic.work() as work:
        taken = await snapshot(work, user_id)
        assert await snapshot(work, await clinic.person()) == {}
    assert taken["registration"] == NUMBER
    assert taken["status"] == "ACTIVE"
    assert taken["specialties"] == [{"name": "CARDIOLOGIA", "rqe": "99991"}]
    assert taken["source"] == "cfm-roster"
    assert taken["as_of"] <= taken["checked_at"] <= taken["fresh_until"]


async def test_the_byline_announces_a_specialty_only_with_its_rqe(clinic):
    await clinic.import_roster(ANA)
    user_id, professional_id = await clinic.registered(
        NUMBER, NAME, specialty="Cardiologia", subspecialty="Acupuntura"
    )
    async with clinic.work() as work:
        assert await byline(work, user_id) is None
    await clinic.verify(professional_id)
    async with clinic.work() as work:
        line = await byline(work, user_id)
    assert line.text == ("Ana Maria Inventada · MÉDICO(A) CRM-SP 9900101 · Cardiologia RQE 99991")


async def test_the_byline_of_a_signature_outlives_the_licence(clinic):
    await clinic.import_roster(ANA)
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    async with clinic.work() as work:
        taken = await snapshot(work, user_id)
    await clinic.import_roster(with_status("C"))
    async with clinic.work() as work:
        assert await bylines(work, [user_id]) == {}
    assert byline_of(taken).text == "Ana Maria Inventada · MÉDICO(A) CRM-SP 9900101"


def test_two_specialties_are_announced_and_none_without_rqe():
    taken = {
        "may_sign": True,
        "full_name": NAME,
        "council": "CRM",
        "profession": "physician",
        "registration": NUMBER,
        "specialties": [
            {"name": "ACUPUNTURA", "rqe": None},
            {"name": "CARDIOLOGIA", "rqe": "99991"},
            {"name": "PEDIATRIA", "rqe": "99992"},
            {"name": "CLÍNICA MÉDICA", "rqe": "99993"},
        ],
        "claimed": ["Acupuntura", "Clinica medica", "Pediatria", "Cardiologia"],
    }
    assert byline_of(taken).specialties == ("Clinica medica RQE 99993", "Pediatria RQE 99992")
    assert byline_of(taken | {"may_sign": False}) is None
    assert byline_of({}) is None


async def test_a_page_of_people_is_judged_in_one_query(clinic):
    await clinic.import_roster(ANA)
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    other = await clinic.person()
    async with clinic.work() as work:
        found = await standings(work, [user_id, other])
    assert found.keys() == {user_id}


async def test_the_commands_verify_and_show(clinic):
    await clinic.import_roster(ANA)
    await clinic.registered(NUMBER, NAME)
    assert await commands.verify(clinic.shop, clinic.tenant, "CRM/SP 9.900.101") == 1
    assert await commands.verify(clinic.shop, clinic.tenant) == 1
    shown = await commands.show(clinic.shop, clinic.tenant, NUMBER)
    assert shown["standing"]["may_sign"] is True
    assert [(h["from"], h["to"]) for h in shown["history"]] == [("UNVERIFIED", "ACTIVE")]
    with pytest.raises(NotFound, match="CRM-SP 9900999"):
        await commands.show(clinic.shop, clinic.tenant, "CRM-SP 9900999")


async def test_an_old_or_missing_roster_is_reported(clinic):
    provider = sources.PROVIDERS[0]
    async with clinic.work() as work:
        assert not (await provider.health(work)).is_well
    await clinic.import_roster(ANA, days_ago=8)
    async with clinic.work() as work:
        health = await provider.health(work)
    assert (health.is_well, health.message) == (False, "the roster is 8 days old")
    await clinic.import_roster(ANA)

    class Tenants:
        async def all(self):
            return [clinic.tenant]

    class Host:
        shop, tenants = clinic.shop, Tenants()

    assert (await rosters_are_fresh(Host())).is_well
