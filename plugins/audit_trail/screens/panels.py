"""What the first page shows of the trail."""

from typing import Any

from cms.admin.page import Page
from plugins.audit_trail.alerts import alerts
from plugins.audit_trail.officers.purposes import VIEW

_A_FEW = 5


async def open_alerts(page: Page, **_: Any) -> str:
    """Alerts that nobody has taken note of, for who may."""
    if not (page.work.actor.has(VIEW) and page.may("audit.alert")):
        return ""
    found, following = await alerts.listing(page.work, state="open", limit=_A_FEW)
    if not found:
        return ""
    return page.draw("audit_trail/panel_alerts.html", alerts=found, has_more=following is not None)
