"""Office documents (ECMA-376, ISO/IEC 26300): a package of parts, published without those that say
who wrote it, and without the names in the others.

Only parts that are known are taken: macros, embedded files and whatever else nobody has looked into
refuse the document. Every part that says nothing of people keeps its bytes as they were packed.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from cms.media import gif, jpeg, png
from cms.media.pieces import Data, Piece, Unfit, number

_MOST_PARTS = 5_000
_LARGEST = 64_000_000
_LARGEST_OF_ALL = 256_000_000
_TO_DO = "Export it as PDF and upload that."
_LOCAL_HEAD = 30
_PICTURES = {"jpg": jpeg.pieces, "jpeg": jpeg.pieces, "png": png.pieces, "gif": gif.pieces}


@dataclass(frozen=True)
class _Family:
    """`known`: names of parts that are taken. `emptied`: parts that are properties of the document
    and nothing else, with what stands in them from now on. `names`: what names people in the other
    parts; the first group stays, and the last one if there is one."""

    known: re.Pattern[str]
    emptied: dict[str, bytes]
    names: tuple[re.Pattern[bytes], ...]


_OPENXML = "http://schemas.openxmlformats.org"
_OOXML_EMPTIED = {
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_OPENXML}/package/2006/metadata/'
    'core-properties"/>',
    **{
        f"docProps/{name}.xml": f'<Properties xmlns="{_OPENXML}/officeDocument/2006/{kind}"/>'
        for name, kind in (("app", "extended-properties"), ("custom", "custom-properties"))
    },
}
_OOXML_NAMES = (
    # Who changed or commented, and when; whom a cell's comment names; who reserved the file.
    rb"""(\s(?:w|w15|w16\w*|p|xr\d*):?(?:author|initials|date|dateUtc|userId|providerId)=)"""
    rb"""(?:"[^"]*"|'[^']*')""",
    rb"""(\s(?:userName|displayName|userId|providerId|personId|lastGuid|dT)=)(?:"[^"]*"|'[^']*')""",
    rb"""(<(?:\w+:)?author>)[^<]*(</(?:\w+:)?author>)""",
    # Where the document lay on somebody's machine.
    rb"""(<(?:\w+:)?absPath\b[^>]*?\surl=)(?:"[^"]*"|'[^']*')""",
)
_ODF_NAMES = (
    rb"""(<(?:dc:creator|dc:date|meta:initial-creator|meta:creator-initials|loext:sender-initials|"""
    rb"""text:sender-[\w-]+|text:initial-creator|text:author-name|text:author-initials)\b"""
    rb"""[^>]*>)[^<]*(</)""",
    rb"""(<config:config-item config:name="(?:Printer\w*|\w*(?:User|Author|Path|URL)\w*)"[^>]*>)"""
    rb"""[^<]*(</)""",
)


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _family(known: str, emptied: dict[str, str], names: tuple[bytes, ...]) -> _Family:
    return _Family(
        re.compile(known),
        {name: _xml(text) for name, text in emptied.items()},
        tuple(re.compile(one) for one in names),
    )


_PICTURE = r"[\w.-]+\.(?:png|jpe?g|gif)"
_OOXML_COMMON = (
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml|"
    rf"docProps/thumbnail\.(?:png|jpe?g)|(?:word|xl)/(?:media/{_PICTURE})|"
    r"(?:word|xl)/theme/(?:_rels/)?theme\d*\.xml(?:\.rels)?|"
    r"(?:word|xl)/(?:drawings|charts)/(?:_rels/)?[\w.-]+\.xml(?:\.rels)?"
)
_WORD = (
    r"word/(?:_rels/)?(?:document|styles|stylesWithEffects|settings|webSettings|fontTable|numbering"
    r"|footnotes|endnotes|comments|commentsExtended|commentsIds|commentsExtensible|people"
    r"|header\d*|footer\d*)\.xml(?:\.rels)?|customXml/(?:_rels/)?item(?:Props)?\d+\.xml(?:\.rels)?"
)
_CELLS = (
    r"xl/(?:_rels/)?(?:workbook|styles|sharedStrings|calcChain|metadata|comments\d*)\.xml(?:\.rels)?"
    r"|xl/(?:worksheets|tables|persons|threadedComments|comments)/(?:_rels/)?[\w.-]+\.xml"
    r"(?:\.rels)?"
)
_OPEN_DOCUMENT = (
    r"mimetype|(?:content|styles|meta|settings)\.xml|manifest\.rdf|META-INF/manifest\.xml|"
    rf"Thumbnails/thumbnail\.png|Pictures/{_PICTURE}|layout-cache|"
    r"Configurations2/(?:[\w-]+/)*(?:[\w-]+\.xml)?"
)
WORD = _family(f"{_OOXML_COMMON}|{_WORD}", _OOXML_EMPTIED, _OOXML_NAMES)
CELLS = _family(f"{_OOXML_COMMON}|{_CELLS}", _OOXML_EMPTIED, _OOXML_NAMES)
OPEN_DOCUMENT = _family(
    _OPEN_DOCUMENT,
    {
        "meta.xml": "<office:document-meta xmlns:office="
        '"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"/>'
    },
    _ODF_NAMES,
)
# An address outside that is opened with the document: a template, a file on somebody's machine.
_REACHES_OUT = re.compile(
    rb"""<Relationship\b(?=[^>]*TargetMode\s*=\s*["']External)"""
    rb"""(?![^>]*Type\s*=\s*["'][^"']*/hyperlink["'])"""
)
_LOCAL_PATH = re.compile(rb"""(?i)Target\s*=\s*["'](?:file:|[a-z]:\\|\\\\)""")
# Word puts the list of cited works there, and others put anything.
_OWN_DATA = re.compile(r"customXml/item\d+\.xml")
_MACROS = re.compile(rb"(?i)macroEnabled|vbaProject|activeX|oleObject")


class _File(io.RawIOBase):
    """The data as a file; a map of memory is no file for zipfile."""

    def __init__(self, data: Data) -> None:
        self._data, self._at = data, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, len(self._data))[whence]
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        found = self._data[self._at : self._at + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


def word(data: Data) -> list[Piece]:
    return _pieces(data, WORD)


def cells(data: Data) -> list[Piece]:
    return _pieces(data, CELLS)


def open_document(data: Data) -> list[Piece]:
    return _pieces(data, OPEN_DOCUMENT)


def _pieces(data: Data, family: _Family) -> list[Piece]:
    """What is published: the document itself, byte for byte, when it says nothing of people."""
    try:
        with zipfile.ZipFile(io.BufferedReader(_File(data))) as package:
            parts = _checked(package, family)
            changed = {}
            for part in parts:
                new = _without_people(package, part, family)
                if new is not None:
                    changed[part.filename] = new
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise Unfit(f"The document is damaged. {_TO_DO}") from error
    if not changed and _is_bare(data, parts):
        return [slice(0, len(data))]
    return _packed(data, parts, changed)


def _checked(package: zipfile.ZipFile, family: _Family) -> list[zipfile.ZipInfo]:
    parts = [part for part in package.infolist() if not part.is_dir()]
    if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > _LARGEST_OF_ALL:
        raise Unfit(f"The document unpacks to more than is reasonable. {_TO_DO}")
    if len({part.filename for part in parts}) != len(parts):
        raise Unfit(f"The document is damaged. {_TO_DO}")
    for part in parts:
        if part.flag_bits & 0x1 or part.compress_type not in {0, 8}:
            raise Unfit(f"The document is encrypted or packed in an unusual way. {_TO_DO}")
        if family.known.fullmatch(part.filename) is None:
            raise Unfit(
                f"The document holds a part that nobody has looked into: {part.filename[:80]!r}. "
                f"{_TO_DO}"
            )
    return parts


def _without_people(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, family: _Family
) -> bytes | None:
    """The part without what it says of people; None when it says nothing."""
    if part.file_size > _LARGEST:
        raise Unfit(f"The document unpacks to more than is reasonable. {_TO_DO}")
    with package.open(part) as file:
        plain = file.read(_LARGEST + 1)
    if len(plain) != part.file_size:
        raise Unfit(f"The document is damaged. {_TO_DO}")
    if part.filename in family.emptied:
        empty = family.emptied[part.filename]
        return empty if plain != empty else None
    reader = _PICTURES.get(part.filename.rpartition(".")[2].lower())
    new = _joined(reader(plain), plain) if reader is not None else _nameless(plain, part, family)
    return new if new != plain else None


def _nameless(plain: bytes, part: zipfile.ZipInfo, family: _Family) -> bytes:
    if part.filename in {"mimetype", "layout-cache"}:
        return plain
    if plain[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Unfit(f"The document is written in an unusual way. {_TO_DO}")
    if _OWN_DATA.fullmatch(part.filename) and b"/bibliography" not in plain:
        raise Unfit(f"The document carries data of another program. {_TO_DO}")
    is_linked = part.filename.endswith(".rels")
    if is_linked and (_REACHES_OUT.search(plain) or _LOCAL_PATH.search(plain)):
        raise Unfit(f"The document opens files outside of itself. {_TO_DO}")
    if (is_linked or part.filename == "[Content_Types].xml") and _MACROS.search(plain):
        raise Unfit(f"The document holds macros or embedded files. {_TO_DO}")
    for pattern in family.names:
        plain = pattern.sub(_blanked, plain)
    return plain


def _blanked(found: re.Match[bytes]) -> bytes:
    if found.re.groups > 1:
        return found[1] + found[2]
    return found[1] + b'""'


def _joined(kept: list[Piece], data: bytes) -> bytes:
    return b"".join(data[piece] if isinstance(piece, slice) else bytes(piece) for piece in kept)


def _is_bare(data: Data, parts: list[zipfile.ZipInfo]) -> bool:
    """Whether the package has nothing besides its parts: no remarks, no gaps, no moments."""
    return all(not part.extra and not part.comment for part in parts) and _ends_plainly(data, parts)


def _ends_plainly(data: Data, parts: list[zipfile.ZipInfo]) -> bool:
    sizes = sum(_LOCAL_HEAD + len(p.orig_filename.encode()) + p.compress_size for p in parts)
    heads = sum(46 + len(p.orig_filename.encode()) for p in parts)
    return len(data) == sizes + heads + 22


def _packed(data: Data, parts: list[zipfile.ZipInfo], changed: dict[str, bytes]) -> list[Piece]:
    """A new package (APPNOTE 6.3.3): parts that did not change keep their packed bytes."""
    kept: list[Piece] = []
    directory = b""
    at = 0
    for part in parts:
        name = part.filename.encode()
        new = changed.get(part.filename)
        if new is None:
            start = part.header_offset + _LOCAL_HEAD
            start += number(data, part.header_offset + 26, 2, "little")
            start += number(data, part.header_offset + 28, 2, "little")
            body: Piece = slice(start, start + part.compress_size)
            method, crc, packed, size = (
                part.compress_type, part.CRC, part.compress_size, part.file_size,
            )  # fmt: skip
        else:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            body = packer.compress(new) + packer.flush()
            method, crc, packed, size = 8, zlib.crc32(new), len(body), len(new)
        # 1980-01-01: when it was packed is nobody's business.
        common = struct.pack("<HHHHHLLLHH", 20, 0x800, method, 0, 33, crc, packed, size,
                             len(name), 0)  # fmt: skip
        kept += [b"PK\3\4" + common + name, body]
        directory += b"PK\1\2" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, at) + name
        at += _LOCAL_HEAD + len(name) + packed
    end = struct.pack("<HHHHLLH", 0, 0, len(parts), len(parts), len(directory), at, 0)
    return [*kept, directory, b"PK\5\6" + end]
