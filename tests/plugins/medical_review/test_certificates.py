"""What was approved can be shown to anybody, on paper and as a file, and tells no more."""

import asyncio
import copy
import io
import json

import psycopg
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from cms.jobs.worker import build_queue
from plugins.medical_review.signing.certificate_pdf import rendered
from plugins.medical_review.signing.certificate_words import ENGLISH, PORTUGUESE, WORDS
from plugins.medical_review.signing.keys import sealer
from plugins.medical_review.signing.pdf_files import certificate_in
from plugins.medical_review.signing.statements import (
    CERTIFICATE_SEAL,
    base64url,
    certificate_hash,
)
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.test_pades import ENVELOPE
from tests.plugins.medical_review.test_signing import written

CERTIFICATES, VERIFY = f"{REVIEWS}/certificates", f"{REVIEWS}/verify"


async def run_jobs(cms):
    async with build_queue(cms.host).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False)


@pytest.fixture
async def article(newsroom):
    """One that readers have, approved by a physician."""
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    return await newsroom.published(ana, rui)


async def certificate(cms, post, by="rui.revisor"):
    person = await cms.person(by)
    found = await person.get(f"{CERTIFICATES}/{post['id']}")
    assert found.status_code == 200, found.text
    return found.json()


async def resealed(cms, envelope):
    """As somebody would who has the site's key, and none of the signers'."""
    digest = certificate_hash(envelope["document"])
    async with cms.as_system() as work:
        seal = (await sealer(work)).seal(CERTIFICATE_SEAL, digest)
    envelope["hash"], envelope["seal"]["value"] = digest.hex(), base64url(seal)
    return envelope


async def test_a_certificate_says_who_approved_which_text_and_is_checked_offline(
    newsroom, cms, article, command, tmp_path
):
    found = await certificate(cms, article)
    document = found["document"]
    text, [signature] = document["text"], document["signatures"]
    assert text["title"] == "Dor de cabeça"
    assert text["address"] == f"https://clinica.example/medical-articles/{article['slug']}/"
    assert text["content_hash"] == article["approval"]["content_hash"]
    assert signature["record"]["signer"]["registration"]["registration"] == "CRM-SP 9900101"
    assert document["byline"] == "Ana Medica Inventada · MÉDICO(A) CRM-SP 9900100"
    assert document["check"]["log"] == "https://clinica.example/.well-known/audit/checkpoint"
    file, keyring = await written(newsroom, None, tmp_path, found)
    said = await command("review", "verify", file, "--keys", keyring)
    assert said.startswith("GREEN  Dor de cabeça (https://clinica.example/medical-articles/")
    assert "approval by Rui Revisor (CRM-SP 9900101)" in said


async def test_the_same_text_has_one_certificate_and_the_next_text_another(newsroom, cms, article):
    ana, rui = await cms.person("ana.medica"), await cms.person("rui.revisor")
    first = await asyncio.gather(*(certificate(cms, article) for _ in range(4)))
    assert first == [first[0]] * 4
    await newsroom.edit(article, ana, title="Dor de cabeça, de novo")
    await newsroom.approve(article, ana, rui)
    assert await certificate(cms, article) == first[0]  # readers still have the first
    await newsroom.edit(article, ana, status="publish")
    second = (await certificate(cms, article))["document"]
    assert second["text"]["title"] == "Dor de cabeça, de novo"
    assert [one["content_hash"] for one in second["earlier"]] == [
        first[0]["document"]["text"]["content_hash"]
    ]


async def test_every_publication_gets_its_certificate_without_being_asked(cms, article):
    digest = article["approval"]["content_hash"]
    assert (await cms.http.get(f"{VERIFY}/{digest}")).status_code == 404
    await run_jobs(cms)
    assert (await cms.http.get(f"{VERIFY}/{digest}")).status_code == 200


async def test_the_public_learns_name_registration_date_and_whether_it_is_live_and_no_more(
    newsroom, cms, article
):
    """A date on a page says that somebody typed it, not that anybody reviewed the text."""
    found = await certificate(cms, article)
    digest = article["approval"]["content_hash"]
    record = found["document"]["signatures"][0]["record"]
    said = {
        "content_hash": digest,
        "is_live": True,
        "approvers": [
            {
                "name": "Rui Revisor Inventada",
                "registration": "CRM-SP 9900101",
                "approved_at": record["signed_at"],
            }
        ],
    }
    assert (await cms.http.get(f"{VERIFY}/{digest}")).json() == said
    assert (await cms.http.get(f"{VERIFY}/{found['hash']}")).json() == said
    ana = await cms.person("ana.medica")
    await newsroom.edit(article, ana, status="draft")
    assert (await cms.http.get(f"{VERIFY}/{digest}")).json() == said | {"is_live": False}


@pytest.mark.parametrize("digest", ["0" * 64, "abc", "A" * 64, "0" * 5000])
async def test_what_was_never_certified_is_not_found(cms, article, digest):
    await run_jobs(cms)
    assert (await cms.http.get(f"{VERIFY}/{digest}")).status_code == 404


async def test_an_approved_text_that_was_never_published_tells_the_public_nothing(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    decided = await newsroom.approve(post, ana, bruno)
    refused = await bruno.get(f"{CERTIFICATES}/{post['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "certificate.not_live")
    await run_jobs(cms)
    digest = decided["decision"]["content_hash"]
    assert (await cms.http.get(f"{VERIFY}/{digest}")).status_code == 404


async def test_certificates_are_for_those_who_may_see_the_reviews(newsroom, cms, article):
    address = f"{CERTIFICATES}/{article['id']}"
    assert (await cms.http.get(address)).status_code == 401
    jo = await newsroom.journalist()
    assert (await jo.get(address)).status_code == 403
    ana = await cms.person("ana.medica")
    assert (await ana.get(address)).status_code == 200
    for name in ("0", "x", "12.exe", "9" * 19, f"{article['id'] + 999}"):
        assert (await ana.get(f"{CERTIFICATES}/{name}")).status_code == 404
    plain = await cms.draft(await cms.person("ed.editor", ["editor"]), status="publish")
    assert (await ana.get(f"{CERTIFICATES}/{plain['id']}")).status_code == 404


@pytest.mark.parametrize("language", [PORTUGUESE, ENGLISH])
async def test_the_pdf_is_tagged_in_its_language_and_carries_the_sealed_json(
    newsroom, cms, article, command, tmp_path, language
):
    rui = await cms.person("rui.revisor")
    got = await rui.get(f"{CERTIFICATES}/{article['id']}.pdf?language={language}")
    assert got.headers["content-type"] == "application/pdf"
    root = PdfFileReader(io.BytesIO(got.content)).root
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    for identifier in (b"pdfuaid:part>1<", b"pdfaid:part>3<"):
        assert identifier in got.content
    assert WORDS[language]["title"].encode() in got.content
    (tmp_path / "certificate.pdf").write_bytes(got.content)
    _, keyring = await written(newsroom, None, tmp_path, {})
    said = await command("review", "verify", str(tmp_path / "certificate.pdf"), "--keys", keyring)
    assert "approval by Rui Revisor" in said


async def test_a_pdf_is_in_the_language_of_its_text_and_no_other_is_made_up(cms, article):
    rui = await cms.person("rui.revisor")
    address = f"{CERTIFICATES}/{article['id']}.pdf"
    assert PdfFileReader(io.BytesIO((await rui.get(address)).content)).root["/Lang"] == "pt"
    refused = await rui.get(f"{address}?language=tlh")
    assert refused.json()["faults"].keys() == {"language"}


async def test_a_pdf_that_shows_something_else_than_its_data_is_found(
    newsroom, cms, article, command, tmp_path
):
    """Paper is believed: pages that say more than the sealed data are a forgery."""
    envelope = await certificate(cms, article)
    false = copy.deepcopy(envelope)
    false["document"]["text"]["title"] = "Cura milagrosa"
    pdf = rendered(false, PORTUGUESE)
    path = tmp_path / "certificate.pdf"
    _, keyring = await written(newsroom, None, tmp_path, {})
    path.write_bytes(pdf)
    assert "RED" in await command("review", "verify", str(path), "--keys", keyring, code=1)
    true = json.dumps(envelope, ensure_ascii=False, sort_keys=True).encode()
    assert true not in pdf
    path.write_bytes(rendered(envelope, PORTUGUESE).replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    said = await command("review", "verify", str(path), "--keys", keyring, code=1)
    assert "its pages are not those" in said


async def test_a_signature_of_one_text_put_to_another_is_refused_though_all_seals_hold(
    newsroom, cms, article, command, tmp_path
):
    ana, rui = await cms.person("ana.medica"), await cms.person("rui.revisor")
    other = await newsroom.published(ana, rui, title="Outro texto")
    ours, theirs = await certificate(cms, article), await certificate(cms, other)
    ours["document"]["signatures"] = theirs["document"]["signatures"]
    file, keyring = await written(newsroom, None, tmp_path, await resealed(cms, ours))
    found = await command("review", "verify", file, "--keys", keyring, "--json", code=1)
    [fault] = json.loads(found)["faults"]
    assert "was given for another text than this one" in fault


async def test_a_certificate_that_was_changed_is_found(newsroom, cms, article, command, tmp_path):
    found = await certificate(cms, article)
    found["document"]["text"]["title"] = "Outro"
    file, keyring = await written(newsroom, None, tmp_path, found)
    assert "RED" in await command("review", "verify", file, "--keys", keyring, code=1)
    (tmp_path / "signature.json").write_text("[]")
    await command("review", "verify", file, "--keys", keyring, code=1)


async def test_nothing_is_certified_over_a_signature_that_was_altered(cms, article):
    with psycopg.connect(cms.host.addresses.owner, autocommit=True) as owner:
        owner.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        owner.execute("update medical_review.signatures set signer_name = 'Outra'")
    rui = await cms.person("rui.revisor")
    refused = await rui.get(f"{CERTIFICATES}/{article['id']}")
    assert refused.json()["code"] == "certificate.altered_signature"


async def test_decisions_from_before_there_were_signatures_are_certified_as_what_they_are(
    newsroom, cms, article, command, tmp_path
):
    with psycopg.connect(cms.host.addresses.owner, autocommit=True) as owner:
        owner.execute(f"set app.tenant_id = '{cms.tenant.id}'")
        owner.execute("delete from medical_review.signatures")
    found = await certificate(cms, article)
    [decision] = found["document"]["decisions"]
    assert (found["document"]["signatures"], decision["verdict"]) == ([], "approve")
    file, keyring = await written(newsroom, None, tmp_path, found)
    assert "recorded unsigned" in await command("review", "verify", file, "--keys", keyring)
    pdf = await (await cms.person("rui.revisor")).get(f"{CERTIFICATES}/{article['id']}.pdf")
    assert pdf.status_code == 200
    decision["reviewer_name"] = "Outra"
    file, keyring = await written(newsroom, None, tmp_path, await resealed(cms, found))
    said = await command("review", "verify", file, "--keys", keyring, code=1)
    assert "decision" in said


@pytest.mark.parametrize(
    "title",
    ["日本 🧠 dor", "a\x07b", "שלום", "Ω ≥ 3 µg · ½ ™ ‰", "x" * 400, "", "\u0301", "#evil $x$ *b*"],
)
def test_a_certificate_is_drawn_whatever_letters_its_text_has(title):
    envelope = {"document": {**ENVELOPE["document"]}}
    envelope["document"]["text"] = {**ENVELOPE["document"]["text"], "title": title}
    pdf = rendered(envelope, PORTUGUESE)
    assert pdf == rendered(envelope, PORTUGUESE)
    assert certificate_in(pdf) == envelope
