"""Signing with keys of one's own by forms: a passkey in software, a certificate without scripts."""

import json

import pytest

from tests.plugins.medical_review.authenticator import Authenticator
from tests.plugins.medical_review.certification import Authority
from tests.plugins.medical_review.signers import accepted, configure

KEYS = "/admin/reviews/keys"


@pytest.fixture(scope="module")
def authority():
    """Making keys takes longer than the tests that use them."""
    return Authority()


def decision(review):
    return f"/admin/reviews/{review['id']}/decision"


def options_of(seen):
    return json.loads(seen.tree.css_first("cms-passkey").attributes["data-options"])


async def enrolled(bruno, passkey):
    seen = await bruno.get(KEYS)
    made = seen.fields(KEYS) | {"label": "Notebook"}
    made["credential"] = json.dumps(passkey.create(options_of(seen)))
    return await bruno.send(KEYS, made)


async def test_a_passkey_is_added_signs_and_is_removed(bruno, cms, review):
    await accepted(cms)
    configure(cms, signature_levels={"decision/approval": "advanced"})
    passkey = Authenticator()
    listed = await bruno.follow(await enrolled(bruno, passkey))
    assert "Notebook" in listed.tree.css_first(".cards").text()
    sent = {"verdict": "approve", "content_hash": review["content_hash"], "comment": "Conferi."}
    asked = await bruno.send(decision(review), sent)
    assert (asked.status, asked.title) == (401, "Sign with a key of your own")
    form = asked.fields(decision(review))
    assert {name: form[name] for name in sent} == sent
    assert "_wpnonce" in form
    form["credential"] = json.dumps(passkey.get(options_of(asked)))
    done = await bruno.follow(await bruno.send(decision(review), form))
    assert "advanced signature" in done.words
    remove = next(
        path
        for one in listed.tree.css("form")
        if (path := one.attributes["action"]).endswith("/remove")
    )
    gone = await bruno.follow(await bruno.send(remove, listed.fields(remove)))
    assert "You have no passkey for signing" in gone.words


async def test_another_answer_than_that_of_the_passkey_signs_nothing(bruno, cms, review):
    await accepted(cms)
    configure(cms, signature_levels={"decision/approval": "advanced"})
    passkey = Authenticator()
    await enrolled(bruno, passkey)
    sent = {"verdict": "approve", "content_hash": review["content_hash"]}
    asked = await bruno.send(decision(review), sent)
    form = asked.fields(decision(review))
    for wrong in ("{}", "no json", json.dumps(Authenticator().get(options_of(asked)))):
        refused = await bruno.send(decision(review), form | {"credential": wrong})
        assert refused.status == 422
    assert (await enrolled(bruno, passkey)).status == 409


async def test_a_certificate_signs_without_any_script(bruno, cms, review, authority, tmp_path):
    configure(cms, signature_levels={"decision": "qualified"}, **authority.write(tmp_path))
    sent = {"verdict": "approve", "content_hash": review["content_hash"]}
    asked = await bruno.send(decision(review), sent)
    assert "You have no passkey for signing yet." in asked.words
    form = asked.fields(decision(review))
    file = await bruno.send(f"{KEYS}/bytes", {"to_sign": form["to_sign"]})
    assert file.response.headers["content-type"] == "application/octet-stream"
    der = await authority.holder("Bruno Revisor").cades(file.response.content)
    brought = await bruno.send(decision(review), form, files={"cades": ("s.p7s", der)})
    assert "qualified signature" in (await bruno.follow(brought)).words


async def test_nobody_gets_bytes_that_somebody_else_would_sign(bruno, ana, review, cms):
    wanted = {
        "tenant": cms.tenant.id,
        "signer": ana.id,
        "kind": "decision",
        "meaning": "approval",
        "content_hash": review["content_hash"],
        "statement": {},
    }
    refused = await bruno.send(f"{KEYS}/bytes", {"to_sign": json.dumps(wanted)})
    assert (refused.status, "nobody signs in the name of another" in refused.words) == (400, True)
