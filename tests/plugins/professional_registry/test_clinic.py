"""The clinic says who it is and which physician answers for it (CFM 2.336/2023, arts. 5 and 6)."""

import pytest

from cms.errors import CapabilityMissing, InvalidInput, NotFound
from plugins.professional_registry import clinic as identification
from plugins.professional_registry.clinic import Identification
from plugins.professional_registry.demo_roster import DemoPhysician
from plugins.professional_registry.manual_events import ClinicIdentified

NAME, NUMBER = "Ana Maria Inventada", "CRM-SP 9900101"
ANA = DemoPhysician(NAME, "SP", 9900101, specialties=(("CARDIOLOGIA", 99991),))
REVOKED = DemoPhysician(NAME, "SP", 9900101, "C")
STATEMENT = (
    "Clínica do Coração · CRM-SP 990500 · Diretor(a) técnico(a): "
    "Ana Maria Inventada · MÉDICO(A) CRM-SP 9900101 · Cardiologia RQE 99991"
)


def wanted(director: int, **changed) -> Identification:
    plain = {"name": "Clínica do  Coração", "registration": "crm/sp 990.500"}
    return Identification(
        **{**plain, "director_user_id": director, "specialty": "Cardiologia", **changed}
    )


async def identified(clinic, director: int, **changed):
    async with clinic.work() as work:
        return await identification.identify(work, wanted(director, **changed))


async def test_the_statement_names_the_clinic_and_its_director(clinic, other_clinic):
    await clinic.import_roster(ANA)
    director, professional_id = await clinic.registered(NUMBER, NAME)
    async with clinic.work() as work:
        assert await identification.statement(work) == ""
    with pytest.raises(InvalidInput, match=r"may not sign with a CRM .*registry\.unverified"):
        await identified(clinic, director)
    await clinic.verify(professional_id)
    assert (await identified(clinic, director)).statement == STATEMENT
    again = await identified(clinic, director, specialty=None)
    assert again.statement == STATEMENT.removesuffix(" · Cardiologia RQE 99991")
    first, second = clinic.told(ClinicIdentified)
    assert first.after["registration"] == "CRM-SP 990500"
    assert (second.before, second.after) == ({"specialty": "Cardiologia"}, {"specialty": None})
    with pytest.raises(NotFound):
        async with other_clinic.work() as work:
            await identification.read(work)


async def test_without_a_director_who_may_sign_there_is_no_statement(clinic):
    await clinic.import_roster(ANA)
    director, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    await identified(clinic, director)
    await clinic.import_roster(REVOKED)
    async with clinic.work() as work:
        shown = await identification.read(work)
    assert (shown.statement, shown.director) == ("", None)
    assert shown.fault == "the director may not sign: registry.revoked"
    await clinic.import_roster(DemoPhysician(NAME, "SP", 9900101))
    async with clinic.work() as work:
        assert "no RQE for 'Cardiologia' any more" in (await identification.read(work)).fault


async def test_every_fault_of_the_identification_is_named(clinic):
    await clinic.import_roster(ANA)
    director, professional_id = await clinic.registered(NUMBER, NAME)
    await clinic.verify(professional_id)
    faults = [
        ({"name": " "}, "name", "plain text"),
        ({"registration": "CRM-XX 1"}, "registration", "the UF is missing"),
        ({"registration": "CRO-SP EPAO-990500"}, "director_user_id", "registry.missing"),
        ({"director_user_id": 999}, "director_user_id", "registry.missing"),
        ({"specialty": "Neurologia"}, "specialty", "no RQE for 'Neurologia'"),
    ]
    for changed, field, fault in faults:
        with pytest.raises(InvalidInput) as refusal:
            await identified(clinic, director, **changed)
        assert fault in refusal.value.faults[field]
    with pytest.raises(CapabilityMissing):
        async with clinic.shop.work(clinic.tenant) as work:
            await identification.identify(work, wanted(director))
