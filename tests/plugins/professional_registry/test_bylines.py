"""The line beside a name, by the rule of each profession; and what may be claimed at all."""

import pytest

from cms.errors import CapabilityMissing, InvalidInput
from cms.kernel.actors import Actor, ActorKind
from plugins.professional_registry import claims
from plugins.professional_registry.bylines import byline, byline_of
from plugins.professional_registry.claims import Title
from plugins.professional_registry.demo_roster import DemoPhysician
from plugins.professional_registry.identity import parse
from plugins.professional_registry.manual_events import TitlesClaimed
from plugins.professional_registry.registrations import _profession
from tests.plugins.professional_registry.vouching import CRP, officer

NAME, NUMBER = "Ana Maria Inventada", "CRM-SP 9900101"
ANA = DemoPhysician(NAME, "SP", 9900101, specialties=(("CARDIOLOGIA", 99991),))
CARDIOLOGY = {"name": "CARDIOLOGIA", "rqe": "99991"}


def taken(registration: str, **facts) -> dict:
    """What a signature keeps of somebody who may sign."""
    identity = parse(registration)
    return {
        "may_sign": True,
        "full_name": NAME,
        "registration": str(identity),
        "council": identity.council,
        "category": identity.category,
        "profession": _profession(identity),
        "specialties": [],
        "claimed": [],
        **facts,
    }


# CFM 2.336/2023 arts. 4 and 13 VI; CFP, COFEN 554/2017, CFN 599/2018, CFO 196/2019 and the others
# as regulation facts §2.4 has them.
GOLDEN = [
    ("CRM-SP 123456", {}, "MÉDICO(A) CRM-SP 123456"),
    ("CRM-RJ 52-99999-1", {}, "MÉDICO(A) CRM-RJ 999991"),
    (
        "CRM-SP 123456",
        {"specialties": [CARDIOLOGY], "claimed": ["Cardiologia"]},
        "MÉDICO(A) CRM-SP 123456 · Cardiologia RQE 99991",
    ),
    ("CRM-SP 123456", {"claimed": ["Cardiologia"]}, "MÉDICO(A) CRM-SP 123456"),
    (
        "CRM-SP 123456",
        {"titles": [{"field": "Dermatologia", "kind": "postgraduate"}]},
        "MÉDICO(A) CRM-SP 123456 · Pós-graduação em Dermatologia NÃO ESPECIALISTA",
    ),
    (
        "CRM-SP 123456",
        {
            "specialties": [CARDIOLOGY],
            "claimed": ["Cardiologia"],
            "titles": [
                {"field": "Cardiologia", "kind": "masters"},
                {"field": "Acupuntura", "kind": "doctorate"},
            ],
        },
        "MÉDICO(A) CRM-SP 123456 · Cardiologia RQE 99991 · Mestrado em Cardiologia"
        " · Doutorado em Acupuntura NÃO ESPECIALISTA",
    ),
    ("CRP 06/12345", {}, "psicóloga(o) CRP 06/12345"),
    ("COREN-SP 123456-ENF", {}, "enfermeiro(a) COREN-SP 123456-ENF"),
    ("COREN-SP 123456-TEC", {}, "técnico(a) de enfermagem COREN-SP 123456-TE"),
    ("COREN-SP 123456-AE", {}, "auxiliar de enfermagem COREN-SP 123456-AE"),
    # Without a category nobody is called a nurse, or a dentist, or a veterinarian.
    ("COREN-SP 123456", {}, "COREN-SP 123456"),
    ("CRO-SP 12345", {}, "CRO-SP 12345"),
    ("CRMV-SP 12345", {}, "CRMV-SP 12345"),
    ("CRO-SP CD-12345", {}, "cirurgião(ã)-dentista CRO-SP CD-12345"),
    ("CRO-SP TSB-12345", {}, "técnico(a) em saúde bucal CRO-SP TSB-12345"),
    ("CRN-3 12345", {}, "nutricionista CRN-3 12345"),
    ("CRN-3 T12345", {}, "técnico(a) em nutrição e dietética CRN-3 T12345"),
    ("CRF-SP 12345", {}, "farmacêutico(a) CRF-SP 12345"),
    ("CREFITO-3/12345-F", {}, "fisioterapeuta CREFITO-3/12345-F"),
    ("CREFITO-3/12345-TO", {}, "terapeuta ocupacional CREFITO-3/12345-TO"),
    ("CRMV-SP 12345-VP", {}, "médico(a)-veterinário(a) CRMV-SP 12345-VP"),
    ("CRMV-SP 12345-ZP", {}, "zootecnista CRMV-SP 12345-ZP"),
    ("CRFa 2-12345", {}, "fonoaudiólogo(a) CRFa 2-12345"),
    ("CRBM-1 12345", {}, "biomédico(a) CRBM-1 12345"),
    ("CRESS 12345 - 9ª Região", {}, "assistente social CRESS-SP 12345"),
    ("CREF 123456-G/SP", {}, "profissional de educação física CREF 123456-G/SP"),
    ("OAB/SP 123.456", {}, "advogado(a) OAB/SP 123456"),
    # RQE is the CFM's; what another council's register of specialists looks like is not known.
    (
        "CRP 06/12345",
        {
            "specialties": [CARDIOLOGY],
            "claimed": ["Cardiologia"],
            "titles": [{"field": "X", "kind": "masters"}],
        },
        "psicóloga(o) CRP 06/12345",
    ),
    ("NPI 1234567893", {}, "NPI 1234567893"),
    ("MED0001234567", {}, "AHPRA MED0001234567"),
]


@pytest.mark.parametrize(("registration", "facts", "line"), GOLDEN)
def test_the_byline_by_the_professions_rule(registration, facts, line):
    assert byline_of(taken(registration, **facts)).text == f"{NAME} · {line}"
    assert byline_of(taken(registration, **facts, may_sign=False) | {"may_sign": False}) is None


async def claimed(clinic, professional_id: int, **wanted):
    everything = {"specialty": None, "subspecialty": None, "titles": (), **wanted}
    async with clinic.work(await officer(clinic)) as work:
        await claims.claim(work, professional_id, **everything)


async def test_a_specialty_is_claimed_with_its_rqe_and_a_course_as_a_title(clinic):
    await clinic.import_roster(ANA)
    user_id, professional_id = await clinic.registered(NUMBER, NAME)
    with pytest.raises(InvalidInput, match=r"has no RQE at the register \(registered: none\)"):
        await claimed(clinic, professional_id, specialty="Cardiologia")
    await clinic.verify(professional_id)
    await claimed(
        clinic,
        professional_id,
        specialty="Cardiologia",
        titles=(Title("Dermatologia"), Title("Cardiologia", "masters")),
    )
    async with clinic.work() as work:
        line = await byline(work, user_id)
    assert line.titles == (
        "Pós-graduação em Dermatologia NÃO ESPECIALISTA",
        "Mestrado em Cardiologia",
    )
    assert [e.covers for e in clinic.told(TitlesClaimed)] == [
        ("professional_registry.professionals",)
    ]
    faults = [
        ({"subspecialty": "Acupuntura"}, "subspecialty", "(registered: CARDIOLOGIA)"),
        ({"titles": [Title("X", "course")]}, "titles", "must be one of postgraduate"),
        ({"titles": [Title("\x00")]}, "titles", "plain text"),
        ({"titles": [Title("X")] * 11}, "titles", "at most 10"),
    ]
    for wanted, field, fault in faults:
        with pytest.raises(InvalidInput) as refusal:
            await claimed(clinic, professional_id, **wanted)
        assert fault in refusal.value.faults[field]
    _, psychologist = await clinic.registered(CRP, NAME)
    with pytest.raises(InvalidInput, match="no physician"):
        await claimed(clinic, psychologist, titles=(Title("X"),))
    author = Actor(ActorKind.PERSON, user_id, (), frozenset({"edit_posts"}))
    with pytest.raises(CapabilityMissing):
        async with clinic.work(author) as work:
            await claims.claim(work, professional_id, specialty=None, subspecialty=None, titles=())
