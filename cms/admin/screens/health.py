"""Is everything well, and what to do where it is not."""

from typing import Any

from litestar import Request, Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.api.set_up import site_findings
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.jobs import looking
from cms.sealing.keys import listed


@screen("/admin/system/health", action="health.read", resource="health")
async def show_health(
    request: Request[Any, Any, Any], work: UnitOfWork, page: Page
) -> Response[bytes]:
    """Every check of the installation that concerns this site, and the state of its keys."""
    require(
        work.actor.has("manage_options") and not work.actor.is_anonymous,
        "health.read",
        "The health of the site is for its administrators.",
    )
    findings = await site_findings(request.app.state.host, work.tenant)
    return page.render(
        "system/health.html",
        findings=sorted(findings, key=lambda one: one.is_well),
        workers=await looking.workers(work),
        keys=await listed(work),
    )


HEALTH_SCREENS: list[Any] = [show_health]
