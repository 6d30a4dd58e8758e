"""Questions that are kept under a name."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form
from cms.database.work import UnitOfWork
from plugins.audit_trail.officers import searches
from plugins.audit_trail.screens.question import FILTERS


@form("/admin/audit/searches", action="audit.search", resource="audit_trail")
async def save_search(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep the question that is on the screen. Days are left out: it is asked again and again."""
    given = {name: page.form.text(name) for name in FILTERS if page.form.text(name)}
    name = page.form.text("name")
    await searches.add(work, name, given, is_shared=page.form.has("is_shared"))
    return page.redirect("/admin/audit", page.say("The search “%(name)s” is saved.", name=name))


@form("/admin/audit/searches/{search_id:int}/remove", action="audit.search", resource="audit_trail")
async def remove_search(work: UnitOfWork, page: Page, search_id: int) -> Response[bytes]:
    """Forget a search of one's own."""
    await searches.remove(work, search_id)
    return page.redirect("/admin/audit", page.say("The search is removed."))


SEARCH_SCREENS: list[Any] = [save_search, remove_search]
