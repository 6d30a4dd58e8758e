"""The timeline: everything that happened, the newest first, narrowed by what an officer asks."""

from typing import Any

from litestar import Response
from sqlalchemy import text

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from plugins.audit_trail.officers import searches
from plugins.audit_trail.officers.filters import Wanted, read_question
from plugins.audit_trail.officers.naming import subjects
from plugins.audit_trail.officers.purposes import require_view
from plugins.audit_trail.officers.reading import read_trail
from plugins.audit_trail.screens.question import A_PAGE, Question, shown

_MOST_PEOPLE = 20
_PEOPLE = text(
    """
    select u.id, u.display_name, u.login from cms.users u
    where u.tenant_id = :tenant
      and (u.login = :said or lower(u.email) = lower(:said) or u.display_name ilike :like)
    order by u.display_name, u.id limit :most
    """
)


@screen("/admin/audit", action="audit.read", resource="audit_trail")
async def explore(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Who did what, a page at a time."""
    asked = Question.of(page)
    facts = {**shown(page, asked.purpose), "saved": await searches.listing(work)}
    if asked.faults:
        return _drawn(page, asked, facts, None, status=422)
    found = await read_trail(work, asked.wanted, asked.paging, purpose=asked.purpose)
    facts["names"] = await subjects(work, found.events, facts["purpose"])
    return _drawn(page, asked, facts, found)


def _drawn(
    page: Page, asked: Question, facts: dict[str, Any], found: Any, status: int = 200
) -> Response[bytes]:
    following = asked.link(cursor=found.next) if found is not None and found.next else ""
    return page.render(
        "audit_trail/explorer.html",
        status=status,
        asked=asked,
        events=found.events if found is not None else (),
        next=following,
        actions=sorted(page.work.registry.vocabulary),
        **facts,
    )


@form("/admin/audit/person", action="audit.read", resource="audit_trail")
async def find_person(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Lead to the story of the person with this number, login, e-mail or name. What was typed
    stands in no address."""
    require_view(work)
    said = page.form.text("person")
    if said.isascii() and said.isdigit() and len(said) < 19:
        return page.redirect(f"/admin/audit/people/{said}")
    like = "%" + said.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    values = {"tenant": work.tenant_id, "said": said, "like": like, "most": _MOST_PEOPLE}
    found = await work.all(_PEOPLE, values) if said else []
    if len(found) == 1:
        return page.redirect(f"/admin/audit/people/{found[0].id}")
    return page.render("audit_trail/people.html", people=found, said=said)


@form("/admin/audit/address", action="audit.read", resource="audit_trail")
async def explore_address(work: UnitOfWork, page: Page) -> Response[bytes]:
    """What came from a network address. It travels in the form, never in an address."""
    address, cursor = page.form.text("ip"), page.form.text("cursor") or None
    stated = page.form.text("purpose") or None
    given = {"ip": address, "order": "desc", "limit": str(A_PAGE), "cursor": cursor}
    wanted, paging = read_question(given)
    found = await read_trail(work, Wanted(ip=wanted.ip), paging, purpose=stated)
    return page.render(
        "audit_trail/address.html",
        address=address,
        events=found.events,
        cursor=found.next,
        **shown(page, stated),
    )


EXPLORER_SCREENS: list[Any] = [explore, find_person, explore_address]
