"""Who signed in, who could not, and from where."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from plugins.audit_trail.officers.naming import subjects
from plugins.audit_trail.officers.reading import read_trail
from plugins.audit_trail.screens.question import Question, shown

_KINDS = {
    "all": "identity:session:*",
    "signed_in": "identity:session:sign_in",
    "refused": "identity:session:refuse",
    "new_browser": "identity:session:new_agent",
}


@screen("/admin/audit/sign-ins", action="audit.read", resource="audit_trail")
async def list_sign_ins(
    work: UnitOfWork, page: Page, kind: str = "all", purpose: str | None = None
) -> Response[bytes]:
    """The newest first; addresses and browsers for those alone who may see them."""
    kind = kind if kind in _KINDS else "all"
    asked = Question.of(page, action=_KINDS[kind])
    facts = shown(page, purpose)
    found = None
    if not asked.faults:
        found = await read_trail(work, asked.wanted, asked.paging, purpose=purpose)
        facts["names"] = await subjects(work, found.events, facts["purpose"])
    return page.render(
        "audit_trail/sign_ins.html",
        status=422 if asked.faults else 200,
        kind=kind,
        asked=asked,
        events=found.events if found else (),
        next=asked.link("/admin/audit/sign-ins", kind=kind, cursor=found.next)
        if found and found.next
        else "",
        **facts,
    )


SIGN_IN_SCREENS: list[Any] = [list_sign_ins]
