"""The references of a text in its form: listed one in each line, found in the library by words, or
added by a DOI; and cited where the writer is."""

from typing import Any

from litestar import Response

from cms.admin.page import Page, to_script
from cms.admin.routing import form, screen
from cms.content.models import Post, Revision
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound
from cms.kernel.declarations import PostType
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.references import library, searching
from plugins.medical_review.references.bibliography import locale_of
from plugins.medical_review.references.citations import order_of
from plugins.medical_review.references.entries import LISTED_IN, key_of_entry
from plugins.medical_review.references.guarding import examined
from plugins.medical_review.references.models import LibraryEntry
from plugins.medical_review.references.resolving import resolve
from plugins.medical_review.references.sent import INPUT, entry_of
from plugins.medical_review.references.sources.asking import SourcesSilent
from plugins.medical_review.references.style_option import style_of
from plugins.medical_review.references.text_api import FindingOut, listed_of
from plugins.medical_review.screens.said import draw

FOUND = 10


async def references_of_form(
    page: Page, *, post_type: PostType, post: Post | None, revision: Revision | None, **_: Any
) -> str:
    """The references that the form holds, and what is wrong with those that are stored."""
    if not is_reviewed(page.work, post_type.name):
        return ""
    entries = revision.parts.get(PART, {}).get(LISTED_IN, ()) if revision else ()
    stored = "\n".join(map(key_of_entry, entries))
    listed, findings = [], []
    if post is not None and revision is not None and entries:
        found, style = await examined(page.work, post.id, revision.id), await style_of(page.work)
        order = order_of(found.marks, found.entries)
        listed = listed_of(found, order, style, locale_of(revision.language))
        findings = [FindingOut.of(one) for one in found.findings]
    lines = page.form.raw(INPUT) if page.form.has(INPUT) else stored
    return draw(page, "panels/references", lines=lines, listed=listed, findings=findings)


@screen("/admin/reviews/references/find", action="reference.list", resource="reference")
async def find_references(work: UnitOfWork, page: Page, q: str = "") -> Response[bytes]:
    """Entries of the library that hold the words."""
    found = await searching.listed(work, q=q[:200], limit=FOUND)
    return to_script([_shown(one) for one in found], 200)


@form("/admin/reviews/references/add", action="reference.add", resource="reference")
async def add_by_name(work: UnitOfWork, page: Page) -> Response[bytes]:
    """An entry by its DOI, PubMed id or ISBN, as a source knows it."""
    named = entry_of(page.form.text("value"))
    if "title" in named:
        said = page.say("Give a DOI, a PubMed id, an id of PubMed Central or an ISBN.")
        return to_script({"told": said}, 422)
    try:
        entry, _ = await resolve(work, named)
    except (InvalidInput, NotFound, SourcesSilent) as refused:
        await work.begin_anew()
        return to_script({"told": _why(page, refused)}, refused.status)
    await work.session.flush()
    return to_script(_shown(entry), 200)


def _why(page: Page, refused: CmsError) -> str:
    return page.words.told(refused.message)


def _shown(entry: LibraryEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "title": entry.csl.get("title", ""),
        "authors": library.author_line(entry.csl),
    }


REFERENCE_SCREENS: list[Any] = [find_references, add_by_name]
