"""Certificates that come back as PDF: what they hold, and whether they show just that."""

import io
from collections.abc import Mapping
from typing import Any

import msgspec
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from plugins.medical_review.signing.certificate_pdf import rendered
from plugins.medical_review.signing.certificate_words import LANGUAGES

LARGEST = 5_000_000
"""Bytes; a certificate has about sixty thousand, and each signature on it about thirty."""

UNREADABLE = (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError)


class NotOurPdf(Exception):
    """The file is no certificate of the product; the message says why."""


def reader_of(content: bytes) -> PdfFileReader:
    """NotOurPdf for what is no PDF."""
    if len(content) > LARGEST:
        raise NotOurPdf(f"it is larger than {LARGEST} bytes")
    try:
        return PdfFileReader(io.BytesIO(content))
    except UNREADABLE as error:
        raise NotOurPdf(f"it cannot be read as PDF: {error}") from error


def certificate_in(content: bytes) -> dict[str, Any]:
    """The sealed JSON that a certificate carries. It is read from the file as it was handed out:
    what somebody added later is not looked at."""
    reader = reader_of(content)
    try:
        first = reader.get_historical_resolver(0)
        names = first.root["/Names"]["/EmbeddedFiles"]["/Names"]
        written: bytes = names[1]["/EF"]["/F"].data
        envelope: dict[str, Any] = msgspec.json.decode(written)
    except UNREADABLE as error:
        raise NotOurPdf("it carries no certificate") from error
    return envelope


def is_drawn_from(content: bytes, envelope: Mapping[str, Any]) -> bool:
    """Whether the file is, or begins with, the very PDF that is drawn from this certificate."""
    return drawn_from(content, envelope) is not None


def drawn_from(content: bytes, envelope: Mapping[str, Any]) -> str | None:
    """The language of the PDF that the file begins with, byte for byte; None for any other."""
    for language in LANGUAGES:
        if content.startswith(rendered(envelope, language)):
            return language
    return None
