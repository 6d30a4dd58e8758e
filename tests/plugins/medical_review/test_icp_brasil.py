"""A signature is qualified when a certificate of ICP-Brasil made it over exactly these bytes."""

import base64
from datetime import timedelta

import msgspec
import pytest

from plugins.medical_review.settings import ReviewSettings
from plugins.medical_review.signing.health import trust_is_fresh
from tests.plugins.medical_review.certification import IMPOSSIBLE_CPF, Authority
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.signers import PROOFS, configure, to_sign
from tests.plugins.medical_review.test_signing import signature_of

NAME = "Bruno Revisor"


@pytest.fixture(scope="module")
def authority():
    """Making keys takes longer than the tests that use them."""
    return Authority()


@pytest.fixture
async def waiting(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    return bruno, await newsroom.submit(await newsroom.article(ana), ana)


async def give(person, wanted, holder, change=lambda der: der):
    """The answer to a proof by this certificate."""
    offer = (await person.post(f"{PROOFS}/options", wanted)).json()
    der = await holder.cades(base64.b64decode(offer["bytes"]))
    body = {"to_sign": wanted, "cades": base64.b64encode(change(der)).decode()}
    return await person.post(PROOFS, body)


async def test_a_certificate_makes_a_decision_qualified(
    newsroom, cms, waiting, authority, tmp_path
):
    bruno, review = waiting
    configure(cms, signature_levels={"decision": "qualified"}, **authority.write(tmp_path))
    refused = await newsroom.decide(review, bruno)
    assert refused.json()["needed"] == "qualified"
    given = await give(bruno, refused.json()["to_sign"], authority.holder(NAME))
    assert given.status_code == 201, given.text
    decided = (await newsroom.decide(review, bruno)).json()
    assert decided["decision"]["level"] == "qualified"
    signature = await signature_of(newsroom, decided, bruno)
    evidence = signature["record"]["evidence"]
    assert (evidence["kind"], evidence["revocation"]) == ("icp_brasil", "good")
    assert evidence["name"] == "BRUNO REVISOR"
    assert "AC Raiz Inventada v5" in evidence["issuer"]
    # The number behind the name is nobody's business but the signature's own.
    assert IMPOSSIBLE_CPF not in str(signature)
    assert signature["is_intact"]


async def test_the_signature_itself_is_for_those_who_oversee(
    newsroom, cms, waiting, authority, tmp_path
):
    bruno, review = waiting
    configure(cms, **authority.write(tmp_path))
    await give(bruno, to_sign(bruno, review), authority.holder(NAME))
    decided = (await newsroom.decide(review, bruno)).json()
    number = (await signature_of(newsroom, decided, bruno))["record"]["signature"]
    found = await bruno.get(f"{REVIEWS}/signatures/{number}/cades")
    assert found.headers["content-type"] == "application/pkcs7-signature"
    assert IMPOSSIBLE_CPF.encode() in found.content
    jo = await newsroom.journalist()
    assert (await jo.get(f"{REVIEWS}/signatures/{number}/cades")).status_code == 403
    assert (await bruno.get(f"{REVIEWS}/signatures/{number + 99}/cades")).status_code == 404


async def test_nothing_known_of_revocation_is_said_or_refused(cms, waiting, authority, tmp_path):
    bruno, review = waiting
    trust = {**authority.write(tmp_path), "icp_brasil_crls": ()}
    configure(cms, **trust, icp_brasil_revocation="require")
    refused = await give(bruno, to_sign(bruno, review), authority.holder(NAME))
    assert "nothing is known of its revocation" in refused.text
    configure(cms, **trust, icp_brasil_revocation="report")
    given = await give(bruno, to_sign(bruno, review), authority.holder(NAME))
    assert given.status_code == 201


async def test_a_revoked_certificate_signs_nothing(cms, waiting, tmp_path):
    bruno, review = waiting
    authority = Authority("AC Que Revoga")
    lost = authority.holder(NAME)
    authority.revoke(lost)
    configure(cms, **authority.write(tmp_path))
    assert "has been revoked" in (await give(bruno, to_sign(bruno, review), lost)).text


@pytest.mark.parametrize(
    ("options", "said"),
    [({"days": -1}, "is not valid now"), ({"usage": False}, "cannot be read|is not valid now")],
)
async def test_a_certificate_that_is_over_or_for_something_else_is_refused(
    cms, waiting, authority, tmp_path, options, said
):
    bruno, review = waiting
    configure(cms, **authority.write(tmp_path))
    refused = await give(bruno, to_sign(bruno, review), authority.holder(NAME, **options))
    assert refused.status_code == 400
    assert any(part in refused.text for part in said.split("|")), refused.text


async def test_a_certificate_of_another_root_is_refused(cms, waiting, authority, tmp_path):
    bruno, review = waiting
    configure(cms, **authority.write(tmp_path))
    stranger = Authority("AC Raiz Inventada").holder(NAME)
    refused = await give(bruno, to_sign(bruno, review), stranger)
    assert refused.status_code == 400
    assert "does not count" in refused.text


async def test_a_certificate_of_another_person_is_refused(cms, waiting, authority, tmp_path):
    bruno, review = waiting
    configure(cms, **authority.write(tmp_path))
    refused = await give(bruno, to_sign(bruno, review), authority.holder("Carla Revisora"))
    assert "another name than yours" in refused.text
    assert IMPOSSIBLE_CPF not in refused.text


async def test_a_signature_over_other_words_is_refused(cms, waiting, authority, tmp_path):
    bruno, review = waiting
    configure(cms, **authority.write(tmp_path))
    der = await authority.holder(NAME).cades(b"other words")
    body = {"to_sign": to_sign(bruno, review), "cades": base64.b64encode(der).decode()}
    assert "over other bytes" in (await bruno.post(PROOFS, body)).text


async def test_the_same_signature_counts_once(newsroom, cms, waiting, authority, tmp_path):
    bruno, review = waiting
    configure(cms, **authority.write(tmp_path))
    wanted = to_sign(bruno, review)
    offer = (await bruno.post(f"{PROOFS}/options", wanted)).json()
    der = await authority.holder(NAME).cades(base64.b64decode(offer["bytes"]))
    body = {"to_sign": wanted, "cades": base64.b64encode(der).decode()}
    assert (await bruno.post(PROOFS, body)).status_code == 201
    again = await bruno.post(PROOFS, body)
    assert (again.status_code, again.json()["code"]) == (409, "signing_proof.replayed")


@pytest.mark.parametrize("change", [lambda der: der[:-9], lambda der: b"x", lambda der: b""])
async def test_what_cannot_be_read_is_refused_in_words(cms, waiting, authority, tmp_path, change):
    bruno, review = waiting
    configure(cms, **authority.write(tmp_path))
    refused = await give(bruno, to_sign(bruno, review), authority.holder(NAME), change)
    assert (refused.status_code, refused.json()["faults"].keys()) == (400, {"cades"})


async def test_without_configured_roots_nothing_is_qualified(cms, waiting, authority):
    bruno, review = waiting
    refused = await give(bruno, to_sign(bruno, review), authority.holder(NAME))
    assert "icp_brasil_roots" in refused.text


async def test_roots_that_cannot_be_read_are_the_operators_fault_and_he_is_told(
    cms, waiting, authority, tmp_path
):
    bruno, review = waiting
    assert (await trust_is_fresh(cms.host)).is_well
    configure(cms, **authority.write(tmp_path))
    assert (await trust_is_fresh(cms.host)).is_well
    configure(cms, icp_brasil_roots=(str(tmp_path / "nichts.pem"),))
    found = await trust_is_fresh(cms.host)
    assert (found.is_well, "cannot be read" in found.message) == (False, True)
    given = await give(bruno, to_sign(bruno, review), authority.holder(NAME))
    assert (given.status_code, "cms check" in given.text) == (503, True)


async def test_a_revocation_list_that_has_ended_is_reported(cms, authority, tmp_path):
    configure(cms, **authority.write(tmp_path, age=timedelta(days=9)))
    found = await trust_is_fresh(cms.host)
    assert (found.is_well, "ended on" in found.message) == (False, True)


@pytest.mark.parametrize("step", ["Decision", "decision/maybe", "", "decision/approval/x"])
def test_a_step_that_cannot_be_is_refused_at_the_start(step):
    with pytest.raises(msgspec.ValidationError, match="signature_levels"):
        msgspec.convert({"signature_levels": {step: "advanced"}}, ReviewSettings)
