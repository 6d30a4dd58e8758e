"""Office documents lose names and properties; what nobody has looked into is refused."""

import io
import zipfile

import pytest

from cms.media import kinds, office
from cms.media.pieces import Unfit, is_whole, write
from tests.support import pictures

NAME = b"Ana Inventada"
TYPES = b'<?xml version="1.0"?><Types><Override PartName="/word/document.xml"/></Types>'
BODY = (
    b'<w:document><w:p><w:ins w:id="1" w:author="' + NAME + b'" w:date="2026-01-02T03:04:05Z">'
    b"<w:t>Dose: 5 mg</w:t></w:ins></w:p></w:document>"
)
WORD = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": b"<Relationships/>",
    "docProps/core.xml": b"<cp:coreProperties><dc:creator>" + NAME + b"</dc:creator></cp:x>",
    "docProps/app.xml": b"<Properties><Company>" + NAME + b"</Company></Properties>",
    "word/document.xml": BODY,
    "word/styles.xml": b"<w:styles>plain</w:styles>",
    "word/comments.xml": b'<w:comment w:author="' + NAME + b'" w:initials="AI"/>',
    "word/people.xml": b'<w15:person w15:author="' + NAME + b'"><w15:presenceInfo '
    b'w15:providerId="AD" w15:userId="' + NAME + b'"/></w15:person>',
    "word/media/image1.jpeg": pictures.telling_photo(),
}
CELLS = {
    "[Content_Types].xml": b"<Types/>",
    "xl/workbook.xml": b'<workbook><fileSharing userName="' + NAME + b'"/><x15ac:absPath url="C:'
    b"\\" + NAME + b'\\" xmlns:x15ac="u"/></workbook>',
    "xl/comments1.xml": b"<comments><authors><author>" + NAME + b"</author></authors></comments>",
    "xl/persons/person.xml": b'<person displayName="' + NAME + b'" id="{1}" userId="x"/>',
    "xl/worksheets/sheet1.xml": b"<c><v>7</v></c>",
}
TEXT = {
    "mimetype": b"application/vnd.oasis.opendocument.text",
    "content.xml": b"<office:annotation><dc:creator>" + NAME + b"</dc:creator><dc:date>2026"
    b"</dc:date><text:p>Dose</text:p></office:annotation>",
    "meta.xml": b"<meta:initial-creator>" + NAME + b"</meta:initial-creator>",
    "settings.xml": b'<config:config-item config:name="PrinterName" config:type="string">'
    + NAME
    + b"</config:config-item>",
    "META-INF/manifest.xml": b"<manifest/>",
}
ALL = [(office.word, WORD), (office.cells, CELLS), (office.open_document, TEXT)]


def package(parts, **more):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {**parts, **more}.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return file.getvalue()


def published(pieces, data, tmp_path):
    target = tmp_path / "published"
    write(pieces(data), data, target)
    return target.read_bytes()


@pytest.mark.parametrize(("pieces", "parts"), ALL, ids=["docx", "xlsx", "odt"])
def test_a_document_loses_names_and_nothing_else(pieces, parts, tmp_path):
    shown = published(pieces, package(parts), tmp_path)
    with zipfile.ZipFile(io.BytesIO(shown)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == list(parts)
        for name in parts:
            content = opened.read(name)
            assert NAME not in content, name
            assert pictures.OWNER.encode() not in content, name
    assert is_whole(pieces(shown), shown), "there is nothing left to take away"


def test_what_is_said_stays_with_its_marks(tmp_path):
    shown = published(office.word, package(WORD), tmp_path)
    with zipfile.ZipFile(io.BytesIO(shown)) as opened:
        body = opened.read("word/document.xml")
        assert opened.read("word/styles.xml") == WORD["word/styles.xml"]
    assert body == (
        b'<w:document><w:p><w:ins w:id="1" w:author="" w:date="">'
        b"<w:t>Dose: 5 mg</w:t></w:ins></w:p></w:document>"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/vbaProject.bin", b"x"),
        ("word/embeddings/a.xlsx", b"x"),
        ("customXml/item1.xml", b"<x/>"),
        ("../word/document.xml", b"x"),
        ("word/_rels/settings.xml.rels",
         b'<Relationship Type="u/attachedTemplate" TargetMode="External" Target="https://x.example"/>'),
        ("word/_rels/document.xml.rels",
         b'<Relationship Type="u/hyperlink" TargetMode="External" Target="file:///C:/Users/ana"/>'),
        ("word/header1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
        ("word/header1.xml", "<x/>".encode("utf-16")),
    ],
)  # fmt: skip
def test_what_nobody_has_looked_into_is_refused(name, content):
    with pytest.raises(Unfit, match="Export it as PDF"):
        office.word(package(WORD, **{name: content}))


def test_a_link_to_another_site_may_stay():
    link = b'<Relationship Type="u/hyperlink" TargetMode="External" Target="https://x.example/"/>'
    assert office.word(package(WORD, **{"word/_rels/document.xml.rels": link}))


def test_a_list_of_cited_works_may_stay():
    cited = (
        b'<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"/>'
    )
    assert office.word(package(WORD, **{"customXml/item1.xml": cited}))


def test_bombs_damage_and_other_archives_are_refused():
    bomb = package(WORD, **{"word/header1.xml": bytes(65_000_000)})
    whole = package(WORD)
    for data in (bomb, whole[:-30], whole[: len(whole) // 2], b"PK\3\4" + bytes(100)):
        with pytest.raises(Unfit):
            office.word(data)
    assert kinds.detect(whole, "docx").extensions == ("docx",)
    for extension in ("zip", "pptx", "docm"):
        with pytest.raises(Unfit):
            kinds.detect(whole, extension)
