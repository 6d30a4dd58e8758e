"""Is it alive, is it ready, and what does the API look like. No tenant's data here."""

from typing import Any

import msgspec
from litestar import Request, Response
from sqlalchemy import text

from cms.api.routing import open_get
from cms.database.engine import open_session
from cms.host import Host
from cms.kernel.declarations import Health, Serves


@open_get("/healthz", because="tells only that the process answers")
async def alive() -> dict[str, str]:
    """200 as long as the process answers."""
    return {"status": "alive"}


@open_get("/readyz", because="tells only which parts are well")
async def ready(request: Request[Any, Any, Any]) -> Response[bytes]:
    """200 when this process may get requests, else 503 with what is not well. It is `degraded`,
    with 200, when readers notice nothing of what is not well; `?for=writes` asks whether it may get
    changes too."""
    host: Host = request.app.state.host
    findings = await examine(host, only_readyz=True)
    enough = {Serves.EVERYTHING}
    if request.query_params.get("for") != "writes":
        enough.add(Serves.READS)
    unwell = [finding for finding in findings if not finding.is_well]
    is_ready = all(finding.serves in enough for finding in unwell)
    status = ("degraded" if unwell else "ready") if is_ready else "not ready"
    body = {
        "status": status,
        "checks": {f.name: "well" if f.is_well else f.message for f in findings},
    }
    return Response(
        msgspec.json.encode(body),
        status_code=200 if is_ready else 503,
        media_type="application/json",
    )


async def examine(host: Host, *, only_readyz: bool = False) -> list[Health]:
    """Ask the database, then every health check of the plugins. A check that fails is a finding."""
    findings = [await _database(host)]
    if not findings[0].is_well:
        return findings
    for check in host.registry.each("health"):
        if only_readyz and not check.readyz:
            continue
        try:
            findings.append(await check.fn(host))
        except Exception as error:  # noqa: BLE001 - whatever broke the check is what is not well
            findings.append(Health(check.name, False, f"the check failed: {type(error).__name__}"))
    return findings


async def _database(host: Host) -> Health:
    try:
        async with open_session(host.engine, None) as session:
            await session.execute(text("select 1"))
    except Exception as error:  # noqa: BLE001 - every failure means the same to a load balancer
        return Health(
            "database", False, f"does not answer ({type(error).__name__})", "start PostgreSQL"
        )
    return Health("database", True, "answers")
