"""The page that a reviewer from outside decides on, as her browser meets it, without any script."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.plugins.medical_review.conftest import codes
from tests.plugins.medical_review.letters_out import (
    GUEST,
    link,
    office,
    post_runs,
    postbox,
    submitted,
)

__all__ = ["office", "postbox"]

PAGE = "/review-invitation"


def tree(answer):
    return LexborHTMLParser(answer.text)


def text(answer, selector):
    (found,) = tree(answer).css(selector)
    return " ".join(found.text().split())


async def sent(newsroom, step="", **fields):
    return await newsroom.cms.http.post(f"{PAGE}{step}", data=fields)


async def code(newsroom, token, postbox):
    asked = await sent(newsroom, "/code", token=token)
    assert asked.status_code == 200, asked.text
    assert "caminho" in text(asked, "[role=status]")
    await post_runs(newsroom)
    return re.search(r"\b(\d{8})\b", postbox.letters[-1][1].get_content())[1]


def signed(token, number, review, **more):
    return {
        "token": token,
        "code": number,
        "registration": "crm rj 9900901",
        "verdict": "approve",
        "comment": "",
        "content_hash": review["content_hash"],
        "signed": "yes",
        **more,
    }


async def test_the_page_itself_tells_nothing_and_sends_nothing_away(office):
    answer = await office.cms.http.get(PAGE)
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    (script,) = tree(answer).css("script")
    assert not script.text()
    served = await office.cms.http.get(script.attributes["src"])
    assert served.headers["content-type"].startswith("text/javascript")
    assert "immutable" in served.headers["cache-control"]


@pytest.mark.parametrize("language", ["pt-BR", "en-US"])
async def test_the_pasted_link_opens_the_text_and_she_approves_it(office, postbox, language):
    ana, post, review = await submitted(office)
    token = await link(office, review, postbox)
    await office.cms.set_options(language=language)
    opened = await sent(office, token=f"http://clinica.example{PAGE}#{token}")
    assert opened.status_code == 200
    assert text(opened, ".as-title") == "Dor de cabeça"
    assert review["content_hash"] in text(opened, ".bound")
    assert "repouso" in text(opened, ".prose")
    assert "não substitui a consulta" in text(opened, ".text-footer")
    assert text(opened, ".cms-references li") == "Diretriz inventada"
    assert not tree(opened).css("script")
    fields = {one.attributes["name"] for one in tree(opened).css("form input, form textarea")}
    assert {"code", "registration", "verdict", "comment", "signed", "token"} <= fields
    await office.cms.set_options(language="pt-BR")
    number = await code(office, token, postbox)
    done = await sent(office, "/decision", **signed(token, number, review))
    assert done.status_code == 200, done.text
    assert GUEST["name"] in text(done, "[role=status]")
    assert token not in done.text
    assert (await office.change(post, ana, status="publish")).status_code == 200
    spent = await sent(office, token=token)
    assert (spent.status_code, "Dor de cabeça" in spent.text) == (401, False)


async def test_she_sends_it_back_with_what_has_to_change(office, postbox):
    ana, post, review = await submitted(office)
    token = await link(office, review, postbox)
    number = await code(office, token, postbox)
    said = signed(token, number, review, verdict="send_back")
    silent = await sent(office, "/decision", **said)
    assert silent.status_code == 400
    assert "comentário o que precisa mudar" in text(silent, "[role=alert]")
    number = re.search(r"\b(\d{8})\b", postbox.letters[-1][1].get_content())[1]
    wanted = "Falta a dose.\r\nE a via."
    done = await sent(office, "/decision", **{**said, "code": number, "comment": wanted})
    assert done.status_code == 200, done.text
    assert "devolveu" in text(done, "[role=status]")
    assert codes(await office.change(post, ana, status="publish")) == ["review.missing"]


async def test_nothing_is_decided_without_signature_registration_and_code(office, postbox):
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    number = await code(office, token, postbox)
    right = signed(token, number, review, comment="O que já escrevi.")
    for change, status in (
        ({"signed": ""}, 400),
        ({"registration": ""}, 400),
        ({"registration": "CRM-XX"}, 400),
        ({"verdict": "maybe"}, 400),
        ({"registration": "CRM-SP 9900101"}, 401),
        ({"code": f"{(int(number) + 1) % 10**8:08}"}, 401),
    ):
        refused = await sent(office, "/decision", **{**right, **change})
        assert refused.status_code == status, change
        assert text(refused, "[role=alert]").startswith("Seu parecer não foi registrado")
        # The way back has the secret and what she wrote, and nothing of the text.
        kept = {
            one.attributes["name"]: one.attributes["value"] for one in tree(refused).css("input")
        }
        assert (kept["token"], kept["comment"]) == (token, "O que já escrevi.")
        assert "repouso" not in refused.text
    back = await sent(office, token=token, comment="O que já escrevi.")
    assert text(back, "textarea") == "O que já escrevi."
    done = await sent(office, "/decision", **right)
    assert done.status_code == 200, done.text


@pytest.mark.parametrize("token", ["", "cmsrv_1.x", "cmsrv_9." + "A" * 43, "<script>"])
async def test_a_wrong_link_opens_nothing(office, token):
    for step in ("", "/code", "/decision"):
        fields = {"token": token, "signed": "yes", "registration": "CRM-RJ 1", "code": "1"}
        answer = await sent(office, step, **fields)
        assert answer.status_code == 401
        assert "não é válido" in text(answer, "[role=alert]")
        assert "<script>" not in answer.text.replace("<script src", "")


async def test_a_second_code_waits(office, postbox):
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    await code(office, token, postbox)
    soon = await sent(office, "/code", token=token, content_hash="x")
    assert soon.status_code == 429
    assert "meio minuto" in text(soon, "[role=alert]")
