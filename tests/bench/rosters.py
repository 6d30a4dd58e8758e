"""What importing a roster costs; `python -m tests.bench.rosters [ROWS]` prints it.

The CFM's bulk file with so many invented physicians, on a database that is started for it: seconds
of the clock and of this process, the growth of the largest resident size, and what one look-up
costs afterwards. A second import replaces the first, as one does every week.
"""

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from cms.host import Host, open_host, prepare_embedded
from cms.kernel.actors import SYSTEM
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.professional_registry.commands import import_roster
from plugins.professional_registry.councils import table
from plugins.professional_registry.identity import parse
from plugins.professional_registry.roster import RosterSnapshot
from plugins.professional_registry.roster_file import HEADER

ROWS, LOOK_UPS = 600_000, 500


def write_many(folder: Path, rows: int) -> Path:
    """The 27 files, the rows shared out as evenly as can be."""
    folder.mkdir()
    ufs = table().ufs
    for place, uf in enumerate(ufs):
        with (folder / f"{uf}.txt").open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"{HEADER}\n")
            for number in range(place, rows, len(ufs)):
                specialty = f"&CARDIOLOGIA - RQE Nº: {number}" if number % 3 == 0 else ""
                file.write(f"{number + 1}!{uf}!PESSOA INVENTADA {number}!P!A!{specialty}\n")
    return folder


async def imported(host: Host, tenant: Any, folder: Path) -> tuple[int, float, float, int]:
    """Rows, seconds of the clock, seconds of this process, growth in bytes."""
    seen: list[int] = []
    before, clock, cpu = _largest(), time.perf_counter(), time.process_time()
    done = await import_roster(
        host.shop, tenant, folder, progress=lambda read, _: seen.append(read)
    )
    spent = (time.perf_counter() - clock, time.process_time() - cpu)
    print(f"  told of its progress {len(seen)} times")
    return done.rows, *spent, _largest() - before


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def look_ups(host: Host, tenant: Any, rows: int) -> list[float]:
    """Milliseconds of each, in one transaction, over numbers far from each other."""
    source, ufs, spent = RosterSnapshot(), table().ufs, []
    async with host.shop.work(tenant, SYSTEM) as work:
        for step in range(LOOK_UPS + 20):
            number = step * 7919 % rows
            identity = parse(f"CRM-{ufs[number % len(ufs)]} {number + 1}")
            start = time.perf_counter()
            answer = await source.lookup(work, identity, f"Pessoa Inventada {number}")
            spent.append((time.perf_counter() - start) * 1000)
            if not answer.status.may_sign:
                raise LookupError(f"{identity} is on the roster and was not found")
    return spent[20:]  # the first ones also compile their statements


def one_look_up_in_sql(host: Host, tenant: Any, rows: int) -> float:
    """What the database says that the same row costs it, in milliseconds."""
    with psycopg.connect(host.addresses.web) as connection:
        connection.execute(f"set app.tenant_id = '{tenant.id:d}'")
        asked = connection.execute(
            "explain (analyze, format json) select * from professional_registry.roster_rows"
            " where tenant_id = %s and council = 'CRM' and generation = 2 and regional = %s"
            " and number = %s",
            [tenant.id, table().ufs[(rows // 2) % 27], str(rows // 2 + 1)],
        ).fetchone()
    if asked is None:
        raise LookupError("EXPLAIN gives a plan")
    milliseconds: float = asked[0][0]["Execution Time"]
    return milliseconds


async def measure(rows: int) -> None:
    with tempfile.TemporaryDirectory() as where:
        folder = write_many(Path(where) / "roster", rows)
        settings = Settings(data_dir=str(Path(where) / "var"))
        addresses = prepare_embedded(settings)
        add_to_directory(addresses.owner, "bench", "Bench", ["bench.example"])
        async with open_host(settings, addresses) as host:
            tenant = await host.tenants.by_slug("bench")
            for turn in ("first", "replacing it"):
                count, clock, cpu, grown = await imported(host, tenant, folder)
                print(
                    f"{turn}: {count:,} rows in {clock:.1f} s ({cpu:.1f} s of this process), "
                    f"{grown / 1e6:.0f} MB more"
                )
            spent = await look_ups(host, tenant, rows)
            print(
                f"look-up: {statistics.median(spent):.2f} ms at the median, "
                f"{statistics.quantiles(spent, n=100)[98]:.2f} ms at 99 %, of which the database "
                f"takes {one_look_up_in_sql(host, tenant, rows):.3f} ms for the row"
            )


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
