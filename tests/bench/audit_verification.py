"""What a verification costs: `python -m tests.bench.audit_verification [EVENTS]` prints it.

A million events as real rows with real hashes. «CPU» is what the verifying process used itself, so
that the figure holds on a machine that does other things too; «wall» is what somebody waits for.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from cms.database import embedded, migrate, roles
from cms.host import Addresses, all_plugins, open_host
from cms.kernel.actors import SYSTEM
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail.proving.proofs import prove_event
from plugins.audit_trail.verification.checks import all_checks
from plugins.audit_trail.verification.columns import RANGE, Rebuilding
from plugins.audit_trail.verification.rebuild import Spine
from plugins.audit_trail.verification.snapshot import Wanted
from plugins.audit_trail.verification.verify import verify_log
from tests.plugins.audit_trail.bulk import fill

EVENTS = 1_000_000
Row = tuple[str, str, str]


def rate(count: int, step: Callable[[], object]) -> tuple[float, float]:
    """Entries per second: of this process's own time, and by the clock."""
    cpu, wall = time.process_time(), time.monotonic()
    step()
    return count / (time.process_time() - cpu), count / (time.monotonic() - wall)


def leaves_to_root(count: int) -> float:
    """The tree alone, from leaves in memory."""
    leaves = [sha256(n.to_bytes(8, "big")).digest() for n in range(count)]
    spine = Spine()

    def step() -> None:
        for leaf in leaves:
            spine.add(leaf)
        spine.root()

    return rate(count, step)[0]


def verified(
    owner: str, folder: Path, count: int, *names: str, **wanted: Any
) -> tuple[float, float]:
    """The rates of the named checks, run alone in one snapshot."""

    checks = [check for check in all_checks() if check.name in names]

    def run() -> None:
        report = verify_log(owner, folder, wanted=Wanted(**wanted), checks=checks)
        assert report.is_green, report.findings
        assert report.entries == count

    return rate(count, run)


def rebuilt_by_sql(owner: str, count: int) -> float:
    """Columns to leaves in the server alone, by the clock."""
    with psycopg.connect(owner) as connection:
        connection.execute("set local max_parallel_workers_per_gather = 2")
        rebuilding = Rebuilding(connection, 0, "sql")

        def step() -> None:
            for first in range(0, count, RANGE["sql"]):
                made = rebuilding.run(first, min(first + RANGE["sql"], count))
                assert not made.altered.count + made.missing.count

        return rate(count, step)[1]


async def proof(addresses: Addresses, settings: Settings) -> tuple[float, int]:
    """Milliseconds of a proof made from the database, and its bytes without the event."""
    async with open_host(settings, addresses) as host:
        tenant = await host.tenants.by_slug("bench")
        with psycopg.connect(addresses.owner) as connection:
            events = [row[0] for row in connection.execute(
                "select event_id from audit.events where tenant_id = %s and writer_id <> 'old' "
                "order by event_id limit 60", [tenant.id]
            )]  # fmt: skip
        times, size = [], 0
        for event_id in events:
            async with host.shop.work(tenant, SYSTEM) as work:
                started = time.monotonic()
                made = await prove_event(work, event_id, with_event=False)
                times.append((time.monotonic() - started) * 1000)
                size = len(made.encode())
        return median(times[5:]), size


def figures(count: int) -> Iterator[Row]:
    """(what, figure, target), each measured on its own and told at once."""
    home = Path(tempfile.mkdtemp(prefix="cms-bench-audit-"))
    home.chmod(0o755)
    server = embedded.start(home)
    try:
        yield from _figures(server, home, count)
    finally:
        embedded.release(server)


def _figures(server: Any, home: Path, count: int) -> Iterator[Row]:
    url = server.url()
    roles.create_owner(url, "bench_owner", "bench", "bench")

    def at(login: str) -> str:
        address = make_url(url).set(database="bench", username=login, password="bench")
        return address.render_as_string(hide_password=False)

    owner = at("bench_owner")
    migrate.upgrade(owner, all_plugins())
    roles.create_member(owner, "bench_web", "bench", roles.WEB_GROUP)
    roles.create_member(owner, "bench_worker", "bench", roles.WORKER_GROUP)
    add_to_directory(owner, "bench", "Bench", ["bench.example"])
    settings = Settings(data_dir=str(home / "var"))
    folder = Path(settings.data) / "audit"
    asyncio.run(fill(owner, at("bench_worker"), folder, count, batch=10_000))
    python, whole = verified(owner, folder, count, "tree", "columns")
    yield "Python, columns to root and chain, per core (CPU)", f"{python:,.0f}/s", "80,000/s"
    yield "the same, one process by the clock", f"{whole:,.0f}/s", ""
    _, two = verified(owner, folder, count, "tree", "columns", jobs=2)
    yield "the same, two processes by the clock", f"{two:,.0f}/s", ""
    tree, _ = verified(owner, folder, count, "tree", by=())
    yield "stored leaves to root, chain and batches (CPU)", f"{tree:,.0f}/s", "400,000/s"
    yield "leaves in memory to root (CPU)", f"{leaves_to_root(count):,.0f}/s", "400,000/s"
    sql = rebuilt_by_sql(owner, count)
    yield "SQL, columns to leaves, two cores by the clock", f"{sql:,.0f}/s", "300,000/s"
    milliseconds, size = asyncio.run(
        proof(Addresses(owner, at("bench_web"), at("bench_worker")), settings)
    )
    yield "proof from the database, median", f"{milliseconds:.1f} ms", "20 ms"
    yield "proof with the post-quantum line", f"{size:,} bytes", "5,120 bytes"


def main() -> None:
    """Print each figure beside its target."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    print(f"{count:,} events")
    for what, figure, target in figures(count):
        print(f"{what:<52}{figure:>16}   {target and 'target ' + target}", flush=True)


if __name__ == "__main__":
    main()
