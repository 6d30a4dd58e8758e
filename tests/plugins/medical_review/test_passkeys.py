"""A passkey signs exactly what its person saw, once, here; nothing less is called advanced."""

import asyncio
import json

import psycopg
import pytest
from sqlalchemy import text

from cms.errors import Conflict
from plugins.medical_review.signing.keys import sealer
from plugins.medical_review.signing.signing import About, sign
from plugins.medical_review.signing.statements import SEAL, base64url, hash_of
from tests.plugins.medical_review.authenticator import Authenticator
from tests.plugins.medical_review.signers import (
    PASSKEYS,
    PROOFS,
    SIGNING,
    WORDS,
    accepted,
    configure,
    enrolled,
    prove,
    to_sign,
)
from tests.plugins.medical_review.test_signing import signature_of, written


@pytest.fixture
async def waiting(newsroom):
    """A reviewer, and a review that waits for her."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    return bruno, await newsroom.submit(await newsroom.article(ana), ana)


async def test_a_passkey_makes_a_decision_advanced(newsroom, cms, waiting, command, tmp_path):
    bruno, review = waiting
    await accepted(cms)
    proved = await prove(bruno, await enrolled(bruno), to_sign(bruno, review))
    assert proved.status_code == 201, proved.text
    decided = (await newsroom.decide(review, bruno)).json()
    assert decided["decision"]["level"] == "advanced"
    signature = await signature_of(newsroom, decided, bruno)
    evidence = signature["record"]["evidence"]
    assert (evidence["kind"], evidence["rp_id"]) == ("passkey", "clinica.example")
    assert evidence["acceptance"]["words_sha256"]
    file, keyring = await written(newsroom, bruno, tmp_path, signature)
    assert "level advanced" in await command("review", "verify", file, "--keys", keyring)


async def test_a_step_that_needs_more_says_what_to_sign_and_how(newsroom, cms, waiting):
    bruno, review = waiting
    await accepted(cms)
    configure(cms, signature_levels={"decision/approval": "advanced"})
    passkey = await enrolled(bruno)
    refused = await newsroom.decide(review, bruno)
    assert (refused.status_code, refused.json()["code"]) == (401, "signature.level")
    assert (refused.json()["needed"], refused.json()["given"]) == ("advanced", "simple")
    assert (await prove(bruno, passkey, refused.json()["to_sign"])).status_code == 201
    assert (await newsroom.decide(review, bruno)).status_code == 200


async def test_sending_back_needs_no_more_than_is_asked_of_it(newsroom, cms, waiting):
    bruno, review = waiting
    configure(cms, signature_levels={"decision": "advanced", "decision/review": "simple"})
    sent = await newsroom.decide(review, bruno, "send_back", comment="Falta a dose.")
    assert sent.json()["decision"]["level"] == "simple"


async def test_nobody_calls_it_advanced_before_the_organisation_accepts_it(newsroom, cms, waiting):
    """A level that a vendor's page promises is one that no court knows of."""
    bruno, review = waiting
    configure(cms, signature_levels={"decision": "advanced"})
    await prove(bruno, await enrolled(bruno), to_sign(bruno, review))
    refused = await newsroom.decide(review, bruno)
    assert refused.json()["given"] == "simple"
    assert "has not recorded that it accepts" in refused.json()["detail"]
    configure(cms, signature_levels={})
    decided = (await newsroom.decide(review, bruno)).json()
    assert decided["decision"]["level"] == "simple"
    record = (await signature_of(newsroom, decided, bruno))["record"]
    assert record["evidence"]["kind"] == "passkey"


@pytest.mark.parametrize(("accepts", "level"), [(False, "simple"), (True, "advanced")])
async def test_a_synced_passkey_is_advanced_only_where_that_is_accepted(
    newsroom, cms, waiting, accepts, level
):
    bruno, review = waiting
    await accepted(cms, accepts_synced=accepts)
    await prove(bruno, await enrolled(bruno, is_synced=True), to_sign(bruno, review))
    assert (await newsroom.decide(review, bruno)).json()["decision"]["level"] == level


async def test_a_proof_is_for_these_words_and_no_others(newsroom, cms, waiting):
    bruno, review = waiting
    await accepted(cms)
    await prove(bruno, await enrolled(bruno), to_sign(bruno, review))
    decided = await newsroom.decide(review, bruno, comment="Mais uma palavra.")
    assert decided.json()["decision"]["level"] == "simple"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"origin": "https://clinica.example.evil.example"}, "origin"),
        ({"rp_id": "outra.example"}, "RP ID"),
        ({"verifies": False}, "verification"),
    ],
)
async def test_a_passkey_used_elsewhere_or_without_its_person_is_refused(cms, waiting, fault, said):
    bruno, review = waiting
    passkey = await enrolled(bruno)
    for name, value in fault.items():
        setattr(passkey, name, value)
    refused = await prove(bruno, passkey, to_sign(bruno, review))
    assert (refused.status_code, said in refused.text) == (400, True), refused.text


async def test_another_challenge_is_refused(waiting):
    bruno, review = waiting
    passkey, wanted = await enrolled(bruno), to_sign(bruno, review)
    offers = [(await bruno.post(f"{PROOFS}/options", wanted)).json() for _ in range(2)]
    answer = passkey.get(offers[0]["options"])
    body = {"to_sign": wanted, "ticket": offers[1]["ticket"], "credential": answer}
    refused = await bruno.post(PROOFS, body)
    assert (refused.status_code, "challenge" in refused.text) == (400, True)


async def test_a_challenge_for_other_words_is_refused(waiting):
    bruno, review = waiting
    passkey, wanted = await enrolled(bruno), to_sign(bruno, review)
    offer = (await bruno.post(f"{PROOFS}/options", wanted)).json()
    other = to_sign(bruno, review, "send_back", "Falta tudo.")
    body = {
        "to_sign": other,
        "ticket": offer["ticket"],
        "credential": passkey.get(offer["options"]),
    }
    refused = await bruno.post(PROOFS, body)
    assert (refused.status_code, refused.json()["faults"].keys()) == (400, {"ticket"})


async def test_a_counter_that_goes_back_is_a_copied_key(waiting):
    bruno, review = waiting
    passkey = await enrolled(bruno)
    assert (await prove(bruno, passkey, to_sign(bruno, review))).status_code == 201
    passkey.count = 0
    refused = await prove(bruno, passkey, to_sign(bruno, review))
    assert (refused.status_code, "sign count" in refused.text) == (400, True)


async def test_a_key_of_somebody_else_signs_nothing(newsroom, waiting):
    bruno, review = waiting
    await enrolled(bruno)
    carla = await newsroom.reviewer("carla.revisora")
    theirs = await enrolled(carla)
    refused = await prove(bruno, theirs, to_sign(bruno, review))
    assert "is no passkey of yours" in refused.text
    stolen = await enrolled(bruno)
    stolen.key = theirs.key
    assert (await prove(bruno, stolen, to_sign(bruno, review))).status_code == 400


async def test_nobody_signs_in_the_name_of_another(newsroom, waiting):
    bruno, review = waiting
    carla = await newsroom.reviewer("carla.revisora")
    refused = await bruno.post(f"{PROOFS}/options", to_sign(carla, review))
    assert refused.json()["faults"].keys() == {"signer"}
    ours = to_sign(bruno, review) | {"meaning": "nothing", "content_hash": "x"}
    faults = (await bruno.post(f"{PROOFS}/options", ours)).json()["faults"]
    assert faults.keys() == {"meaning", "content_hash"}


async def test_an_answer_sent_twice_counts_once(newsroom, cms, waiting):
    bruno, review = waiting
    passkey, wanted = await enrolled(bruno, is_synced=True), to_sign(bruno, review)
    offer = (await bruno.post(f"{PROOFS}/options", wanted)).json()
    answer = passkey.get(offer["options"])
    body = {"to_sign": wanted, "ticket": offer["ticket"], "credential": answer}
    answers = await asyncio.gather(*(bruno.post(PROOFS, body) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]


async def test_a_proof_waits_five_minutes(newsroom, cms, waiting):
    bruno, review = waiting
    await accepted(cms)
    await prove(bruno, await enrolled(bruno), to_sign(bruno, review))
    with psycopg.connect(cms.host.addresses.owner, autocommit=True) as owner:
        owner.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        owner.execute(
            "update medical_review.signing_proofs set given_at = now() - interval '6 minutes'"
        )
    assert (await newsroom.decide(review, bruno)).json()["decision"]["level"] == "simple"


async def test_a_removed_passkey_signs_no_more_and_its_signatures_stand(newsroom, cms, waiting):
    bruno, review = waiting
    await accepted(cms)
    passkey = await enrolled(bruno)
    await prove(bruno, passkey, to_sign(bruno, review))
    decided = (await newsroom.decide(review, bruno)).json()
    [kept] = (await bruno.get(PASSKEYS)).json()
    assert kept["last_used_at"] is not None
    removed = await bruno.delete(f"{PASSKEYS}/{kept['id']}")
    assert removed.status_code == 204
    assert (await bruno.get(PASSKEYS)).json() == []
    assert "is no passkey of yours" in (await prove(bruno, passkey, to_sign(bruno, review))).text
    signature = await signature_of(newsroom, decided, bruno)
    assert (signature["is_intact"], signature["record"]["level"]) == (True, "advanced")


async def test_a_lost_passkey_is_removed_by_who_oversees_compliance_and_by_nobody_else(
    newsroom, cms, waiting
):
    bruno, _ = waiting
    await enrolled(bruno)
    [kept] = (await bruno.get(PASSKEYS)).json()
    carla = await newsroom.reviewer("carla.revisora")
    assert (await carla.delete(f"{PASSKEYS}/{kept['id']}")).status_code == 404
    officer = await cms.person("olga.oficial", ["compliance_officer"])
    assert (await officer.delete(f"{PASSKEYS}/{kept['id']}")).status_code == 204


async def test_a_passkey_belongs_to_one_person(newsroom, waiting):
    bruno, _ = waiting
    passkey = await enrolled(bruno)
    carla = await newsroom.reviewer("carla.revisora")
    offer = (await carla.post(f"{PASSKEYS}/options")).json()
    again = {"ticket": offer["ticket"], "label": "Minha"}
    refused = await carla.post(PASSKEYS, again | {"credential": passkey.create(offer["options"])})
    assert (refused.status_code, refused.json()["code"]) == (409, "passkey.known")
    stolen = {"ticket": (await bruno.post(f"{PASSKEYS}/options")).json()["ticket"], "label": "x"}
    foreign = await carla.post(
        PASSKEYS, stolen | {"credential": Authenticator().create(offer["options"])}
    )
    assert foreign.json()["faults"].keys() == {"ticket"}


@pytest.mark.parametrize(
    "credential",
    [{}, {"id": "x"}, {"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}, {"id": 7}],
)
async def test_what_is_no_passkey_at_all_is_refused_in_words(waiting, credential):
    bruno, review = waiting
    offer = (await bruno.post(f"{PASSKEYS}/options")).json()
    body = {"ticket": offer["ticket"], "label": "<b>", "credential": credential}
    refused = await bruno.post(PASSKEYS, body)
    assert refused.json()["faults"].keys() == {"label", "credential"}
    wanted = to_sign(bruno, review)
    ticket = (await bruno.post(f"{PROOFS}/options", wanted)).json()["ticket"]
    proof = await bruno.post(
        PROOFS, {"to_sign": wanted, "ticket": ticket, "credential": credential}
    )
    assert (proof.status_code, proof.json()["faults"].keys()) == (400, {"credential"})


async def test_keys_are_added_after_a_fresh_sign_in_only(cms, waiting):
    bruno, review = waiting
    async with cms.as_system() as work:
        old = "update cms.tokens set authenticated_at = now() - interval '1 hour'"
        await work.execute(text(f"{old} where tenant_id = :tenant"), {"tenant": cms.tenant.id})
        work._covered.add("cms.tokens")
    asked = (
        await bruno.post(f"{PASSKEYS}/options"),
        await bruno.get(PASSKEYS),
        await bruno.delete(f"{PASSKEYS}/1"),
        await bruno.post(f"{PROOFS}/options", to_sign(bruno, review)),
    )
    assert [(one.status_code, one.json()["obligations"]) for one in asked] == [
        (401, ["recent_sign_in"])
    ] * 4


async def test_only_who_oversees_compliance_says_what_is_accepted(newsroom, cms, waiting):
    bruno, _ = waiting
    address = f"{SIGNING}/acceptance"
    refused = await cms.http.put(address, json={"words": WORDS}, headers=bruno.bearer)
    assert refused.status_code == 403
    await accepted(cms)
    await accepted(cms, accepts_synced=True)
    said = (await bruno.get(address)).json()
    assert (said["words"], said["accepts_synced"]) == (WORDS, True)
    officer = await cms.person("olga.oficial")
    assert (await officer.delete(address)).status_code == 204
    assert (await officer.delete(address)).status_code == 404
    assert (await bruno.get(address)).json()["words"] is None
    short = await cms.http.put(address, json={"words": "Sim."}, headers=officer.bearer)
    assert short.json()["faults"].keys() == {"words"}


async def test_a_tampered_assertion_is_found_also_when_its_seal_is_not(
    newsroom, cms, waiting, command, tmp_path
):
    """Whoever holds the site's key can seal anything; the person's own signature he cannot make."""
    bruno, review = waiting
    await accepted(cms)
    await prove(bruno, await enrolled(bruno), to_sign(bruno, review))
    decided = (await newsroom.decide(review, bruno)).json()
    signature = await signature_of(newsroom, decided, bruno)
    signature["record"]["content_hash"] = "0" * 64
    digest = hash_of(signature["record"])
    async with cms.as_system() as work:
        seal = (await sealer(work)).seal(SEAL, digest)
    signature["hash"], signature["seal"]["value"] = digest.hex(), base64url(seal)
    file, keyring = await written(newsroom, bruno, tmp_path, signature)
    said = json.loads(await command("review", "verify", file, "--keys", keyring, "--json", code=1))
    assert len(said["faults"]) == 1
    assert "the passkey did not sign this" in said["faults"][0]


async def test_settings_and_addresses_agree_on_the_domain_of_passkeys(cms, waiting):
    bruno, _ = waiting
    offer = (await bruno.post(f"{PASSKEYS}/options")).json()
    assert offer["options"]["rp"] == {"name": "Clínica clinica", "id": "clinica.example"}
    assert offer["options"]["authenticatorSelection"]["userVerification"] == "required"
    configure(cms, passkey_domains={"clinica": "example"})
    offer = (await bruno.post(f"{PASSKEYS}/options")).json()
    assert offer["options"]["rp"]["id"] == "example"
    await cms.set_options(front_end_url="https://leitores.clinica.example/blog")
    await enrolled(bruno, rp_id="example", origin="https://leitores.clinica.example")


async def test_one_proof_serves_one_signature_whoever_is_first(newsroom, cms, waiting):
    bruno, _ = waiting
    await accepted(cms)
    words = {"post": 1, "reason": "Revisto."}
    wanted = {
        "tenant": cms.tenant.id,
        "signer": bruno.id,
        "kind": "override",
        "meaning": "responsibility",
        "content_hash": "00" * 32,
        "statement": words,
    }
    await prove(bruno, await enrolled(bruno), wanted)

    async def signed(number):
        async with bruno.work() as work:
            about = About("override", number)
            return (await sign(work, about, words, bytes(32), "responsibility")).level

    told = await asyncio.gather(signed(1), signed(2), return_exceptions=True)
    levels = [one for one in told if isinstance(one, str)]
    assert levels.count("advanced") == 1
    assert all(isinstance(one, str | Conflict) for one in told)
    assert await signed(3) == "simple"


@pytest.mark.parametrize("statement", [{"x": 2**60}, {"x": "y" * 100_000}])
async def test_what_has_no_canonical_form_is_not_signed(waiting, statement):
    bruno, review = waiting
    refused = await bruno.post(
        f"{PROOFS}/options", to_sign(bruno, review) | {"statement": statement}
    )
    assert refused.json()["faults"].keys() == {"statement"}


async def test_what_decoders_overlook_is_not_kept(newsroom, cms, waiting):
    bruno, review = waiting
    passkey, wanted = await enrolled(bruno), to_sign(bruno, review)
    offer = (await bruno.post(f"{PROOFS}/options", wanted)).json()
    answer = passkey.get(offer["options"])
    answer["response"]["signature"] += "\x00 !"
    body = {"to_sign": wanted, "ticket": offer["ticket"], "credential": answer}
    assert (await bruno.post(PROOFS, body)).status_code in {201, 400}
