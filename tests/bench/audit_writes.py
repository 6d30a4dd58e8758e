"""What the trail costs; `python -m tests.bench.audit_writes` prints figures and targets.

Storage: eight processes change one of 20,000 rows and commit, a few seconds a kind, the kinds in
turn: nothing more (`bare`), a plain insert of the event that nothing chains (`unchained`), our
statement with its queue (`audited`), and that under the guard of protected tables (`guarded`). The
sequencer runs all the time; a probe asks how long its event takes into the log. Rows are made
before the clock starts. Product: publishing through its use case with the plugin and without.
"""

import asyncio
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import psycopg

from cms import core
from cms.content import posts, saving, transitions
from cms.content.statuses import Status
from cms.database import embedded
from cms.host import Addresses, Host, open_host, prepare_embedded, secret_key
from cms.identity.standing import recalled
from cms.identity.users import add_user, found_roles
from cms.kernel.actors import SYSTEM, Actor, Authentication, Method, RequestFacts
from cms.kernel.registry import Registry
from cms.settings import Settings
from cms.tenancy.founding import add_to_directory
from plugins.audit_trail import plugin as audit_trail
from plugins.audit_trail.completeness.guard import switch
from plugins.audit_trail.writing import recording
from plugins.zero_trust import plugin as zero_trust
from tests.bench.cpu import cpu_of
from tests.journeys.trail_processes import Done

KINDS = ("bare", "unchained", "audited", "guarded")
WRITERS = 8
ROWS = 20_000
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PUBLISHED = 150

CHANGE = "update {table} set n = n + 1 where id = $1"
TABLES = """
create schema bench;
create table bench.plain (id integer primary key, n integer not null) with (fillfactor = 50);
create table bench.guarded (like bench.plain including all) with (fillfactor = 50);
insert into bench.plain select g, 0 from generate_series(1, 20000) g;
insert into bench.guarded select * from bench.plain;
create constraint trigger told_by_an_event after insert or update or delete on bench.guarded
  deferrable initially deferred for each row execute function audit.refuse_silence();
grant usage on schema bench to cms_app;
grant select, update on all tables in schema bench to cms_app;
analyze bench.plain, bench.guarded;
"""
_QUEUED = """
insert into audit.pending (event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac)
values (%(event_id)s, %(occurred_at)s, %(leaf_hash)s, %(writer_id)s, %(writer_seq)s, %(mac)s)
"""
UNCHAINED = (
    f"insert into audit.events ({', '.join(recording._TYPES)}) values ("
    + ", ".join(
        f"${number}::{'text::' + kind if kind in recording._AS_TEXT else kind}"
        for number, kind in enumerate(recording._TYPES.values(), 1)
    )
    + ")"
)


def rows_of(data: str, count: int, name: int) -> list[dict[str, Any]]:
    """Events as the product writes them, with a minimal difference."""
    sign = secret_key(Settings(data_dir=data)).digest
    work: Any = SimpleNamespace(
        tenant_id=1, actor=SYSTEM, request=RequestFacts("bench", "rest"), sign=sign, decided=()
    )
    sealer: Any = SimpleNamespace(work=work, reference=lambda _: None)
    block = recording._writer.take(count)
    rows = []
    for number in block.numbers:
        work.now = datetime.now(UTC)
        event = Done(deed=name, before={"status": "draft"}, after={"status": "publish"})
        seat = recording.Seat(block.writer_id, number, ())
        id_ = recording.event_id(work.now, number)
        rows.append(
            recording._row(work, recording.envelope_of(sealer, event, id_, seat, None), None)
        )
    return rows


def write(data: str, address: str, name: int, orders: Connection) -> None:
    """A writer process: an order is (kind, moment to begin), an answer the latencies in ms."""
    asyncio.run(_write(data, address, name, orders))


async def _write(data: str, address: str, name: int, orders: Connection) -> None:
    connection = await asyncpg.connect(address)
    most = int(SECONDS * 1500)
    while (order := await asyncio.to_thread(orders.recv)) is not None:
        rows = rows_of(data, most, name) if order != "bare" else []
        orders.send("ready")
        start = await asyncio.to_thread(orders.recv)
        await asyncio.sleep(max(0.0, start - time.time()))
        orders.send(await _run(connection, order, rows, name))


async def _run(connection: Any, kind: str, rows: list[dict[str, Any]], name: int) -> list[float]:
    table = "bench.guarded" if kind == "guarded" else "bench.plain"
    change = await connection.prepare(CHANGE.format(table=table))
    plain = await connection.prepare(UNCHAINED)
    ours = await connection.prepare(recording._WRITE.sql)
    latencies = []
    until = time.perf_counter() + SECONDS
    at = name * 997
    while (started := time.perf_counter()) < until:
        at += 1
        async with connection.transaction():
            await change.fetch(at * 7919 % ROWS + 1)
            if kind == "unchained":
                row = rows[len(latencies)]
                await plain.fetch(*(row[column] for column in recording._TYPES))
            elif kind != "bare":
                row = rows[len(latencies)]
                given = {key: [value] for key, value in row.items()}
                await ours.fetch(*recording._WRITE.values(given))
        latencies.append((time.perf_counter() - started) * 1000)
    return latencies


class Probe:
    """How long an event waits for its place in the log, in ms, while others write."""

    def __init__(self, data: str, where: Addresses) -> None:
        self.data, self.where = data, where
        self.waited: list[float] = []

    async def run(self, seconds: float) -> None:
        writing = await asyncpg.connect(self.where.web)
        looking = await asyncpg.connect(self.where.owner)
        rows = iter(rows_of(self.data, int(seconds * 40), 0))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            row = next(rows)
            await writing.fetch(
                recording._WRITE.sql,
                *recording._WRITE.values({key: [value] for key, value in row.items()}),
            )
            committed = time.perf_counter()
            while not await looking.fetchval(
                "select exists (select from audit.leaves where event_id = $1)", row["event_id"]
            ):
                await asyncio.sleep(0.003)
            self.waited.append((time.perf_counter() - committed) * 1000)
        await writing.close()
        await looking.close()


@contextmanager
def installed() -> Iterator[tuple[str, Addresses]]:
    with tempfile.TemporaryDirectory(prefix="cms-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        where = prepare_embedded(Settings(data_dir=folder))
        add_to_directory(where.owner, "clinica", "Clínica", ["clinica.example"])
        with psycopg.connect(where.owner) as connection:
            connection.execute(TABLES)
        command = [sys.executable, "-m", "tests.journeys.trail_processes", "sequencer", folder,
                   json.dumps(asdict(where)), "0"]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as sequencer:
            try:
                yield folder, where
            finally:
                sequencer.terminate()
                embedded.release(embedded.start(Path(folder)))


def storage(data: str, where: Addresses) -> None:
    """All kinds in turn, and their medians."""
    spawn = multiprocessing.get_context("spawn")
    pipes = [spawn.Pipe() for _ in range(WRITERS)]
    processes = [
        spawn.Process(target=write, args=(data, where.web, number + 1, far))
        for number, (_, far) in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    rates: dict[str, list[float]] = defaultdict(list)
    latencies: dict[str, list[float]] = defaultdict(list)
    probe = Probe(data, where)
    for round_number in range(ROUNDS):
        for kind in KINDS if round_number % 2 == 0 else KINDS[::-1]:
            done = _one(pipes, kind, probe)
            rates[kind].append(sum(map(len, done)) / SECONDS)
            latencies[kind] += [one for mine in done for one in mine]
    for near, _ in pipes:
        near.send(None)
    for process in processes:
        process.join()
    _print(rates, latencies, probe)


def _one(pipes: list[tuple[Any, Any]], kind: str, probe: Probe) -> list[list[float]]:
    for near, _ in pipes:
        near.send(kind)
    for near, _ in pipes:
        near.recv()
    start = time.time() + 0.2
    for near, _ in pipes:
        near.send(start)
    if kind == "audited":
        asyncio.run(probe.run(SECONDS))
    return [near.recv() for near, _ in pipes]


def guard_cost(data: str, where: Addresses) -> None:
    """Processor time of the database for one row more under the guard; the same rows without it
    are changed in turn."""
    used: dict[str, float] = defaultdict(float)
    rows = rows_of(data, 2 * ROUNDS, 0)
    with psycopg.connect(where.owner, autocommit=True) as connection:
        pids = [connection.info.backend_pid]
        for _ in range(ROUNDS):
            for table in ("plain", "guarded"):
                before = cpu_of(pids)
                with connection.transaction():
                    connection.execute(_QUEUED, rows.pop())
                    connection.execute(f"update bench.{table} set n = n + 1")  # type: ignore[arg-type]
                used[table] += cpu_of(pids) - before
    more = (used["guarded"] - used["plain"]) / ROUNDS / ROWS
    print(f"guard: {more * 1e6:.1f} µs of the database for each row that is changed")


def _print(rates: dict[str, list[float]], latencies: dict[str, list[float]], probe: Probe) -> None:
    quick = {kind: (_at(found, 0.5), _at(found, 0.99)) for kind, found in latencies.items()}
    for kind in KINDS:
        rate = statistics.median(rates[kind])
        print(f"{kind:10} {rate:8,.0f}/s  p50 {quick[kind][0]:6.2f}  p99 {quick[kind][1]:6.2f} ms")
    pairs = zip(rates["audited"], rates["unchained"], strict=True)
    share = statistics.median(ours / plain for ours, plain in pairs)
    pairs = zip(rates["guarded"], rates["audited"], strict=True)
    guarded = statistics.median(with_it / without for with_it, without in pairs)
    print(f"audited / unchained: {share:.0%} (target 80 %), "
          f"{statistics.median(rates['audited']):,.0f}/s (target 2,500)")  # fmt: skip
    print(f"guarded / audited: {guarded:.0%}; "
          f"{quick['guarded'][0] - quick['audited'][0]:+.3f} ms at the median")  # fmt: skip
    added = [quick["audited"][n] - quick["bare"][n] for n in (0, 1)]
    print(f"added by the trail: p50 {added[0]:+.2f} ms (target 1.5), p99 {added[1]:+.2f} (4)")
    print(f"sequencing lag: p50 {_at(probe.waited, 0.5):.0f} ms, p99 "
          f"{_at(probe.waited, 0.99):.0f} ms (target 150), {len(probe.waited)} probes")  # fmt: skip


def _at(values: list[float], share: float) -> float:
    found = sorted(values)
    return found[min(len(found) - 1, int(len(found) * share))]


async def product(data: str, where: Addresses) -> None:
    """Publishing a draft, one by one, with the plugin and without, in turn."""
    settings = Settings(data_dir=data)
    switch(where.owner, on=False)
    spent: dict[str, list[float]] = defaultdict(list)
    used: dict[str, float] = defaultdict(float)
    async with (
        open_host(settings, where, Registry([core.plugin, zero_trust, audit_trail])) as audited,
        open_host(settings, where, Registry([core.plugin, zero_trust])) as silent,
    ):
        hosts = {"audited": audited, "silent": silent}
        actor = await _editor(audited)
        waiting = {kind: await _drafts(host, actor, PUBLISHED) for kind, host in hosts.items()}
        for number in range(PUBLISHED):
            for kind, host in hosts.items():
                started, cpu = time.perf_counter(), time.process_time()
                await _publish(host, actor, waiting[kind][number])
                spent[kind].append(time.perf_counter() - started)
                used[kind] += time.process_time() - cpu
    middle = {kind: statistics.median(times) * 1000 for kind, times in spent.items()}
    print(f"publish: audited {middle['audited']:.2f} ms, without {middle['silent']:.2f} ms; rate "
          f"{middle['silent'] / middle['audited']:.0%} (target 80 %); CPU "
          f"{used['silent'] / used['audited']:.0%}")  # fmt: skip


async def _editor(host: Host) -> Actor:
    tenant = await host.tenants.by_slug("clinica")
    async with host.shop.work(tenant, SYSTEM) as work:
        await found_roles(work)
        user = await add_user(
            work, "rita", email="rita@clinica.example", display_name="Rita Redatora",
            roles=("editor",), password=None,
        )  # fmt: skip
    async with host.shop.work(tenant, SYSTEM) as work:
        proof = Authentication(Method.TOKEN, frozenset({"pwd"}), work.now, "bench")
        actor = await recalled(work, user.id, proof)
    assert actor is not None
    return actor


async def _drafts(host: Host, actor: Actor, count: int) -> list[int]:
    tenant = await host.tenants.by_slug("clinica")
    kind = host.registry.post_types["post"]
    made = []
    for number in range(count):
        async with host.shop.work(tenant, actor) as work:
            text = {"title": f"Dor de cabeça {number}", "content": "<p>Texto.</p>"}
            changes = saving.Changes(versioned=text)
            made.append((await saving.create(work, kind, changes)).id)
    return made


async def _publish(host: Host, actor: Actor, post_id: int) -> None:
    tenant = await host.tenants.by_slug("clinica")
    async with host.shop.work(tenant, actor) as work:
        post = await posts.lock(work, post_id)
        await transitions.move(work, post, Status.PUBLISH)


def main() -> None:
    with installed() as (data, where):
        guard_cost(data, where)
        storage(data, where)
        asyncio.run(product(data, where))


if __name__ == "__main__":
    main()
