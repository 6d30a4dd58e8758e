"""Certificates that people signed with certificates of ICP-Brasil (PAdES), and brought back."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from plugins.medical_review.settings import ReviewSettings
from plugins.medical_review.signing import certificates, icp, passkeys
from plugins.medical_review.signing.events import CertificateSigned
from plugins.medical_review.signing.icp import NotQualified, Signer, Trust
from plugins.medical_review.signing.models import Certificate, CertificateSignature
from plugins.medical_review.signing.pdf_changes import changes
from plugins.medical_review.signing.pdf_files import (
    UNREADABLE,
    NotOurPdf,
    certificate_in,
    drawn_from,
    reader_of,
)
from plugins.medical_review.signing.statements import moment

MOST_SIGNATURES = 10


@dataclass(frozen=True)
class Kept:
    """A copy that came back signed, without its bytes."""

    id: int
    pdf_hash: bytes
    added_by: int
    added_at: datetime
    report: dict[str, Any]


async def attach(work: UnitOfWork, post_id: int, text: str) -> Kept:
    """Keep the post's certificate with ICP-Brasil signatures of those who are named in it.
    InvalidInput says why a file is not taken; Conflict when it is kept already."""
    found = await certificates.certified(work, post_id)
    envelope = await certificates.envelope(work, found)
    try:
        pdf = icp.decoded(text)
        report = await _judged(work, pdf, envelope)
    except (NotQualified, NotOurPdf) as fault:
        raise InvalidInput({"pdf": f"is not taken: {fault}"}) from fault
    row = CertificateSignature(
        tenant_id=work.tenant_id,
        id=await work.next_id("review_certificate_signature"),
        certificate_id=found.id,
        pdf=pdf,
        pdf_hash=hashlib.sha256(pdf).digest(),
        report=report,
        added_by=passkeys.signer_of(work, "certificate.sign"),
        added_at=work.now,
    )
    await _keep(work, row)
    return Kept(row.id, row.pdf_hash, row.added_by, row.added_at, row.report)


async def attached(work: UnitOfWork, certificate: Certificate) -> list[Kept]:
    """The signed copies of a certificate, the oldest first."""
    model = CertificateSignature
    rows = await work.all(
        select(model.id, model.pdf_hash, model.added_by, model.added_at, model.report)
        .where(
            CertificateSignature.tenant_id == work.tenant_id,
            CertificateSignature.certificate_id == certificate.id,
        )
        .order_by(CertificateSignature.id)
    )
    return [Kept(*row) for row in rows]


async def signed_pdf(work: UnitOfWork, post_id: int, number: int) -> bytes:
    """A signed copy of the post's certificate, as it came; or NotFound."""
    row = await work.one(
        select(CertificateSignature.pdf)
        .join(
            Certificate,
            (Certificate.tenant_id == CertificateSignature.tenant_id)
            & (Certificate.id == CertificateSignature.certificate_id),
        )
        .where(
            CertificateSignature.tenant_id == work.tenant_id,
            CertificateSignature.id == number,
            Certificate.post_id == post_id,
        )
    )
    if row is None:
        raise NotFound("signed certificate", number)
    return bytes(row.pdf)


async def _judged(work: UnitOfWork, pdf: bytes, envelope: dict[str, Any]) -> dict[str, Any]:
    language = await asyncio.to_thread(_language, pdf, envelope)
    trust = Trust.read(work.settings(ReviewSettings))
    signers = [await _signer(one, trust) for one in _signatures(reader_of(pdf))]
    for signer in signers:
        icp.require_name(signer, _names(envelope))
    return {
        "language": language,
        "checked_at": moment(work.now),
        "signers": [signer.facts() for signer in signers],
    }


def _language(pdf: bytes, envelope: dict[str, Any]) -> str:
    if certificate_in(pdf) != envelope:
        raise NotOurPdf("it is another certificate than the one of what readers have now")
    language = drawn_from(pdf, envelope)
    if language is None:
        raise NotOurPdf("it does not begin with the PDF that was handed out; get it again")
    return language


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """All signatures of the file. NotOurPdf unless they cover all of it, and nothing was changed
    of what was handed out but that they were added."""
    found = list(reader.embedded_regular_signatures)
    if not 0 < len(found) <= MOST_SIGNATURES:
        raise NotOurPdf(f"it has {len(found)} signatures; 1 to {MOST_SIGNATURES} are taken")
    newest = found[-1]
    newest.compute_integrity_info()
    if newest.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise NotOurPdf("something was added to it after the last signature")
    try:
        faults = list(changes(reader))
    except UNREADABLE as error:
        raise NotOurPdf(f"more than signatures was added to it: {error}") from error
    if faults:
        raise NotOurPdf(f"more than signatures was added to it: {', '.join(faults[:5])}")
    return found


async def _signer(embedded: EmbeddedPdfSignature, trust: Trust) -> Signer:
    try:
        return await icp.signer_of(
            lambda context: async_validate_pdf_signature(
                embedded, context, key_usage_settings=icp.USAGE
            ),
            trust,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise NotQualified(f"a signature of it cannot be read: {error}") from error


def _names(envelope: dict[str, Any]) -> Iterator[str]:
    """What those are called who approved, here and in the register."""
    document = envelope["document"]
    for signature in document["signatures"]:
        signer = signature["record"]["signer"]
        yield signer["name"]
        yield (signer["registration"] or {}).get("full_name", "")
    for decision in document["decisions"]:
        yield decision["reviewer_name"]
        yield (decision["reviewer_registration"] or {}).get("full_name", "")


async def _keep(work: UnitOfWork, row: CertificateSignature) -> None:
    work.session.add(row)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise Conflict("This file is kept already.", code="certificate.known") from error
    told = {"pdf": row.pdf_hash.hex(), "signatures": len(row.report["signers"])}
    await work.emit(CertificateSigned(certificate_id=row.certificate_id, after=told))
