"""The library of literature: finding in it, reading an entry, adding one by its DOI."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.medical_review.references import library, searching
from plugins.medical_review.references.api import ReferenceOut
from plugins.medical_review.references.models import Notice
from plugins.medical_review.references.resolving import resolve
from plugins.medical_review.screens.said import show

LIBRARY = "/admin/reviews/library"
A_PAGE, MOST_USES = 50, 100
NAMES = ("doi", "pmid", "pmcid", "isbn")


@screen(LIBRARY, action="reference.list", resource="reference")
async def list_library(
    work: UnitOfWork, page: Page, *, q: str = "", notice: str = "", before: int | None = None
) -> Response[bytes]:
    """The entries that hold all these words, the newest first."""
    return await _list(work, page, q=q, notice=notice, before=before)


async def _list(
    work: UnitOfWork,
    page: Page,
    *,
    q: str = "",
    notice: str = "",
    before: int | None = None,
    faults: dict[str, str] | None = None,
) -> Response[bytes]:
    if notice and notice not in set(Notice):
        raise InvalidInput({"notice": f"{notice[:40]!r} must be one of {', '.join(Notice)}"})
    found = await searching.listed(work, q=q[:200], notice=notice, limit=A_PAGE, before=before)
    asked = {name: value for name, value in (("q", q), ("notice", notice)) if value}
    here = f"{LIBRARY}?{urlencode(asked)}"
    following = f"{LIBRARY}?{urlencode({**asked, 'before': found[-1].id})}" if found else ""
    return show(
        page,
        "library",
        status=422 if faults else 200,
        entries=[ReferenceOut.of(entry) for entry in found],
        q=q,
        notice=notice,
        names=NAMES,
        first=here if before else "",
        next=following if len(found) == A_PAGE else "",
        faults=faults or {},
        typed=page.form,
    )


@screen(f"{LIBRARY}/{{reference_id:int}}", action="reference.read", resource="reference")
async def show_entry(work: UnitOfWork, page: Page, reference_id: int) -> Response[bytes]:
    """One entry: what it says, what it said before, and the texts that rest on it."""
    library.require_write(work, "reference.read")
    entry = await library.get(work, reference_id)
    return show(
        page,
        "entry",
        entry=ReferenceOut.of(entry),
        versions=await library.versions(work, reference_id),
        uses=await searching.used_in(work, entry, limit=MOST_USES),
    )


@form(LIBRARY, action="reference.add", resource="reference")
async def add_entry(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Add a publication by one of its names, as a source knows it."""
    kind, value = page.form.text("kind") or NAMES[0], page.form.text("value")
    if kind not in NAMES:
        raise InvalidInput({"kind": f"{kind[:20]!r} must be one of {', '.join(NAMES)}"})
    try:
        entry, is_new = await resolve(work, {kind: value})
    except InvalidInput as refused:
        return await _list(work, page, faults={"value": "; ".join(refused.faults.values())})
    except NotFound as missing:
        return await _list(work, page, faults={"value": missing.message})
    told = page.say("The library had this publication already.")
    if is_new:
        told = page.say("The publication is in the library.")
    return page.redirect(f"{LIBRARY}/{entry.id}", told)


LIBRARY_SCREENS: list[Any] = [list_library, show_entry, add_entry]
