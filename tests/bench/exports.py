"""What an export costs; `python -m tests.bench.exports [EVENTS]` prints it.

CPU seconds of this process (PostgreSQL's are its own): they say what a row costs on a busy machine
too. Memory is the growth of the largest resident size over the export: it must not follow the rows.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from psycopg import AsyncConnection

from cms.host import Host, open_host, prepare_embedded
from cms.kernel.actors import SYSTEM
from cms.kernel.events import Refused
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.forms.fhir import fhir_r4_of, fhir_r5_of
from plugins.audit_trail.exports.forms.ocsf import ocsf_of
from plugins.audit_trail.exports.forms.table import cells_of
from plugins.audit_trail.exports.making import Order, make_export
from plugins.audit_trail.exports.reading import Entry
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import open_sequencer
from plugins.audit_trail.settings import AuditSettings, audit_folder
from plugins.audit_trail.verification.offline.export import verify_export
from plugins.audit_trail.verifier import verify

AT_ONCE = 2_000


async def fill(host: Host, tenant: Any, count: int) -> None:
    """So many events, sequenced and signed."""
    evidence = Evidence(audit_folder(host.settings))
    settings = AuditSettings(checkpoint=0)
    async with await AsyncConnection.connect(host.worker_url, autocommit=True) as connection:
        sequencer = await open_sequencer(
            connection, evidence, "bench.example", settings, host.secret.digest
        )
        for start in range(0, count, AT_ONCE):
            async with host.shop.work(tenant, SYSTEM) as work:
                for n in range(start, min(start + AT_ONCE, count)):
                    await work.emit(
                        Refused(
                            action="post.publish",
                            resource_type="post",
                            resource_id=n % 500 + 1,
                            before={"sticky": False, "status": "draft"},
                            after={"sticky": True, "reasons": ["review.stale", "review.missing"]},
                        )
                    )
            await sequencer.step()


def told(what: str, count: int, start: float, target: str = "") -> None:
    spent = time.process_time() - start
    print(f"{what:<44}{count / spent:>12,.0f} /s per core{target}")


async def measure(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-exports-") as folder:
        settings = Settings(data_dir=f"{folder}/var")
        where = prepare_embedded(settings)
        add_to_directory(where.owner, "bench", "Bench", ["bench.example"])
        async with open_host(settings, where) as host:
            tenant = await host.tenants.by_slug("bench")
            await fill(host, tenant, count)
            place = Path(folder)
            await exported(
                host, tenant, count // 10, place / "warm", "warming up", last=count // 10
            )
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            await exported(host, tenant, count, place / "plain", "export, evidence alone")
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            print(f"{'memory on top, over ten times the rows':<44}{grown / 1024:>12,.1f} MiB")
            await exported(host, tenant, count, place / "all", "export, with all forms", *Form)
        start = time.process_time()
        assert verify_export(place / "plain").verdict == "green"
        told("verify --offline, the product", count, start)
        start = time.process_time()
        assert verify.Check(str(place / "plain")).run() == 0
        told("verify.py", count, start)
        forms((place / "plain" / "events.jsonl").read_bytes().splitlines()[:20_000])


async def exported(
    host: Host, tenant: Any, count: int, target: Path, what: str, *forms: Form, **asked: Any
) -> None:
    start = time.process_time()
    order = Order(Asked(**asked), forms, patience=0)
    await make_export(lambda: host.shop.work(tenant, SYSTEM), order, target)
    told(what, count, start)


def forms(lines: list[bytes]) -> None:
    """The forms alone, from decoded events."""
    events = [msgspec.json.decode(line) for line in lines]
    entry = Entry(0, 7, "00" * 32, ("00" * 32, "11" * 32), b"")
    writers: dict[str, Callable[..., bytes]] = {
        "CSV": cells_of, "FHIR R4": fhir_r4_of, "FHIR R5": fhir_r5_of, "OCSF": ocsf_of,
    }  # fmt: skip
    for name, write in writers.items():
        start = time.process_time()
        for event in events:
            write(entry, event, {})
        told(name, len(events), start)


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
