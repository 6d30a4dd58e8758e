"""Site health as WordPress asks for it. What counts here is told by `cms check` and /readyz."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.rest.shape import answer

Asked = Request[Any, Any, Any]
BASE = "/wp-site-health/v1"
_VIEW = "install_plugins"

# Address, group, what is found, and why.
_FINDINGS = (
    (
        "background-updates",
        "Security",
        "Updates come with the installation",
        "The product never changes its own code; whoever runs it installs the next version.",
    ),
    (
        "loopback-requests",
        "Performance",
        "Nothing depends on loopback requests",
        "Jobs run in a worker, not by requests that the site sends to itself.",
    ),
    (
        "dotorg-communication",
        "Security",
        "The site asks no foreign service",
        "Nothing that happens here is told to a service of others.",
    ),
    (
        "page-cache",
        "Performance",
        "Answers name what caches may keep",
        "Put a shared cache in front of the site where many read the same.",
    ),
)


def _require(work: UnitOfWork) -> None:
    may = not work.actor.is_anonymous and work.actor.has(_VIEW)
    require(may, "health.read", "The health of the site is for its administrators.")


def _finding(
    name: str, group: str, label: str, why: str, *, is_good: bool = True
) -> dict[str, Any]:
    return {
        "label": label,
        "status": "good" if is_good else "recommended",
        "badge": {"label": group, "color": "blue"},
        "description": f"<p>{why}</p>",
        "actions": "",
        "test": name.replace("-", "_"),
    }


def _route(name: str, group: str, label: str, why: str) -> HTTPRouteHandler:
    @get(f"{BASE}/tests/{name}", action="health.read", resource="health")
    async def examine(request: Asked, work: UnitOfWork) -> Response[bytes]:
        _require(work)
        return answer(request, _finding(name, group, label, why))

    return examine


@get(f"{BASE}/tests/https-status", action="health.read", resource="health")
async def examine_https(request: Asked, work: UnitOfWork) -> Response[bytes]:
    _require(work)
    is_good = request.url.scheme == "https"
    label = "The site is reached by HTTPS" if is_good else "The site is reached without HTTPS"
    why = "What people read here is nobody else's business; HTTPS keeps it so."
    return answer(request, _finding("https-status", "Security", label, why, is_good=is_good))


@get(f"{BASE}/tests/authorization-header", action="health.read", resource="health")
async def examine_authorization(request: Asked, work: UnitOfWork) -> Response[bytes]:
    _require(work)
    label = "The Authorization header is working as expected"
    why = "Application passwords and tokens come in this header, and it has arrived."
    return answer(request, _finding("authorization-header", "Security", label, why))


@get(f"{BASE}/directory-sizes", action="health.read", resource="health")
async def read_sizes(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """Nothing of the site lies in folders that grow with it: content is in the database."""
    _require(work)
    return answer(request, {"raw": 0})


SITE_HEALTH_ROUTES: list[HTTPRouteHandler] = [
    *(_route(*finding) for finding in _FINDINGS),
    examine_https,
    examine_authorization,
    read_sizes,
]
