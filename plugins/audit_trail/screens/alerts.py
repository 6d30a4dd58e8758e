"""What the rules have found, and the rules."""

from typing import Any
from uuid import UUID

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from plugins.audit_trail.alerts import alerts, rules
from plugins.audit_trail.screens.question import A_PAGE, shown


@screen("/admin/audit/alerts", action="audit.alerts", resource="audit_trail")
async def list_alerts(
    work: UnitOfWork, page: Page, status: str = "open", cursor: str | None = None
) -> Response[bytes]:
    """The newest first, the open ones unless all are wanted."""
    status = status if status in ("open", "acknowledged", "all") else "open"
    found, following = await alerts.listing(
        work, state=None if status == "all" else status, limit=A_PAGE, cursor=cursor
    )
    return page.render(
        "audit_trail/alerts.html",
        alerts=found,
        rules=await rules.listing(work),
        chosen=status,
        next=f"/admin/audit/alerts?status={status}&cursor={following}" if following else "",
        **shown(page, None),
    )


@screen("/admin/audit/alerts/{alert_id:int}", action="audit.alerts", resource="audit_trail")
async def show_alert(work: UnitOfWork, page: Page, alert_id: int) -> Response[bytes]:
    """One alert with its events, and the form to take note of it."""
    found = await alerts.get(work, alert_id)
    return page.render(
        "audit_trail/alert.html",
        alert=found,
        events=[UUID(str(event)) for event in found.events],
        **shown(page, None),
    )


@form(
    "/admin/audit/alerts/{alert_id:int}/acknowledge", action="audit.alert", resource="audit_trail"
)
async def acknowledge_alert(work: UnitOfWork, page: Page, alert_id: int) -> Response[bytes]:
    """Take note, in one's own name."""
    await alerts.acknowledge(work, alert_id, page.form.text("note"))
    return page.redirect("/admin/audit/alerts", page.say("You have taken note of the alert."))


@form("/admin/audit/alert-rules/{rule_id:int}", action="audit.alert", resource="audit_trail")
async def switch_rule(work: UnitOfWork, page: Page, rule_id: int) -> Response[bytes]:
    """Let a rule watch, or rest."""
    is_active = page.form.text("is_active") == "yes"
    await rules.edit(work, rule_id, {"is_active": is_active})
    told = page.say("The rule watches.") if is_active else page.say("The rule rests.")
    return page.redirect("/admin/audit/alerts", told)


ALERT_SCREENS: list[Any] = [list_alerts, show_alert, acknowledge_alert, switch_rule]
