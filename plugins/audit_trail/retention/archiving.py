"""The copy of a range that is to go: an evidence export of each site, verified where it lies."""

import asyncio
from contextlib import AbstractAsyncContextManager
from hashlib import file_digest
from pathlib import Path

from cms.database.work import UnitOfWork
from cms.errors import Conflict
from cms.host import Host
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.tenant import Tenant
from plugins.audit_trail.exports.asked import Asked
from plugins.audit_trail.exports.making import Order, make_export
from plugins.audit_trail.retention.ranges import Proposal
from plugins.audit_trail.verification.offline.twice import verify_twice


class CopyUnsound(Conflict):
    """The copy does not verify; nothing goes."""

    slug = "audit-copy-unsound"


async def archive_range(host: Host, tenant: Tenant, found: Proposal, target: Path) -> str:
    """Copy what the site has in the range, and check the copy by itself; its SHA-256."""
    path = target.with_suffix(".zip")
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)

    def new_work() -> AbstractAsyncContextManager[UnitOfWork]:
        facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
        return host.shop.work(tenant, SYSTEM, facts)

    # Of a run that was interrupted: it was not verified, so it counts for nothing.
    await asyncio.to_thread(path.unlink, missing_ok=True)
    await make_export(new_work, Order(Asked(since=found.since, until=found.until)), path)
    report = await asyncio.to_thread(verify_twice, path, None, [])
    if report.verdict != "green":
        raise CopyUnsound(
            f"{path} does not verify, so the range stays. See: cms audit verify --offline {path}"
        )
    return await asyncio.to_thread(_digest, path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
