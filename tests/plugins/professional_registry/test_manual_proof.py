"""Where no register answers, one person looks, another confirms, and it counts for a while."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound, UnauditedWrite
from cms.kernel.actors import Actor, ActorKind
from plugins.professional_registry import proofs, registrations, sources
from plugins.professional_registry.bylines import byline
from plugins.professional_registry.demo_roster import DemoPhysician
from plugins.professional_registry.identity import parse
from plugins.professional_registry.manual import ManualProofs
from plugins.professional_registry.manual_events import (
    ManualProofConfirmed,
    ManualProofRecorded,
    ManualProofWithdrawn,
)
from plugins.professional_registry.manual_models import ManualProof
from plugins.professional_registry.proofs import Evidence, SpecialtyShown
from plugins.professional_registry.provider import Answer, Capabilities
from plugins.professional_registry.standing import standing
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.two_people import SecondPersonNeeded
from tests.plugins.professional_registry.vouching import CRP, NAME, officer, proved, recorded, seen

CRM, ANA = "CRM-SP 9900101", "Ana Maria Inventada"


async def today(clinic, user_id: int):
    async with clinic.work() as work:
        return await standing(work, user_id)


async def test_a_proof_counts_once_a_second_person_confirms_it(clinic):
    user_id, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await recorded(clinic, professional_id, await officer(clinic))
    await clinic.verify(professional_id)
    assert not (await today(clinic, user_id)).may_sign
    async with clinic.work(await officer(clinic)) as work:
        proof = await proofs.confirm(work, proof_id)
    found = await today(clinic, user_id)
    assert (found.may_sign, found.source) == (True, "manual")
    assert found.fresh_until == proof.expires_at
    assert await clinic.history(professional_id) == [("UNVERIFIED", "ACTIVE")]


async def test_the_events_carry_ids_and_no_name(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await proved(clinic, professional_id)
    async with clinic.work(await officer(clinic)) as work:
        await proofs.withdraw(work, proof_id)
    for kind in (ManualProofRecorded, ManualProofConfirmed, ManualProofWithdrawn):
        (event,) = clinic.told(kind)
        assert event.ids() == {
            "proof_id": proof_id,
            "professional_id": professional_id,
            "outcome": "success",
        }
        assert event.covers == ("professional_registry.manual_proofs",)
        assert NAME not in str(event)


async def test_the_page_is_kept_without_what_was_typed_into_it(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    await proved(clinic, professional_id)
    async with clinic.work() as work:
        (proof,) = await proofs.proofs_of(work, professional_id)
    assert proof.page == "https://cadastro.cfp.org.br/consulta"


async def test_nobody_confirms_her_own_look(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    bia = await officer(clinic)
    proof_id = await recorded(clinic, professional_id, bia)
    with pytest.raises(SecondPersonNeeded, match="recorded this proof yourself"):
        async with clinic.work(bia) as work:
            await proofs.confirm(work, proof_id)


async def test_nobody_vouches_for_herself(clinic):
    clara = await officer(clinic)
    _, professional_id = await clinic.registered(CRP, NAME, user_id=clara.user_id)
    with pytest.raises(SecondPersonNeeded, match="her own registration"):
        await recorded(clinic, professional_id, clara)
    proof_id = await recorded(clinic, professional_id, await officer(clinic))
    for use_case in (proofs.confirm, proofs.withdraw):
        with pytest.raises(SecondPersonNeeded, match="her own registration"):
            async with clinic.work(clara) as work:
                await use_case(work, proof_id)


async def test_both_must_manage_registrations_and_be_people(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    author = Actor(ActorKind.PERSON, await clinic.person(), (), frozenset({"edit_posts"}))
    with pytest.raises(CapabilityMissing):
        await recorded(clinic, professional_id, author)
    proof_id = await recorded(clinic, professional_id, await officer(clinic))
    for use_case in (proofs.confirm, proofs.withdraw):
        with pytest.raises(CapabilityMissing):
            async with clinic.work(author) as work:
                await use_case(work, proof_id)
    with pytest.raises(CapabilityMissing, match="Only a person"):
        async with clinic.work() as work:
            await proofs.confirm(work, proof_id)


FAULTS = [
    ("page", {"page": "ftp://cfp.org.br"}, "https://host"),
    ("page", {"page": "https://[::1"}, "no address"),
    ("page", {"page": "https://10.0.0.1/x"}, "https://host"),
    ("page", {"page": "https://cfp-org.com.br/busca"}, "no council's host"),
    ("page", {"page": "https://cfp.org.br.example.com/"}, "no council's host"),
    ("page", {"page": "https://eu@cfp.org.br/"}, "without a user"),
    ("name", {"name": "Bruna Suposta"}, "is not 'Clara"),
    ("name", {"name": " "}, "is empty"),
    ("status", {"status": "ATIVO"}, "must be one of ACTIVE"),
    ("status", {"status": "UNVERIFIED"}, "must be one of ACTIVE"),
    ("said", {"said": ""}, "is empty"),
    ("said", {"said": "a\x00b"}, "plain text"),
    ("evidence", {"evidence": Evidence("a.png", 1, "abc")}, "64 hexadecimal"),
    ("evidence", {"evidence": Evidence("a.png", 0, "a" * 64)}, "empty file"),
    ("evidence", {"evidence": Evidence("", 1, "a" * 64)}, "name is empty"),
    ("specialties", {"specialties": (SpecialtyShown("X", "abc"),)}, "RQE of digits"),
    ("checked_at", {"checked_at": datetime(2099, 1, 1, tzinfo=UTC)}, "in the future"),
    ("checked_at", {"checked_at": datetime(2026, 1, 1)}, "need an offset"),  # noqa: DTZ001
    ("expires_at", {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "is over"),
    ("expires_at", {"expires_at": datetime(2099, 1, 1, tzinfo=UTC)}, "at most 90 days"),
]


async def test_every_fault_of_a_proof_is_named_with_its_field(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    bia = await officer(clinic)
    for field, changed, fault in FAULTS:
        with pytest.raises(InvalidInput) as refusal:
            await recorded(clinic, professional_id, bia, **changed)
        assert fault in refusal.value.faults[field], field
    assert clinic.told(ManualProofRecorded) == []


async def test_a_foreign_register_stands_on_a_host_of_its_own(clinic):
    user_id, professional_id = await clinic.registered("GMC 9999999", NAME)
    await proved(clinic, professional_id, page="https://www.gmc-uk.org/registrants/9999999")
    assert (await today(clinic, user_id)).may_sign
    async with clinic.work() as work:
        assert (await byline(work, user_id)).text == f"{NAME} · GMC 9999999"


async def test_a_proof_runs_out(clinic):
    user_id, professional_id = await clinic.registered(CRP, NAME)
    await proved(clinic, professional_id)
    async with clinic.work() as work:
        work.now += timedelta(days=31)
        assert (await standing(work, user_id)).reason == "registry.expired"
        await registrations.verify(work, professional_id)
        assert (await standing(work, user_id)).reason == "registry.unverified"


async def test_a_proof_that_ran_out_is_not_confirmed(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await recorded(clinic, professional_id, await officer(clinic))
    async with clinic.work(await officer(clinic)) as work:
        work.now += timedelta(days=31)
        with pytest.raises(Conflict, match="ran out"):
            await proofs.confirm(work, proof_id)


async def test_a_withdrawn_proof_counts_no_longer_and_stays_on_record(clinic):
    user_id, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await proved(clinic, professional_id)
    third = await officer(clinic)
    async with clinic.work(third) as work:
        await proofs.withdraw(work, proof_id)
    assert not (await today(clinic, user_id)).may_sign
    async with clinic.work() as work:
        (proof,) = await proofs.proofs_of(work, professional_id)
    assert (proof.withdrawn_by, proof.status) == (third.user_id, "ACTIVE")
    for use_case, words in ((proofs.withdraw, "already"), (proofs.confirm, "record a new one")):
        with pytest.raises(Conflict, match=words):
            async with clinic.work(third) as work:
                await use_case(work, proof_id)


async def test_of_two_who_confirm_at_once_one_does(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await recorded(clinic, professional_id, await officer(clinic))
    actors = [await officer(clinic) for _ in range(4)]

    async def confirmed(actor):
        async with clinic.work(actor) as work:
            await proofs.confirm(work, proof_id)

    outcomes = await asyncio.gather(*map(confirmed, actors), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 3 + ["NoneType"]
    assert len(clinic.told(ManualProofConfirmed)) == 1


async def test_two_tenants_never_meet(clinic, other_clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await recorded(clinic, professional_id, await officer(clinic))
    stranger = await officer(other_clinic)
    for use_case in (proofs.confirm, proofs.withdraw):
        with pytest.raises(NotFound):
            async with other_clinic.work(stranger) as work:
                await use_case(work, proof_id)
    async with other_clinic.work(stranger) as work:
        assert await proofs.proofs_of(work, professional_id) == []


# -- the stricter of proof and source counts


class Source:
    """A council's service that says what the test wants, asked anew each time; `days_ago` is the
    age of what it knows."""

    name, capabilities = "online", Capabilities(councils=("CRP",))

    def __init__(self, status: Status, days_ago: int = 0):
        self.status = status
        self.age = timedelta(days=days_ago)

    def validate_format(self, identity):
        return None

    async def lookup(self, work, identity, name):
        return Answer(
            status=self.status,
            source="online",
            fetched_at=work.now,
            as_of=work.now - self.age,
            name=NAME,
        )


# What the council's service says, what two people saw, and which of the two counts.
STRICTER = [
    ("REVOKED", "ACTIVE", "REVOKED", "online"),
    ("SUSPENDED", "ACTIVE", "SUSPENDED", "online"),
    ("RESTRICTED", "ACTIVE", "RESTRICTED", "online"),
    ("NOT_FOUND", "ACTIVE", "NOT_FOUND", "online"),
    ("ACTIVE", "SUSPENDED", "SUSPENDED", "manual"),
    ("ACTIVE", "ACTIVE", "ACTIVE", "online"),
    ("UNVERIFIED", "ACTIVE", "ACTIVE", "manual"),
    ("SOURCE_UNAVAILABLE", "ACTIVE", "ACTIVE", "manual"),
]


async def test_the_stricter_counts(clinic, monkeypatch):
    for position, (online, proof, status, source) in enumerate(STRICTER):
        monkeypatch.setattr(sources, "PROVIDERS", (Source(Status(online)),))
        user_id, professional_id = await clinic.registered(f"CRP 06/99900{position}", NAME)
        await proved(clinic, professional_id, status=proof)
        found = await today(clinic, user_id)
        assert (found.status, found.source) == (status, source), (online, proof)


async def test_the_date_of_a_source_that_does_not_know_shields_it_from_no_proof(
    clinic, monkeypatch
):
    monkeypatch.setattr(sources, "PROVIDERS", (Source(Status.UNVERIFIED),))
    user_id, professional_id = await clinic.registered(CRP, NAME)
    await clinic.verify(professional_id)
    await proved(clinic, professional_id)
    assert (await today(clinic, user_id)).source == "manual"


@pytest.mark.parametrize("status", [Status.UNVERIFIED, Status.NOT_FOUND, Status.REVOKED])
async def test_a_proof_that_is_withdrawn_counts_no_more_beside_an_older_roster(
    clinic, monkeypatch, status
):
    user_id, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await proved(clinic, professional_id)
    assert (await today(clinic, user_id)).may_sign
    monkeypatch.setattr(sources, "PROVIDERS", (Source(status, days_ago=7),))
    async with clinic.work(await officer(clinic)) as work:
        await proofs.withdraw(work, proof_id)
    assert (await today(clinic, user_id)).status is status


async def test_a_proof_does_not_lift_what_a_register_said_before_it_fell_silent(
    clinic, monkeypatch
):
    user_id, professional_id = await clinic.registered(CRP, NAME)
    for status in ("REVOKED", "UNVERIFIED", "SOURCE_UNAVAILABLE"):
        monkeypatch.setattr(sources, "PROVIDERS", (Source(Status(status)),))
        await clinic.verify(professional_id)
    await proved(clinic, professional_id)
    await clinic.verify(professional_id)
    assert not (await today(clinic, user_id)).may_sign
    monkeypatch.setattr(sources, "PROVIDERS", (Source(Status.ACTIVE),))
    await clinic.verify(professional_id)
    assert (await today(clinic, user_id)).may_sign


async def test_a_penalty_in_one_uf_is_not_healed_by_a_proof_in_another(clinic):
    await clinic.import_roster(DemoPhysician(ANA, "SP", 9900101, "C"))
    user_id, revoked = await clinic.registered(CRM, ANA)
    await clinic.verify(revoked)
    _, other = await clinic.registered("CRM-MG 9900102", ANA, user_id=user_id)
    await proved(clinic, other, name=ANA, page="https://crmmg.org.br/busca")
    assert (await today(clinic, user_id)).reason == "registry.revoked"


async def test_a_physician_who_is_newer_than_the_roster_is_proved_by_hand(clinic):
    await clinic.import_roster(days_ago=2)
    user_id, professional_id = await clinic.registered(CRM, ANA, specialty="Cardiologia")
    await clinic.verify(professional_id)
    await proved(
        clinic,
        professional_id,
        name=ANA,
        page="https://portal.cfm.org.br/busca-medicos/",
        specialties=(SpecialtyShown("CARDIOLOGIA", "99991"),),
    )
    async with clinic.work() as work:
        line = await byline(work, user_id)
    assert line.text == f"{ANA} · MÉDICO(A) {CRM} · Cardiologia RQE 99991"
    # A roster taken after the look that still does not have her is the later word.
    await clinic.import_roster()
    assert (await today(clinic, user_id)).status is Status.NOT_FOUND


async def test_the_provider_answers_by_the_key_of_the_registration(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    provider = ManualProofs()
    async with clinic.work() as work:
        assert (await provider.lookup(work, parse(CRP), NAME)).status is Status.UNVERIFIED
    proof_id = await proved(clinic, professional_id)
    async with clinic.work() as work:
        answer = await provider.lookup(work, parse(CRP), NAME)
        unknown = await provider.lookup(work, parse("CRP 06/999992"), NAME)
        assert (await provider.health(work)).is_well
    assert (answer.status, answer.evidence["proof"]) == (Status.ACTIVE, proof_id)
    assert answer.evidence["sha256"] == seen().evidence.sha256
    assert unknown.status is Status.UNVERIFIED
    assert provider.validate_format(parse(CRP)) is None


async def test_a_proof_is_not_written_in_silence(clinic):
    _, professional_id = await clinic.registered(CRP, NAME)
    proof_id = await recorded(clinic, professional_id, await officer(clinic))
    with pytest.raises(UnauditedWrite, match="manual_proofs"):
        async with clinic.work() as work:
            await work.execute(
                update(ManualProof)
                .where(ManualProof.tenant_id == work.tenant_id, ManualProof.id == proof_id)
                .values(confirmed_at=work.now, confirmed_by=await clinic.person())
            )
