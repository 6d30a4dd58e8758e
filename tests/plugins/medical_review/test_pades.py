"""A certificate that comes back signed is the one that was handed out, signed by who approved."""

import base64
import io

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, async_sign_pdf

from plugins.medical_review.signing.certificate_pdf import rendered
from plugins.medical_review.signing.pdf_changes import changes
from plugins.medical_review.signing.pdf_files import reader_of
from tests.plugins.medical_review.certification import IMPOSSIBLE_CPF, Authority
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.signers import configure

CERTIFICATES = f"{REVIEWS}/certificates"
ENVELOPE = {
    "document": {
        "issued_at": "2026-11-21T20:15:00.123456Z",
        "site": {"name": "Clínica"},
        "text": {
            "title": "Dor β ≥ 3 #strong[mg] $x$",
            "address": "https://clinica.example/dor/",
            "language": "pt-BR",
            "version": 1,
            "published_at": None,
            "content_hash": "0" * 64,
        },
        "byline": "",
        "signatures": [],
        "decisions": [],
        "check": {"address": "https://clinica.example/api/v1/reviews/verify/0"},
    }
}
ENVELOPE = {
    "document": {
        "issued_at": "2026-11-21T20:15:00.123456Z",
        "site": {"name": "Clínica"},
        "text": {
            "title": "Dor β ≥ 3 #strong[mg] $x$",
            "address": "https://clinica.example/dor/",
            "language": "pt-BR",
            "version": 1,
            "published_at": None,
            "content_hash": "0" * 64,
        },
        "byline": "",
        "signatures": [],
        "decisions": [],
        "check": {"address": "https://clinica.example/api/v1/reviews/verify/0"},
    }
}
NAME = "Rui Revisor Inventada"


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
async def article(newsroom, cms, authority, tmp_path):
    ana = await newsroom.physician()
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer",))
    configure(cms, **authority.write(tmp_path))
    return await newsroom.published(ana, rui)


async def certificate(cms, article):
    rui = await cms.person("rui.revisor")
    return (await rui.get(f"{CERTIFICATES}/{article['id']}.pdf")).content


async def signed(pdf, holder, field="Assinatura", change=None, box=None):
    """The PDF with a PAdES signature added, as the software of a token does it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if change is not None:
        change(writer)
    about = PdfSignatureMetadata(
        field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    spec = SigFieldSpec(field, on_page=0, box=box) if box else None
    made = await async_sign_pdf(writer, about, signer=holder.signer(), new_field_spec=spec)
    return made.getvalue()


async def bring(cms, article, pdf):
    rui = await cms.person("rui.revisor")
    body = {"pdf": base64.b64encode(pdf).decode()}
    return await rui.post(f"{CERTIFICATES}/signed/{article['id']}", body)


async def test_a_signed_certificate_is_checked_and_kept(newsroom, cms, article, authority):
    pdf = await signed(await certificate(cms, article), authority.holder(NAME))
    kept = await bring(cms, article, pdf)
    assert kept.status_code == 201, kept.text
    [signer] = kept.json()["report"]["signers"]
    assert (signer["name"], signer["revocation"]) == (NAME.upper(), "good")
    assert IMPOSSIBLE_CPF not in kept.text
    rui = await cms.person("rui.revisor")
    [listed] = (await rui.get(f"{CERTIFICATES}/signed/{article['id']}")).json()
    address = f"{CERTIFICATES}/signed/{article['id']}/{listed['id']}"
    assert (await rui.get(address)).content == pdf
    assert (await rui.get(f"{CERTIFICATES}/signed/{article['id']}/999")).status_code == 404
    again = await bring(cms, article, pdf)
    assert (again.status_code, again.json()["code"]) == (409, "certificate.known")
    jo = await newsroom.journalist()
    assert (await jo.get(address)).status_code == 403


async def test_two_who_approved_sign_one_after_the_other(cms, article, authority):
    once = await signed(await certificate(cms, article), authority.holder(NAME))
    twice = await signed(once, authority.holder("Rui R. Inventada"), field="Segunda")
    kept = await bring(cms, article, twice)
    assert kept.status_code == 201, kept.text
    assert len(kept.json()["report"]["signers"]) == 2


async def test_who_did_not_approve_signs_nothing(cms, article, authority):
    pdf = await signed(await certificate(cms, article), authority.holder("Carla Estranha"))
    refused = await bring(cms, article, pdf)
    assert "another name" in refused.json()["faults"]["pdf"]


async def test_a_stranger_to_the_configured_roots_signs_nothing(cms, article):
    pdf = await signed(await certificate(cms, article), Authority("AC Estranha").holder(NAME))
    assert "does not lead to a root" in (await bring(cms, article, pdf)).text


async def test_pages_changed_in_the_same_stroke_as_the_signature_are_found(cms, article, authority):
    """Every signature in such a file is valid, and it shows what nobody approved."""

    def paint(writer):
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        text = b"BT /F1 20 Tf 50 700 Td (Cura milagrosa) Tj ET"
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=text))
        writer.update_container(page)

    pdf = await signed(await certificate(cms, article), authority.holder(NAME), change=paint)
    refused = await bring(cms, article, pdf)
    assert (refused.status_code, "more than signatures" in refused.text) == (400, True)


def paint_over(writer):
    """An annotation that draws over the page."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    drawn = {generic.pdf_name(key): generic.pdf_name(value) for key, value in note.items()}
    drawn[generic.pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))
    kept = page["/Annots"] if "/Annots" in page else generic.ArrayObject()
    page["/Annots"] = generic.ArrayObject(
        [*kept, writer.add_object(generic.DictionaryObject(drawn))]
    )
    writer.update_container(page)


def open_something(writer):
    """What a reader's program does when it opens the file."""
    writer.root["/OpenAction"] = generic.DictionaryObject()
    writer.update_root()


def another_page(writer):
    """One page less, or more, than was handed out."""
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject([*pages["/Kids"], pages["/Kids"].raw_get(0)])
    writer.update_container(pages)


@pytest.mark.parametrize("change", [paint_over, open_something, another_page])
async def test_nothing_but_signatures_may_be_added(cms, article, authority, change):
    pdf = await signed(await certificate(cms, article), authority.holder(NAME), change=change)
    refused = await bring(cms, article, pdf)
    assert (refused.status_code, "more than signatures" in refused.text) == (400, True)


def test_another_catalogue_cannot_stand_in_for_the_one_that_was_handed_out():
    """All of what was there is there, and nothing of it is shown."""
    writer = IncrementalPdfFileWriter(io.BytesIO(rendered(ENVELOPE, "pt")))
    other = generic.DictionaryObject(writer.root)
    writer._root = writer.add_object(other)
    changed = io.BytesIO()
    writer.write(changed)
    [fault] = changes(reader_of(changed.getvalue()))
    assert "another catalogue" in fault


@pytest.mark.parametrize(("box", "status"), [((50, 50, 250, 150), 201), ((0, 0, 595, 842), 400)])
async def test_a_visible_signature_covers_no_page(cms, article, authority, box, status):
    pdf = await signed(await certificate(cms, article), authority.holder(NAME), box=box)
    assert (await bring(cms, article, pdf)).status_code == status


async def test_what_is_added_after_the_signature_is_found(cms, article, authority):
    pdf = await signed(await certificate(cms, article), authority.holder(NAME))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = generic.pdf_string("tlh")
    writer.update_root()
    later = io.BytesIO()
    writer.write(later)
    refused = await bring(cms, article, later.getvalue())
    assert "after the last signature" in refused.text


async def test_another_file_or_an_unsigned_one_is_refused(newsroom, cms, article, authority):
    ana, rui = await cms.person("ana.medica"), await cms.person("rui.revisor")
    other = await newsroom.published(ana, rui, title="Outro texto")
    theirs = await signed(await certificate(cms, other), authority.holder(NAME))
    assert "another certificate" in (await bring(cms, article, theirs)).text
    unsigned = await certificate(cms, article)
    assert "0 signatures" in (await bring(cms, article, unsigned)).text
    for content in (b"", b"%PDF-1.7\n", b"x" * 99, unsigned[:-900]):
        refused = await bring(cms, article, content)
        assert (refused.status_code, refused.json()["faults"].keys()) == (400, {"pdf"}), content
    bad = await rui.post(f"{CERTIFICATES}/signed/{article['id']}", {"pdf": "%%%"})
    assert bad.status_code == 400
