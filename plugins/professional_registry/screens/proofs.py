"""Manual proof: what somebody saw on the register's own page, confirmed by a second person."""

import asyncio
from datetime import date, datetime, time, timedelta
from hashlib import file_digest
from typing import Any

from litestar import Response
from litestar.datastructures import UploadFile

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.professional_registry import proofs, registrations
from plugins.professional_registry.models import Professional
from plugins.professional_registry.proofs import RESULTS, Evidence, Seen, SpecialtyShown
from plugins.professional_registry.screens.words import words_of
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.two_people import require_manager

_NO_EVIDENCE = Evidence(name="", size=0, sha256="")


@screen("/admin/registry/{professional_id:int}/proofs/new", action="proof.record", resource="proof")
async def new_proof(work: UnitOfWork, page: Page, professional_id: int) -> Response[bytes]:
    """The form for what was seen."""
    require_manager(work, "proof.record")
    person = await registrations.get(work, professional_id)
    now = work.now.astimezone(work.tenant.zone)
    longest = work.settings(RegistrySettings).manual_proof_days
    given = {
        "name": person.full_name,
        "checked_at": f"{now:%Y-%m-%dT%H:%M}",
        "expires_on": f"{now + timedelta(days=longest - 1):%Y-%m-%d}",
    }
    return _form(page, person, given, {})


@form("/admin/registry/{professional_id:int}/proofs/new", action="proof.record", resource="proof")
async def record_proof(work: UnitOfWork, page: Page, professional_id: int) -> Response[bytes]:
    """Keep who looked, when and where, and the hash of the evidence."""
    person = await registrations.get(work, professional_id)
    try:
        await proofs.record(work, professional_id, await _seen(page))
    except InvalidInput as refused:
        faults = {_IN_FORM.get(name, name): said for name, said in refused.faults.items()}
        return _form(page, person, dict(page.form.pairs()), faults, 422)
    told = page.say("The proof is kept. It counts as soon as somebody else confirms it.")
    return page.redirect(f"/admin/registry/{professional_id}", told)


_IN_FORM = {"expires_at": "expires_on"}


async def _seen(page: Page) -> Seen:
    sent = page.form
    faults = dict[str, str]()
    checked = sent.read("checked_at", datetime.fromisoformat, faults)
    until = sent.read("expires_on", date.fromisoformat, faults)
    if checked is None or until is None:
        raise InvalidInput(dict.fromkeys(faults, "must be a day and, where asked for, a time"))
    zone = page.work.tenant.zone
    return Seen(
        page=sent.text("page"),
        name=sent.text("name"),
        status=sent.text("status"),
        said=sent.text("said"),
        checked_at=checked.replace(tzinfo=zone),
        expires_at=datetime.combine(until + timedelta(days=1), time(), zone),
        evidence=await _evidence(sent.files("evidence")),
        specialties=_specialties(sent.text("specialties")),
        note=sent.text("note"),
    )


async def _evidence(files: list[UploadFile]) -> Evidence:
    """Name, size and hash of the file. It is read and forgotten: whoever looked keeps it."""
    if not files:
        return _NO_EVIDENCE
    (kept, *_) = files

    def measured() -> tuple[int, str]:
        digest = file_digest(kept.file, "sha256").hexdigest()
        return kept.file.tell(), digest

    size, digest = await asyncio.to_thread(measured)
    return Evidence(name=kept.filename, size=size, sha256=digest)


def _specialties(lines: str) -> tuple[SpecialtyShown, ...]:
    """One a line, its RQE after a semicolon if there is one."""
    parts = [line.partition(";") for line in lines.splitlines() if line.strip()]
    return tuple(SpecialtyShown(name.strip(), rqe.strip() or None) for name, _, rqe in parts)


def _form(
    page: Page, person: Professional, given: Any, faults: Any, status: int = 200
) -> Response[bytes]:
    return page.render(
        "professional_registry/proof.html",
        status=status,
        person=person,
        given=given,
        faults=faults,
        results=[one.value for one in RESULTS],
        longest=page.work.settings(RegistrySettings).manual_proof_days,
        **words_of(page),
    )


@form("/admin/registry/proofs/{proof_id:int}/confirm", action="proof.confirm", resource="proof")
async def confirm_proof(work: UnitOfWork, page: Page, proof_id: int) -> Response[bytes]:
    """As the second person, who has looked at the evidence."""
    proof = await proofs.confirm(work, proof_id)
    told = page.say("The proof is confirmed, and the registration verified by it.")
    return page.redirect(f"/admin/registry/{proof.professional_id}", told)


@form("/admin/registry/proofs/{proof_id:int}/withdraw", action="proof.withdraw", resource="proof")
async def withdraw_proof(work: UnitOfWork, page: Page, proof_id: int) -> Response[bytes]:
    """Take it back."""
    proof = await proofs.withdraw(work, proof_id)
    return page.redirect(
        f"/admin/registry/{proof.professional_id}", page.say("The proof is withdrawn.")
    )


PROOF_SCREENS: list[Any] = [new_proof, record_proof, confirm_proof, withdraw_proof]
