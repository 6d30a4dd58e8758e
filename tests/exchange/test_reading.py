"""The reader of exports: every version, broken characters, bombs, and files of any size."""

import io
import resource
from collections.abc import Iterator

import pytest

from cms.exchange import stream
from cms.exchange.errors import WxrFault
from cms.exchange.reading import WxrReader
from cms.exchange.wxr import Author, Channel, Item, Term, TermRef
from tests.exchange.files import HEAD, SITE, TAIL, author, category, export, item, term


def read(raw: bytes) -> list:
    return list(WxrReader(io.BytesIO(raw)))


def test_every_kind_of_entry_is_read():
    raw = export(
        author("ana", 7, name="Ana Inventada"),
        category("dor", "Dor & alívio", 3, "saude", "Sobre <em>dores</em>"),
        term("especialidade", "neuro", "Neurologia", 9, "clinica"),
        item(
            41,
            title="Dose: 5 > 3 ]]> fim",
            content="<p>Olá</p>",
            terms=[("category", "dor", "Dor & alívio")],
            meta={"_edit_last": "7", "chave": 'a:1:{i:0;s:2:"sã";}'},
            comments=["Obrigado!"],
            sticky=True,
            password="segredo",
            parent=12,
        ),
    )
    channel, person, group, other, one = read(raw)
    assert isinstance(channel, Channel)
    assert (channel.source, channel.version) == ("blog.exemplo.example", "1.2")
    assert person == Author("ana", 7, "ana@exemplo.example", "Ana Inventada")
    assert group == Term("category", "dor", "Dor & alívio", 3, "saude", "Sobre <em>dores</em>")
    assert other == Term("especialidade", "neuro", "Neurologia", 9, "clinica")
    assert isinstance(one, Item)
    assert (one.id, one.title, one.creator, one.parent) == (41, "Dose: 5 > 3 ]]> fim", "ana", 12)
    assert (one.is_sticky, one.password, one.guid) == (True, "segredo", f"{SITE}/?p=41")
    assert one.terms == (TermRef("category", "dor", "Dor & alívio"),)
    assert one.first("chave") == 'a:1:{i:0;s:2:"sã";}'
    assert [comment.content for comment in one.comments] == ["Obrigado!"]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_older_versions_are_read(version):
    """WXR 1.0 names each category twice and has no authors."""
    old = item(5).replace(
        "<description>",
        "<category><![CDATA[Dor]]></category>"
        '<category domain="category" nicename="dor"><![CDATA[Dor]]></category>'
        '<category domain="tag" nicename="crise"><![CDATA[Crise]]></category><description>',
    )
    *_, one = read(export(old, version=version))
    assert one.terms == (TermRef("category", "dor", "Dor"), TermRef("post_tag", "crise", "Crise"))


@pytest.mark.parametrize("piece", [7, 64, 4096])
def test_forbidden_characters_are_left_out_and_counted(monkeypatch, piece):
    monkeypatch.setattr(stream, "PIECE", piece)
    raw = export(item(1, title="Dor\x0b de\x00 cabeça", content="x")).replace(
        b"<description></description>", b"<description>&#x1F;&#8;&#233;</description>"
    )
    reader = WxrReader(io.BytesIO(raw))
    *_, one = list(reader)
    assert one.title == "Dor de cabeça"
    assert reader.stream.removed == 4


def test_bytes_in_another_encoding_are_told():
    reader = WxrReader(io.BytesIO(export(item(1, title="Dor")).replace(b"Dor", b"Dor\xe9")))
    *_, one = list(reader)
    assert (one.title, reader.stream.bad_bytes) == ("Dor\ufffd", 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read_when_the_file_names_them(encoding):
    text = export(item(1, title="Coração")).decode()
    *_, one = read(text.replace('"UTF-8"', f'"{encoding.removesuffix("-sig")}"').encode(encoding))
    assert one.title == "Coração"


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "doctype",
    [LAUGHS, OUTSIDE, "<!DOCTYPE rss>", "<!-- <rss> --><!DOCTYPE rss>", "<?x <rss ?>" + OUTSIDE],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(doctype, encoding):
    text = export(item(1)).decode().replace("<rss ", doctype + "<rss ", 1)
    with pytest.raises(WxrFault, match="document type"):
        read(text.replace("UTF-8", encoding.upper()).encode(encoding))


def test_an_entity_is_never_resolved():
    """XML's own five aside, no entity can be known without a document type."""
    with pytest.raises(WxrFault, match="broken at line"):
        read(export(item(1)).replace(b"<description>", b"<description>&passwd;"))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "holds no <rss>"),
        (b"<html><body></body></html>", "does not begin with <rss>"),
        (b'<rss version="2.0"><channel><title>Feed</title></channel></rss>', "no wp:wxr_version"),
        (export(version="9.9"), "'9.9'"),
        (export(item(1))[:-40], "broken at line"),
        (b'<?xml version="1.0" encoding="utf-7"?><rss/>', "utf-7"),
        (b"<!--" + b"-" * 70_000, "does not begin|holds no"),
        (("<rss>" + "<a>" * 400).encode(), "broken at line"),
    ],
)
def test_what_is_no_export_is_named(raw, said):
    with pytest.raises(WxrFault, match=said):
        read(raw)


def test_what_stands_before_a_fault_is_read():
    entries = iter(WxrReader(io.BytesIO(export(item(1), item(2)) + b"<oops>")))
    assert isinstance(next(entries), Channel)
    assert [next(entries).id, next(entries).id] == [1, 2]
    with pytest.raises(WxrFault, match="broken at line"):
        next(entries)


class Generated:
    """A file that is made while it is read, so that only the reader can use memory."""

    def __init__(self, size: int) -> None:
        self.left, self._pieces, self._rest = size, self._made(), b""

    def _made(self) -> Iterator[bytes]:
        yield HEAD.format(version="1.2", site=SITE).encode()
        number = 0
        while self.left > 0:
            number += 1
            piece = item(number, content="<p>Um texto longo.</p>" * 400).encode()
            self.left -= len(piece)
            yield piece
        yield TAIL.encode()

    def read(self, size: int) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


@pytest.mark.parametrize("megabytes", [20, pytest.param(100, marks=pytest.mark.bench)])
def test_a_file_of_any_size_is_read_in_constant_memory(megabytes):
    list(WxrReader(Generated(2**20)))  # what the parser keeps for good is there now
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(1 for _ in WxrReader(Generated(megabytes * 2**20)))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert count > megabytes * 100
    assert grown < 8 * 1024, f"{grown} KiB"


def test_one_endless_item_is_refused(monkeypatch):
    monkeypatch.setattr(stream, "LARGEST_ITEM", 2**20)
    with pytest.raises(WxrFault, match="One item"):
        read(export(item(1, comments=["x" * 1000] * 3000)))
