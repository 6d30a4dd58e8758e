"""Whether a PDF shows what it did when it was handed out, and only signatures were added.

A signature covers what its own maker wrote beside it, so a valid one alone says nothing about the
pages: they may have been painted over in the same stroke. Here every object of the first revision
must be what it was; of the catalogue and the pages, only what a signature needs may be new.
"""

import io
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

# What a signature adds to the catalogue: its form, what later proofs of it need (ISO 32000-2,
# 12.8.4.3), which extension of the format it uses, and the moment of the change.
_OF_CATALOG = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata"})
_OF_PAGE = frozenset({"/Annots"})
_OF_FORM = frozenset({"/Fields", "/SigFlags", "/DR", "/DA"})

LARGEST_STAMP = 100_000
"""Of a visible signature, in square points: a fifth of a page of A4."""


def changes(reader: PdfFileReader) -> Iterator[str]:
    """What was changed or added beside signatures; nothing is for a file that is fit."""
    first = reader.get_historical_resolver(0)
    if reader.root_ref != first.root_ref:
        yield "another catalogue was put in the place of the one it had"
        return
    pages = {one.container_ref for one in _pages(first)}
    free, old = _told_apart(first), reader.xrefs.explicit_refs_in_revision(0)
    for ref in _touched(reader):
        if ref == first.root_ref:
            yield from _differences(first, reader, ref, _OF_CATALOG, "the catalogue")
        elif ref in pages:
            yield from _differences(first, reader, ref, _OF_PAGE, "a page")
        elif ref in old and ref not in free:
            yield f"object {ref.idnum} was changed"
    yield from _form_faults(reader)
    yield from _stamp_faults(first, reader)


def _touched(reader: PdfFileReader) -> set[Any]:
    """What is written anew, or given up, after the first revision."""
    later = range(1, reader.xrefs.total_revisions)
    written = (reader.xrefs.explicit_refs_in_revision(number) for number in later)
    freed = (reader.xrefs.refs_freed_in_revision(number) for number in later)
    return set[Any]().union(*written, *freed)


def _told_apart(first: HistoricalResolver) -> set[Any]:
    """Objects that say when and by which program the file was written: nobody sees them."""
    places = ((first.trailer_view, "/Info"), (first.root, "/Metadata"))
    return {
        found.reference
        for holder, key in places
        if isinstance(found := _raw(holder, key), generic.IndirectObject)
    }


def _differences(
    first: HistoricalResolver, reader: PdfFileReader, ref: Any, allowed: frozenset[str], what: str
) -> Iterator[str]:
    before, after = (_found(handler, ref) for handler in (first, reader))
    if not isinstance(after, generic.DictionaryObject):
        yield f"{what} was changed"
        return
    for key in sorted({*before, *after} - allowed):
        if _written(_raw(before, key)) != _written(_raw(after, key)):
            yield f"{key} of {what} was changed"


def _form_faults(reader: PdfFileReader) -> Iterator[str]:
    form = _at(reader.root, "/AcroForm", {})
    yield from (f"{key} stands in the form" for key in sorted(set(form) - _OF_FORM))
    for field in _at(form, "/Fields", ()):
        found = field.get_object()
        if _at(found, "/FT") != "/Sig" or "/Kids" in found:
            yield "a field that is no signature was added"


def _stamp_faults(first: HistoricalResolver, reader: PdfFileReader) -> Iterator[str]:
    for before, after in zip(_pages(first), _pages(reader), strict=True):
        kept, now = _annotations(before), _annotations(after)
        if [_written(one) for one in now[: len(kept)]] != [_written(one) for one in kept]:
            yield "an annotation was changed"
        for added in now[len(kept) :]:
            yield from _one_stamp(added.get_object())


def _one_stamp(added: generic.DictionaryObject) -> Iterator[str]:
    if _at(added, "/Subtype") != "/Widget" or _at(added, "/FT") != "/Sig" or "/AA" in added:
        yield "an annotation that is no signature was added"
        return
    left, bottom, right, top = (float(side) for side in added["/Rect"])
    if abs(right - left) * abs(top - bottom) > LARGEST_STAMP:
        yield "a visible signature covers too much of a page"


def _pages(handler: Any) -> list[generic.DictionaryObject]:
    """The pages in order; what is handed out has one flat list of them, or a tree."""
    found: list[generic.DictionaryObject] = []
    waiting = [handler.root["/Pages"]]
    while waiting:
        node = waiting.pop(0)
        kids = [kid.get_object() for kid in _at(node, "/Kids", ())]
        if kids:
            waiting[:0] = kids
        else:
            found.append(node)
    return found


def _annotations(page: generic.DictionaryObject) -> list[Any]:
    listed = _at(page, "/Annots", ())
    return [listed.raw_get(number) for number in range(len(listed))]


def _found(handler: Any, ref: Any) -> Any:
    return handler.get_object(ref)


def _at(holder: Any, key: str, default: Any = None) -> Any:
    """What stands there; a dictionary's own `get` does not follow references."""
    if key not in holder:
        return default
    return holder[key]


def _raw(holder: generic.DictionaryObject, key: str) -> Any:
    return holder.raw_get(key) if key in holder else None


def _written(value: Any) -> bytes:
    """A value as it stands in a file, to compare two."""
    if value is None:
        return b""
    out = io.BytesIO()
    value.write_to_stream(out, None)
    return out.getvalue()
