"""A signature is somebody's, under exactly these words, about exactly this text."""

import asyncio
import json
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text

from cms.errors import Conflict, Forbidden, StepUpRequired
from cms.kernel.actors import SYSTEM
from plugins.medical_review.signing import keys, reading
from plugins.medical_review.signing.models import Signature
from plugins.medical_review.signing.signing import About, Guest, sign
from tests.plugins.medical_review.conftest import REVIEWS

HASH = bytes(range(32))
WORDS = {"post": 12, "reason": "Revisto."}


async def signature_of(newsroom, decided, by):
    """The signature under a decision, as the API gives it."""
    found = await by.get(f"{REVIEWS}/signatures/of/decision/{decided['decision']['id']}")
    assert found.status_code == 200, found.text
    [signature] = found.json()
    return signature


async def an_approval(newsroom):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    decided = await newsroom.approve(await newsroom.article(ana), ana, rui)
    return rui, decided


async def written(newsroom, by, tmp_path, signature):
    """The signature and the site's keys as files."""
    sealed, keyring = tmp_path / "signature.json", tmp_path / "keys.json"
    sealed.write_text(json.dumps(signature))
    keyring.write_text((await newsroom.cms.http.get(f"{REVIEWS}/keys")).text)
    return str(sealed), str(keyring)


async def test_an_approval_is_a_signature_with_all_that_has_to_stand_beside_it(newsroom):
    """Others keep who clicked and when; nobody can tell from it what was signed, and as whom."""
    rui, decided = await an_approval(newsroom)
    signature = await signature_of(newsroom, decided, rui)
    record = signature["record"]
    assert signature["is_intact"]
    assert record["content_hash"] == decided["decision"]["content_hash"]
    assert (record["meaning"], record["level"]) == ("approval", "simple")
    assert record["signer"]["name"] == "Rui Revisor"
    assert record["signer"]["registration"]["registration"] == "CRM-SP 9900101"
    assert record["signer"]["registration"]["checked_at"] is not None
    assert record["signer"]["roles"] == ["content_reviewer"]
    assert record["authentication"]["factors"] == ["pwd"]
    assert record["authentication"]["at"] <= record["signed_at"]
    assert record["signed_at"].endswith("Z")
    assert record["statement"]["verdict"] == "approve"
    assert record["byline"] == "Ana Medica Inventada · MÉDICO(A) CRM-SP 9900100"


async def test_sending_back_is_signed_too_and_means_a_review(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    sent = await newsroom.decide(review, bruno, "send_back", comment="Falta a dose.")
    record = (await signature_of(newsroom, sent.json(), bruno))["record"]
    assert (record["meaning"], record["statement"]["comment"]) == ("review", "Falta a dose.")


async def test_an_old_sign_in_does_not_sign_and_is_told_how_to_sign_in_again(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    async with cms.as_system() as work:
        await work.execute(
            text(
                "update cms.tokens set authenticated_at = now() - interval '16 minutes' "
                "where tenant_id = :tenant and user_id = :user"
            ),
            {"tenant": cms.tenant.id, "user": bruno.id},
        )
        work._covered.add("cms.tokens")
    refused = await newsroom.decide(review, bruno)
    assert (refused.status_code, refused.json()["obligations"]) == (401, ["recent_sign_in"])
    assert refused.json()["max_age"] == 900
    assert 'max_age="900"' in refused.headers["www-authenticate"]
    assert "POST /api/v1/auth/token" in refused.json()["detail"]
    assert (await newsroom.review_of({"id": review["post_id"]}, ana))["state"] == "open"


async def test_nobody_and_no_command_signs(newsroom, cms):
    async with cms.as_system() as work:
        with pytest.raises(Forbidden, match="Only a person"):
            await sign(work, About("override", 1), WORDS, HASH, "responsibility")


async def test_other_things_than_decisions_are_signed_by_the_same_door(newsroom, cms):
    bruno = await newsroom.reviewer()
    async with bruno.work() as work:
        signed = await sign(work, About("override", 7), WORDS, HASH, "responsibility")
        assert (signed.post_id, len(signed.hash), signed.level) == (12, 32, "simple")
    found = (await bruno.get(f"{REVIEWS}/signatures/{signed.id}")).json()
    assert found["record"]["about"] == {"kind": "override", "id": 7}
    with pytest.raises(Conflict, match="signed already"):
        async with bruno.work() as work:
            await sign(work, About("override", 7), WORDS, HASH, "responsibility")


async def test_a_guest_signs_with_a_fresh_code_and_with_no_old_one(newsroom, cms):
    async with cms.host.shop.work(cms.tenant) as work:
        registration = {"registration": "CRM-SP 9900999"}
        guest = Guest("Eva Externa Inventada", ("otp",), work.now, registration)
        signed = await sign(work, About("decision", 9), WORDS, HASH, "approval", guest=guest)
        assert (signed.signer_id, signed.method) == (None, "one_time_code")
        late = Guest("Eva Externa Inventada", ("otp",), work.now - timedelta(minutes=15))
        with pytest.raises(StepUpRequired):
            await sign(work, About("decision", 10), WORDS, HASH, "approval", guest=late)


async def test_a_signature_is_checked_without_the_database(newsroom, command, tmp_path):
    rui, decided = await an_approval(newsroom)
    signature = await signature_of(newsroom, decided, rui)
    file, keyring = await written(newsroom, rui, tmp_path, signature)
    said = await command("review", "verify", file, "--keys", keyring)
    assert said.startswith("GREEN  approval by Rui Revisor (CRM-SP 9900101)")
    assert signature["record"]["content_hash"] in said


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("statement", "comment"), "Outra coisa."),
        (("signer", "name"), "Outra Pessoa"),
        (("signer", "registration", "registration"), "CRM-SP 1"),
        (("meaning",), "authorship"),
        (("level",), "qualified"),
        (("signed_at",), "2020-01-01T00:00:00.000000Z"),
        (("byline",), "Outra linha"),
    ],
)
async def test_a_changed_statement_is_found(newsroom, command, tmp_path, place, value):
    rui, decided = await an_approval(newsroom)
    signature = await signature_of(newsroom, decided, rui)
    *path, last = place
    where = signature["record"]
    for step in path:
        where = where[step]
    where[last] = value
    file, keyring = await written(newsroom, rui, tmp_path, signature)
    assert "RED" in await command("review", "verify", file, "--keys", keyring, code=1)


async def test_a_signature_cut_out_and_put_to_another_text_is_refused(newsroom, command, tmp_path):
    """An approval that stands on a row's own word is moved by an UPDATE (21 CFR 11.70)."""
    rui, decided = await an_approval(newsroom)
    signature = await signature_of(newsroom, decided, rui)
    signature["record"]["content_hash"] = "0" * 64
    file, keyring = await written(newsroom, rui, tmp_path, signature)
    said = await command("review", "verify", file, "--keys", keyring, code=1)
    assert "not the one that its hash was made from" in said
    assert "its seal was not made over what it says" in said


async def test_a_key_of_somebody_else_does_not_make_a_seal(newsroom, command, cms, tmp_path):
    rui, decided = await an_approval(newsroom)
    signature = await signature_of(newsroom, decided, rui)
    file, keyring = await written(newsroom, rui, tmp_path, signature)
    async with cms.other() as other, other.as_system() as work:
        await keys.sealer(work)
        foreign = await keys.published(work)
    (tmp_path / "keys.json").write_text(json.dumps({"keys": foreign}))
    said = await command("review", "verify", file, "--keys", keyring, code=1)
    assert "none of those that you trust" in said
    (tmp_path / "keys.json").write_text("{}")
    await command("review", "verify", file, "--keys", keyring, code=2)


async def test_what_an_old_key_sealed_stays_good(newsroom, command, cms, tmp_path):
    rui, decided = await an_approval(newsroom)
    before = await signature_of(newsroom, decided, rui)
    kid = json.loads(await command("review", "rotate-key", "--tenant", "clinica", "--json"))["kid"]
    cms.host.shop.cipher.keyring.forget()
    async with rui.work() as work:
        signed = await sign(work, About("override", 1), WORDS, HASH, "approval")
    after = (await rui.get(f"{REVIEWS}/signatures/{signed.id}")).json()
    assert after["seal"]["kid"] == kid != before["seal"]["kid"]
    for signature in (before, after):
        file, keyring = await written(newsroom, rui, tmp_path, signature)
        assert "GREEN" in await command("review", "verify", file, "--keys", keyring)
    assert (await signature_of(newsroom, decided, rui))["is_intact"]


@pytest.mark.parametrize(
    "change",
    [
        "signer_name = 'Outra Pessoa'",
        "statement = jsonb_set(statement, '{verdict}', '\"send_back\"')",
        "content_hash = decode(repeat('00', 32), 'hex')",
        "signed_at = signed_at - interval '1 day'",
        "registration = null",
        "seal = decode(repeat('00', 64), 'hex')",
    ],
)
async def test_a_row_that_its_administrator_changed_is_found(newsroom, cms, change):
    rui, decided = await an_approval(newsroom)
    with psycopg.connect(cms.host.addresses.owner, autocommit=True) as owner:
        owner.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        owner.execute(f"update medical_review.signatures set {change}")
    assert not (await signature_of(newsroom, decided, rui))["is_intact"]


async def test_the_application_itself_cannot_change_a_signature(newsroom, cms):
    await an_approval(newsroom)
    with pytest.raises(Exception, match="permission denied"):
        async with cms.as_system() as work:
            await work.execute(text("update medical_review.signatures set byline = 'x'"))


async def test_signatures_of_others_are_for_those_who_oversee(newsroom, cms):
    rui, decided = await an_approval(newsroom)
    jo = await newsroom.journalist()
    listed = await jo.get(f"{REVIEWS}/signatures/of/decision/{decided['decision']['id']}")
    assert listed.status_code == 403
    async with cms.as_system() as work:
        [(row,)] = await work.all(select(Signature).where(Signature.tenant_id == cms.tenant.id))
    assert (await jo.get(f"{REVIEWS}/signatures/{row.id}")).status_code == 403
    assert (await rui.get(f"{REVIEWS}/signatures/{row.id}")).status_code == 200
    assert (await rui.get(f"{REVIEWS}/signatures/{row.id + 999}")).status_code == 404


async def test_the_first_two_signers_at_once_share_one_key(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    reviews = [await newsroom.submit(await newsroom.article(ana), ana) for _ in range(4)]
    answers = await asyncio.gather(*(newsroom.decide(review, bruno) for review in reviews))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len((await cms.http.get(f"{REVIEWS}/keys")).json()["keys"]) == 1


async def test_tenants_do_not_meet_in_signatures(newsroom, cms):
    await an_approval(newsroom)
    async with cms.other() as other:
        assert (await other.http.get(f"{REVIEWS}/keys")).json() == {"keys": []}
        async with cms.host.shop.work(other.tenant, SYSTEM) as work:
            assert await reading.about(work, "decision", 1) == []


async def test_what_is_signed_for_a_retracted_text_stands_on_its_certificate_too(newsroom, cms):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    post = await newsroom.published(ana, rui)
    address = f"{REVIEWS}/certificates/{post['id']}"
    before = (await rui.get(address)).json()["document"]
    digest = bytes.fromhex(post["approval"]["content_hash"])
    async with rui.work() as work:
        said = {"post": post["id"], "reason": "Estudo retratado."}
        await sign(work, About("retraction", 1), said, digest, "responsibility")
    after = (await rui.get(address)).json()["document"]
    kinds = [one["record"]["about"]["kind"] for one in after["signatures"]]
    assert (kinds, after["certificate"]) == (["decision", "retraction"], before["certificate"] + 1)
