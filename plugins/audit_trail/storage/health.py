"""What `cms check` says of the storage: driver, edition, and whether it reports to its makers."""

from typing import Any

from sqlalchemy import text

from cms.database.engine import open_session
from cms.kernel.declarations import Health, HealthCheck
from plugins.audit_trail.storage.store import STANDING, TIMESCALE, Standing


async def names_its_driver(host: Any) -> Health:
    """The driver by name. TimescaleDB must not report home from a hospital."""
    async with open_session(host.shop.audit_engine or host.engine, None) as session:
        row = (await session.execute(text(STANDING))).one()
    found = Standing(driver=row[0], version=row[1], edition=row[2], telemetry=row[3])
    if found.version is not None and found.telemetry != "off":
        return Health(
            "audit_storage",
            False,
            f"{told(found)}, which reports to its makers",
            "As the owner: alter database … set timescaledb.telemetry_level = 'off'",
        )
    return Health("audit_storage", True, told(found))


def told(found: Standing) -> str:
    """One line for people."""
    if found.version is None:
        return f"{found.driver}: partitions of PostgreSQL"
    extension = f"TimescaleDB {found.version}, {found.edition} edition, telemetry {found.telemetry}"
    if found.driver == TIMESCALE:
        packs = "packs closed ranges" if found.has_columnstore else "cannot pack closed ranges"
        return f"{found.driver}: {extension}; {packs}"
    return f"{found.driver}: partitions of PostgreSQL; {extension} is here and not used"


CHECKS = (HealthCheck("audit_storage", names_its_driver, readyz=False),)
