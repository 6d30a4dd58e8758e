"""/api/v1/reviews/certificates and /verify: what was approved, as a file and for everybody."""

import asyncio
import re
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response

from cms.api.routing import LARGEST_ID, get, post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.medical_review.reviewing.reading import reviewed_post
from plugins.medical_review.signing import certificates, pades, public_check
from plugins.medical_review.signing.certificate_pdf import rendered
from plugins.medical_review.signing.certificate_words import ENGLISH, LANGUAGES, PORTUGUESE

_NAME = re.compile(r"([1-9][0-9]{0,18})(\.pdf|\.json)?")
_NOT_KEPT = {"Cache-Control": "private, no-store"}
CHECK_SECONDS = 60


class SignedCopyIn(msgspec.Struct, frozen=True):
    """A certificate (PDF, in base64) with one or more signatures by ICP-Brasil certificates."""

    pdf: str


class SignedCopy(msgspec.Struct, frozen=True):
    """A copy that came back signed, and what was found: who signed by which certificate, and what
    is known of its revocation."""

    id: int
    sha256: str
    added_by: int
    added_at: datetime
    report: dict[str, Any]

    @classmethod
    def of(cls, row: pades.Kept) -> "SignedCopy":
        return cls(row.id, row.pdf_hash.hex(), row.added_by, row.added_at, row.report)


class ApproverOut(msgspec.Struct, frozen=True):
    """Who approved, as the certificate says it."""

    name: str
    registration: str | None
    approved_at: str


class PublicCheckOut(msgspec.Struct, frozen=True):
    """`is_live`: readers of this site have exactly this text now."""

    content_hash: str
    is_live: bool
    approvers: list[ApproverOut]


@get("/certificates/{name:str}", action="certificate.read", resource="certificate")
async def read_certificate(
    name: str, work: UnitOfWork, language: str | None = None
) -> Response[bytes]:
    """The certificate of what readers have of a post: `12` or `12.json` is the sealed JSON,
    `12.pdf` the PDF with it inside, in the language of the text or in `language` (pt, en)."""
    return await certificate_file(work, name, language)


async def certificate_file(
    work: UnitOfWork, name: str, language: str | None = None
) -> Response[bytes]:
    """The file of this name; NotFound for what is no name of one, or no reviewed post."""
    post_id, is_pdf = _wanted(name)
    _refuse_unknown(language)
    reviewed = await reviewed_post(work, post_id)
    found = await certificates.certified(work, reviewed.id)
    envelope = await certificates.envelope(work, found)
    if not is_pdf:
        written = msgspec.json.encode(envelope)
        return Response(written, media_type="application/json", headers=_NOT_KEPT)
    spoken = language or _language_of(envelope)
    pdf = await asyncio.to_thread(rendered, envelope, spoken)
    shown = {"Content-Disposition": f'inline; filename="certificate-{post_id}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers={**_NOT_KEPT, **shown})


@get("/certificates/signed/{post_id:int}", action="certificate.read", resource="certificate")
async def list_signed(post_id: int, work: UnitOfWork) -> list[SignedCopy]:
    """The copies of a post's certificate that came back signed."""
    reviewed = await reviewed_post(work, post_id)
    found = await certificates.certified(work, reviewed.id)
    return [SignedCopy.of(row) for row in await pades.attached(work, found)]


@post(
    "/certificates/signed/{post_id:int}",
    action="certificate.sign",
    resource="certificate",
    status_code=201,
)
async def add_signed(post_id: int, data: SignedCopyIn, work: UnitOfWork) -> SignedCopy:
    """Bring back a certificate that those who approved have signed with ICP-Brasil ones (PAdES)."""
    reviewed = await reviewed_post(work, post_id)
    return SignedCopy.of(await pades.attach(work, reviewed.id, data.pdf))


@get(
    "/certificates/signed/{post_id:int}/{number:int}",
    action="certificate.read",
    resource="certificate",
)
async def read_signed(post_id: int, number: int, work: UnitOfWork) -> Response[bytes]:
    """A signed copy, as it came."""
    await reviewed_post(work, post_id)
    pdf = await pades.signed_pdf(work, post_id, number)
    return Response(pdf, media_type="application/pdf", headers=_NOT_KEPT)


@get("/verify/{digest:str}", action="certificate.check", resource="certificate")
async def check_certificate(digest: str, work: UnitOfWork) -> Response[PublicCheckOut]:
    """Who approved the text with this SHA-256, and whether readers still have it. For everybody."""
    found = await public_check.check(work, digest)
    body = msgspec.convert(found, PublicCheckOut, from_attributes=True)
    return Response(body, headers={"Cache-Control": f"public, max-age={CHECK_SECONDS}"})


def _wanted(name: str) -> tuple[int, bool]:
    written = _NAME.fullmatch(name)
    if written is None or int(written[1]) > LARGEST_ID:
        raise NotFound("certificate", name[:40])
    return int(written[1]), written[2] == ".pdf"


def _refuse_unknown(language: str | None) -> None:
    if language is not None and language not in LANGUAGES:
        raise InvalidInput({"language": f"{language[:20]!r} must be one of {', '.join(LANGUAGES)}"})


def _language_of(envelope: dict[str, Any]) -> str:
    said = envelope["document"]["text"]["language"]
    return PORTUGUESE if said.lower().startswith(PORTUGUESE) else ENGLISH


routes = [read_certificate, list_signed, add_signed, read_signed, check_certificate]
