"""What each service says, in the product's words; and nothing is ACTIVE by accident."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.errors import InvalidInput
from plugins.professional_registry.identity import RegistrationId, canonical, parse
from plugins.professional_registry.identity_proof import (
    Confirmation,
    IdentityProof,
    LegalBasis,
)
from plugins.professional_registry.names import fold
from plugins.professional_registry.provider import Specialty
from plugins.professional_registry.providers.ans_rpps import AnsRpps
from plugins.professional_registry.providers.cfm_soap import CfmSoap
from plugins.professional_registry.providers.nppes import Nppes
from plugins.professional_registry.resilience import Line
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.wire import Question, Reply
from tests.plugins.professional_registry.wire import forms, server
from tests.plugins.professional_registry.wire.forms import (
    JSON,
    bundle,
    enumerated,
    physician,
    practitioner,
    role,
    soap,
)
from tests.plugins.professional_registry.wire.server import reply
from tests.plugins.professional_registry.wire.test_faults import (
    ANA,
    NAME,
    NPI,
    RPPS,
    Now,
    cfm,
    line,
)

BORN = date(1980, 3, 31)
CPF = "99999999999"


class Told:
    """A wire that brings these bodies; for laws that are tried a thousand times."""

    def __init__(self, *bodies: bytes) -> None:
        self.bodies, self.asked = list(bodies), list[Question]()

    async def send(self, question: Question, seconds: float) -> Reply:
        self.asked.append(question)
        return Reply(200, self.bodies[len(self.asked) - 1])


def physicians(key_file, *told: str) -> CfmSoap:
    wire = Told(soap("".join(told)))
    return CfmSoap(wire, Line(1e6), key_file=key_file)


async def test_the_cfm_is_asked_with_number_uf_and_the_customers_key(key_file):
    async with server.opened() as council:
        council.will(reply(soap(physician())))
        answer = await cfm(council.url, key_file).lookup(Now(), ANA, NAME)
    (request,) = council.asked
    head = request.partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("POST /service HTTP/1.1\r\n")
    assert 'SOAPAction: ""' in head
    assert "KEY-OF-THE-CUSTOMER" not in head
    assert b"<ser:Consultar>" in request
    asked = {"crm": "9900101", "uf": "SP", "chave": "KEY-OF-THE-CUSTOMER"}
    assert forms.fields_of(request) == asked
    assert answer.specialties == (Specialty("CARDIOLOGIA", "99991"), Specialty("ACUPUNTURA"))
    assert (answer.category, answer.status_raw) == ("P", "A")
    assert answer.as_of == Now.now
    assert answer.evidence == {"dataAtualizacao": "20/11/2020"}


@pytest.mark.parametrize("written", ["CRM-RJ 52-990010", "CRM-RJ 52.99001-0", "CRM/RJ 990010"])
@pytest.mark.parametrize("printed", ["990010", "52-990010", "52.99001-0", "0990010"])
async def test_rio_is_asked_without_its_52_and_may_answer_with_it(key_file, written, printed):
    source = physicians(key_file, physician(number=printed, uf="RJ"))
    answer = await source.lookup(Now(), parse(written), NAME)
    asked = forms.fields_of(b"\r\n\r\n" + source._wire.asked[0].body)
    assert asked["crm"] == "990010"
    assert answer.status is Status.ACTIVE


@pytest.mark.parametrize(
    ("letter", "status"),
    [
        ("A", Status.ACTIVE),
        ("Regular", Status.ACTIVE),
        ("ATIVO", Status.ACTIVE),
        ("B", Status.RESTRICTED),
        ("C", Status.REVOKED),
        ("F", Status.DECEASED),
        ("S", Status.SUSPENDED),
        ("T", Status.TRANSFERRED),
        ("E", Status.INACTIVE),
        ("a", Status.UNVERIFIED),
        ("AA", Status.UNVERIFIED),
        ("Regular!", Status.UNVERIFIED),
        ("Z", Status.UNVERIFIED),
    ],
)
async def test_a_letter_is_believed_as_it_stands(key_file, letter, status):
    answer = await physicians(key_file, physician(letter)).lookup(Now(), ANA, NAME)
    assert (answer.status, answer.status_raw) == (status, letter)


@pytest.mark.parametrize(
    ("code", "status"),
    [("8101", Status.NOT_FOUND), ("4000", Status.UNVERIFIED), ("4010", Status.UNVERIFIED)],
)
async def test_what_the_cfm_says_of_the_number_is_an_answer(key_file, code, status):
    answer = await physicians(key_file, forms.error(code)).lookup(Now(), ANA, NAME)
    assert (answer.status, answer.fault) == (status, "")
    assert "KEY" not in answer.note


@pytest.mark.parametrize(
    "told",
    [
        [physician(number="9900102")],
        [physician(uf="RJ")],
        [physician(kind="E")],
        [physician(), physician(number="1")],
        [physician(name="BRUNA SUPOSTA"), physician(name="CARLA SUPOSTA")],
    ],
    ids=["another number", "another UF", "a student", "two numbers", "two other people"],
)
async def test_what_does_not_fit_is_for_a_person_to_judge(key_file, told):
    answer = await physicians(key_file, *told).lookup(Now(), ANA, NAME)
    assert answer.status is Status.UNVERIFIED


async def test_the_name_chooses_between_two_of_one_number(key_file):
    told = [physician("C", name="BRUNA SUPOSTA", kind="V"), physician()]
    answer = await physicians(key_file, *told).lookup(Now(), ANA, NAME)
    assert answer.status is Status.ACTIVE


@example("A")
@example("Regular")
@example("regular.")
@given(letter=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=12))
async def test_no_other_letter_or_word_makes_anybody_active(tmp_path_factory, letter):
    file = tmp_path_factory.getbasetemp() / "cfm-key"
    file.write_text("k")
    source = physicians(str(file), physician(letter))
    answer = await source.lookup(Now(), ANA, NAME)
    said = letter.strip()
    if answer.status is Status.ACTIVE:
        assert said == "A" or fold(said) in {"regular", "ativo"}
    if said in {"A", "Regular", "Ativo"}:
        assert answer.status is Status.ACTIVE


@given(
    status=st.sampled_from(["A", "a", "A ", "D", "", "ACTIVE"]) | st.text(max_size=3),
    kind=st.sampled_from(["NPI-1", "NPI-2", ""]),
    state=st.sampled_from(["NY", "ny", "TX", "", None]),
    licence=st.sampled_from(["X1", "", " ", None]),
    accepted=st.sampled_from([(), ("NY",)]),
)
@example("A", "NPI-1", "NY", "X1", ("NY",))
@example("A", "NPI-2", "NY", "X1", ("NY",))
@example("A", "NPI-1", "NY", "X1", ())
@example("A", "NPI-1", "TX", "X1", ("NY",))
@example("A", "NPI-1", "NY", " ", ("NY",))
@example("a", "NPI-1", "NY", "X1", ("NY",))
async def test_an_npi_is_active_only_with_a_licence_that_the_tenant_accepts(
    status, kind, state, licence, accepted
):
    told = enumerated(
        basic={"status": status},
        enumeration_type=kind,
        taxonomies=[{"desc": "x", "state": state, "license": licence}],
    )
    source = Nppes(Told(told), Line(1e6), licence_states=accepted)
    answer = await source.lookup(Now(), NPI, NAME)
    expected = (status, kind, state, licence, accepted) == ("A", "NPI-1", "NY", "X1", ("NY",))
    assert (answer.status is Status.ACTIVE) is expected
    assert (answer.status is Status.INACTIVE) is (status == "D")


async def test_nppes_is_asked_and_read(key_file):
    async with server.opened() as council:
        council.will(reply(enumerated(), JSON))
        source = Nppes(cfm("", key_file)._wire, line(), url=council.url)
        answer = await source.lookup(Now(), NPI, "Ana M. Inventada")
    assert council.asked[0].startswith(b"GET /service?version=2.1&number=1234567893 HTTP/1.1")
    assert (answer.status, answer.name) == (Status.UNVERIFIED, "ANA MARIA INVENTADA")
    assert answer.note == "an NPI is not a licence: ask the state board"
    assert answer.evidence["licences"] == [{"state": "NY", "licence": "X99999"}]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (b'{"result_count":0,"results":[]}', Status.NOT_FOUND),
        (enumerated(number="1234567802"), Status.UNVERIFIED),
        (enumerated(number=1234567893, basic={"status": "D"}), Status.INACTIVE),
    ],
)
async def test_nppes_answers_other_than_an_active_number(told, status):
    answer = await Nppes(Told(told), Line(1e6)).lookup(Now(), NPI, NAME)
    assert answer.status is status


@pytest.mark.parametrize(
    ("identity", "fault"),
    [
        (NPI, None),
        (RegistrationId("NPI", "", "1234567890", country="US"), "check digit"),
        (RegistrationId("NPI", "", "3234567893", country="US"), "the first 1 or 2"),
        (RegistrationId("NPI", "", "123", country="US"), "10 digits"),
        (ANA, "no CRM numbers"),
    ],
)
def test_an_npi_has_ten_digits_and_a_check_digit(identity, fault):
    found = Nppes(Told(), Line(1)).validate_format(identity)
    assert found is None if fault is None else fault in (found or "")


def rpps(key_file, *bodies: bytes) -> AnsRpps:
    return AnsRpps(Told(*bodies), Line(1e6), key_file=key_file)


async def test_the_annuaire_is_asked_with_the_key_in_a_header(key_file):
    source = rpps(key_file, bundle(practitioner()), bundle(role(), role(id="other")))
    answer = await source.lookup(Now(), RPPS, "Anne Inventee")
    first, second = source._wire.asked
    assert first.url == "https://gateway.api.esante.gouv.fr/fhir/v2/Practitioner"
    assert first.parameters == {"identifier": "urn:oid:1.2.250.1.71.4.2.1|810001234567"}
    assert second.parameters == {"practitioner": "003-1"}
    assert first.headers["ESANTE-API-KEY"] == "KEY-OF-THE-CUSTOMER"
    assert (answer.status, answer.name) == (Status.ACTIVE, "Anne Marie INVENTEE")
    assert answer.specialties == (Specialty("Cardiologie"),)


NOBODY = {"reference": "Practitioner/other"}
STUDENT = [{"coding": [{"system": "https://x/TRE_R09-CategorieProfessionnelle", "code": "E"}]}]


@pytest.mark.parametrize(
    ("people", "roles", "status"),
    [
        ([], [], Status.NOT_FOUND),
        ([practitioner(active=False)], [role()], Status.INACTIVE),
        ([practitioner(active=None)], [role()], Status.UNVERIFIED),
        ([practitioner(identifier=[])], [role()], Status.UNVERIFIED),
        ([practitioner(), practitioner()], [role()], Status.UNVERIFIED),
        ([practitioner()], [], Status.UNVERIFIED),
        ([practitioner()], [role(active=False)], Status.UNVERIFIED),
        ([practitioner()], [role(practitioner=NOBODY)], Status.UNVERIFIED),
        ([practitioner()], [role(period={"end": "2020-01-01"})], Status.UNVERIFIED),
        ([practitioner()], [role(period={"end": "once"})], Status.UNVERIFIED),
        ([practitioner()], [role(period={"end": "2990-01-01"})], Status.ACTIVE),
        ([practitioner()], [role(code=STUDENT)], Status.UNVERIFIED),
        ([practitioner(name=[])], [role(name=[{"family": "X", "given": ["Y"]}])], Status.ACTIVE),
    ],
)
async def test_who_practises_today_is_active_and_nobody_else(key_file, people, roles, status):
    source = rpps(key_file, bundle(*people), bundle(*roles))
    assert (await source.lookup(Now(), RPPS, NAME)).status is status


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.binary(max_size=60) | JSONISH.map(lambda value: json.dumps(value).encode()))
async def test_noise_is_never_an_answer(tmp_path_factory, noise):
    file = tmp_path_factory.getbasetemp() / "noise-key"
    file.write_text("k")
    for source, identity in (
        (CfmSoap(Told(noise), Line(1e6), key_file=str(file)), ANA),
        (Nppes(Told(noise), Line(1e6)), NPI),
        (rpps(str(file), noise), RPPS),
    ):
        answer = await source.lookup(Now(), identity, NAME)
        assert answer.status is Status.SOURCE_UNAVAILABLE
        assert answer.fault


PROOF = IdentityProof("999.999.999-99", BORN, LegalBasis.CONSENT)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("true", Confirmation.CONFIRMED),
        ("false", Confirmation.DENIED),
        ("1", Confirmation.UNKNOWN),
        ("", Confirmation.UNKNOWN),
    ],
)
async def test_validar_compares_and_only_an_exact_true_confirms(key_file, told, said):
    inside = f"<resultadoConsulta>{told}</resultadoConsulta>"
    async with server.opened() as council:
        council.will(reply(soap(inside, "Validar")))
        assert await cfm(council.url, key_file).confirm(ANA, PROOF) is said
    asked = forms.fields_of(council.asked[0])
    assert (asked["cpf"], asked["dataNascimento"]) == (CPF, "31/03/1980")


async def test_validar_knows_nothing_when_the_service_is_down(key_file):
    async with server.opened() as council:
        council.will(reply(b"", status="503 Busy"))
        assert await cfm(council.url, key_file).confirm(ANA, PROOF) is Confirmation.UNKNOWN
        council.will(reply(soap(forms.error("8101"), "Validar")))
        assert await cfm(council.url, key_file).confirm(ANA, PROOF) is Confirmation.UNKNOWN


async def test_the_complete_lookup_takes_the_proof_and_answers_the_same(key_file):
    async with server.opened() as council:
        council.will(reply(soap(physician("S"), "ConsultaCompleta")))
        source = cfm(council.url, key_file)
        answer = await source.lookup_complete(ANA, NAME, PROOF, datetime.now(UTC))
    assert answer.status is Status.SUSPENDED
    assert forms.fields_of(council.asked[0])["cpf"] == CPF
    assert CPF not in repr(answer)


def test_a_proof_shows_and_stores_nothing():
    assert repr(PROOF) == "IdentityProof(art-7-i)"
    with pytest.raises(TypeError):
        PROOF.__reduce__()
    with pytest.raises(InvalidInput) as refused:
        IdentityProof("1234", BORN, LegalBasis.CONSENT)
    assert "1234" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("npi: 1234567893", NPI), ("RPPS nº 10001234567", RPPS), ("NPI-1234567893", NPI)],
)
def test_foreign_numbers_are_read_and_written(written, meant):
    assert parse(written) == meant
    assert parse(canonical(meant)) == meant
