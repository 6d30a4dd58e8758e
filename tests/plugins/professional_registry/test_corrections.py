"""What no good source tells is data that an administrator corrects, and no release waits for it."""

import asyncio
import re

import pytest

from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound
from plugins.professional_registry import commands, correcting, corrections
from plugins.professional_registry.correcting import Proposal
from plugins.professional_registry.identity import canonical, parse
from plugins.professional_registry.manual_events import CouncilCorrected
from plugins.professional_registry.patterns import pattern_fault
from plugins.professional_registry.standing import standing
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.two_people import SecondPersonNeeded
from tests.plugins.professional_registry.vouching import CRP, NAME, officer
from tests.support.costs import A_MOMENT, seconds


def proposal(**changed) -> Proposal:
    plain = {"council": "CRP", "kind": "status", "subject": "ATIVO", "value": {"status": "ACTIVE"}}
    return Proposal(**{**plain, "note": "site do CRP-06, lido em 2026-11-20", **changed})


async def proposed(clinic, by, **changed):
    async with clinic.work(by) as work:
        return await correcting.propose(work, proposal(**changed))


async def meaning(clinic, word: str) -> Status:
    async with clinic.work() as work:
        return await corrections.meaning(work, "CRP", word)


async def test_a_word_that_lets_somebody_sign_takes_two_people(clinic):
    csv = clinic.folder / "crp.csv"
    csv.write_text(f"Região;Número;Nome;Situação\n06;999991;{NAME};Ativo\n")
    user_id, _ = await clinic.registered(CRP, NAME)
    await commands.import_csv(clinic.shop, clinic.tenant, csv, "CRP")
    bia, eva = await officer(clinic), await officer(clinic)
    waiting = await proposed(clinic, bia)
    assert waiting.state == "proposed"
    assert await meaning(clinic, "Ativo") is Status.UNVERIFIED
    with pytest.raises(SecondPersonNeeded, match="You proposed"):
        async with clinic.work(bia) as work:
            await correcting.confirm(work, waiting.id)
    with pytest.raises(Conflict, match="waits already"):
        await proposed(clinic, eva)
    async with clinic.work() as work:
        assert not (await standing(work, user_id)).may_sign
    async with clinic.work(eva) as work:
        await correcting.confirm(work, waiting.id)
    async with clinic.work() as work:
        assert (await standing(work, user_id)).may_sign
    with pytest.raises(Conflict, match="in_force already"):
        async with clinic.work(eva) as work:
            await correcting.confirm(work, waiting.id)
    assert [e.state for e in clinic.told(CouncilCorrected)] == ["proposed", "in_force"]
    # The stricter meaning needs nobody else, and it reaches whoever signed by the old one.
    await proposed(clinic, bia, value={"status": "SUSPENDED"})
    async with clinic.work() as work:
        assert (await standing(work, user_id)).reason == "registry.revoked"
        assert [c.state for c in await correcting.all_of(work)] == ["in_force"]


async def test_a_bar_is_lifted_by_two_people_only(clinic):
    bia = await officer(clinic)
    assert await meaning(clinic, "suspenso") is Status.SUSPENDED
    loosened = await proposed(clinic, bia, subject="SUSPENSO", value={"status": "INACTIVE"})
    assert loosened.state == "proposed"
    barred = await proposed(clinic, bia, subject="Excluído", value={"status": "REVOKED"})
    assert (barred.state, await meaning(clinic, "EXCLUIDO")) == ("in_force", Status.REVOKED)
    with pytest.raises(Conflict, match="a second person confirms"):
        async with clinic.work(bia) as work:
            await correcting.withdraw(work, barred.id)
    async with clinic.work(bia) as work:
        await correcting.withdraw(work, loosened.id)
    with pytest.raises(Conflict, match="withdrawn"):
        async with clinic.work(bia) as work:
            await correcting.withdraw(work, loosened.id)
    with pytest.raises(NotFound):
        async with clinic.work(bia) as work:
            await correcting.confirm(work, 999)


async def test_of_two_who_confirm_at_once_one_does(clinic):
    waiting = await proposed(clinic, await officer(clinic))
    actors = [await officer(clinic) for _ in range(3)]

    async def confirmed(actor):
        async with clinic.work(actor) as work:
            await correcting.confirm(work, waiting.id)

    outcomes = await asyncio.gather(*map(confirmed, actors), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 2 + ["NoneType"]


async def test_of_two_who_correct_one_word_at_once_one_stays_in_force(clinic):
    actors = [await officer(clinic) for _ in range(3)]
    outcomes = await asyncio.gather(
        *(proposed(clinic, a, subject="Novo", value={"status": "INACTIVE"}) for a in actors),
        return_exceptions=True,
    )
    assert {type(outcome).__name__ for outcome in outcomes} <= {"Conflict", "Correction"}
    async with clinic.work(actors[0]) as work:
        assert len(await correcting.all_of(work)) == 1


async def test_regions_spellings_and_forms_are_corrected(clinic, other_clinic):
    bia = await officer(clinic)
    await proposed(
        clinic, bia, council="CREFITO", kind="region", subject="19", value={"ufs": ["GO"]}
    )
    spelling = r"^CRFa da (?P<region>[1-9])ª nº (?P<number>\d{1,6})$"
    await proposed(clinic, bia, council="CRFa", kind="spelling", value={"pattern": spelling})
    form = r"^(?:[1-9]|1[01])/(?:T)?\d{1,9}(?:/P)?$"
    await proposed(clinic, bia, council="CRN", kind="form", value={"pattern": form})
    async with clinic.work() as work:
        known = await corrections.councils(work)
    assert {r.code: r.ufs for r in known["CREFITO"].regions}["19"] == ("GO",)
    assert canonical(parse("CRFa da 2ª nº 99991", known)) == "CRFa 2-99991"
    assert known["CRN"].number.form_regex == form
    _, professional_id = await clinic.registered("CRFa da 2ª nº 99991", NAME)
    assert professional_id
    async with other_clinic.work(await officer(other_clinic)) as work:
        assert await correcting.all_of(work) == []
        assert canonical(parse("CRFa 2-1", await corrections.councils(work))) == "CRFa 2-1"
    with pytest.raises(InvalidInput):
        await other_clinic.registered("CRFa da 2ª nº 99991", NAME)


FAULTS = [
    ({"council": "CRX"}, "council", "must be one of CRM"),
    ({"kind": "fee"}, "kind", "must be one of status"),
    ({"subject": "???"}, "subject", "no word"),
    ({"council": "CRM", "subject": "cassado"}, "subject", "known from a good source"),
    ({"council": "CRM", "subject": "A"}, "subject", "known from a good source"),
    ({"value": {"status": "NOT_FOUND"}}, "value", "with one of ACTIVE"),
    ({"value": {"word": "ACTIVE"}}, "value", "must be"),
    ({"note": " "}, "note", "must name the source"),
    ({"kind": "region", "subject": "06", "value": {"ufs": ["SP"]}}, "subject", "good source"),
    ({"kind": "region", "subject": "x", "value": {"ufs": ["SP"]}}, "subject", "no region"),
    ({"kind": "region", "subject": "25", "value": {"ufs": ["XX"]}}, "value", "federative units"),
    ({"kind": "spelling", "value": {"pattern": 1}}, "value", "must be"),
    ({"kind": "spelling", "value": {"pattern": r"^CRM\d$"}}, "value", "begin with ^CRP"),
    ({"kind": "spelling", "value": {"pattern": r"^CRP\d$"}}, "value", "name the groups"),
    ({"kind": "form", "value": {"pattern": r"^\d$"}}, "value", "high confidence"),
    (
        {"council": "CRN", "kind": "form", "value": {"pattern": r"^\d$"}},
        "value",
        "would change how CRN-3 99991 is read",
    ),
]


async def test_every_fault_of_a_correction_is_named(clinic):
    bia = await officer(clinic)
    for changed, field, fault in FAULTS:
        with pytest.raises(InvalidInput) as refusal:
            await proposed(clinic, bia, **changed)
        assert fault in refusal.value.faults[field], changed
    with pytest.raises(CapabilityMissing):
        await proposed(clinic, type(bia)())
    with pytest.raises(CapabilityMissing, match="Only a person"):
        async with clinic.work() as work:
            await correcting.propose(work, proposal())


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        (r"^(?:0[1-9]|1\d|2[0-4])/\d{1,6}(?:/J)?$", ""),
        (r"^[A-Z]{2}\s?\d{1,7}$", ""),
        (r"\d{1,6}", "must be anchored"),
        (r"^a\$", "must be anchored"),
        (r"^a|b$", "outside of a group"),
        (r"^[$", "does not compile"),
        (r"^(a+)+$", "has no upper bound"),
        (r"^a*$", "has no upper bound"),
        (r"^a{2,}$", "has no upper bound"),
        (r"^(\d{1,3}){1,20}$", "repeats a group"),
        (r"^(?:a|aa){1,30}$", "repeats a group"),
        (r"^(a)\1$", "is not accepted"),
        (r"^(?=a)a$", "looks ahead"),
        ("^" + r"\d{0,9}" * 9 + "$", "may be tried"),
        ("^" + "a?" * 20 + "$", "may be tried"),
        ("^" + "a" * 300 + "$", "longer than 300"),
    ],
)
def test_an_expression_that_could_keep_a_process_busy_is_refused(pattern, fault):
    found = pattern_fault(pattern)
    assert (fault in found) if fault else found == ""


def test_the_worst_expression_that_is_taken_ends_at_once():
    worst = re.compile("^" + r"\d{0,9}" * 4 + "$")
    assert pattern_fault(worst.pattern) == ""
    assert worst.fullmatch("1" * 59 + "x") is None
    assert seconds(lambda: worst.fullmatch("1" * 59 + "x")) < A_MOMENT
