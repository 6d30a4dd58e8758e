"""Runs each measurement against a served installation and writes the page."""

import asyncio
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import event

from cms.app import build_app
from cms.host import Addresses, open_host
from cms.kernel.actors import Actor, ActorKind, RequestFacts
from cms.kernel.decisions import Question
from cms.settings import ALL_PLUGINS, Settings
from tests.bench.cpu import cpu_of, postgres_pids
from tests.bench.fields import PAGES, add_pages, fill_fields
from tests.bench.fill import POSTS, RARE, fill
from tests.bench.load import Outcome, drive, request_bytes
from tests.bench.reviews import BOARD, OPEN, fill_reviews
from tests.support.installation import Installation, installation

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "benchmarks.md"
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
CONNECTIONS = 8
LARGE = bool(os.environ.get("BENCH_LARGE"))
MANY = 10 * POSTS
AUDITED = "create draft, audited"
UNAUDITED = "create draft, audit plugin off"
WAITING = f"board of {OPEN:,} open reviews, first page"
WITH_FIELDS = "list of 10 pages with 25 custom fields each"
NO_AUDIT = tuple(slug for slug in ALL_PLUGINS if slug != "audit_trail")


@dataclass
class Row:
    """One line of the table; CPU is that of the processes of the product and of the database."""

    what: str
    outcome: Outcome
    server_cpu: float
    database_cpu: float
    statements: str

    def cells(self) -> list[str]:
        done = max(1, len(self.outcome.latencies))
        return [
            self.what,
            f"{self.outcome.rate:,.0f}",
            _milliseconds(self.outcome.percentile(0.5)),
            _milliseconds(self.outcome.percentile(0.99)),
            f"{self.server_cpu / done * 1000:.2f}",
            f"{self.database_cpu / done * 1000:.2f}",
            self.statements,
        ]


def _milliseconds(value: float) -> str:
    return f"{value:.2f}" if value < 1 else f"{value:.1f}"


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += map(int, (task / "children").read_text().split())
    return [pid, *(one for child in children for one in _family(child))]


def _memory(made: Installation) -> dict[str, int]:
    """Of the process that answers requests, in MB: all that is resident, and of what it shares
    with others only its part."""
    assert made.process is not None
    found: dict[str, int] = {}
    rollup = Path(f"/proc/{_family(made.process.pid)[-1]}/smaps_rollup").read_text()
    for line in rollup.splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0]) // 1024
    return found


def _token(made: Installation, who: str) -> str:
    person = made.credentials[who]
    body = {"login": person["login"], "password": person["password"]}
    answer = httpx.post(f"{made.url}/api/v1/auth/token", json=body)
    return str(answer.raise_for_status().json()["access_token"])


def _measure(
    made: Installation, where: Addresses, what: str, make: Callable[[], bytes], expect: int
) -> Row:
    pids = _family(made.process.pid) if made.process else []
    asyncio.run(drive(made.port, make, connections=CONNECTIONS, seconds=1, expect=expect))
    backends = postgres_pids(where)
    before, database_before = cpu_of(pids), cpu_of(backends)
    outcome = asyncio.run(
        drive(made.port, make, connections=CONNECTIONS, seconds=SECONDS, expect=expect)
    )
    if outcome.refused:
        raise SystemExit(f"{what}: {outcome.refused} requests were not answered with {expect}")
    row = Row(what, outcome, cpu_of(pids) - before, cpu_of(backends) - database_before, "")
    print(" | ".join(row.cells()), flush=True)
    return row


async def _decisions(made: Installation, where: Addresses) -> Row:
    """The policy decision alone, in process: a signed-in person and an object."""
    settings = Settings(data_dir=str(made.data), port=made.port)
    outcome = Outcome(0.0)
    async with open_host(settings, where) as host:
        tenant = (await host.tenants.all())[0]
        actor = Actor(ActorKind.PERSON, 1, ("author",), frozenset({"edit_posts"}))
        attributes = {"post_type": "post", "status": "draft", "author_id": 1, "language": "pt-BR"}
        facts = RequestFacts("bench", "rest")
        ask = partial(Question, tenant.id, actor, "post.edit", "post", facts, datetime.now(UTC), 1)
        await host.decisions.decide(ask(attributes))
        before, started = time.process_time(), time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            asked = time.perf_counter()
            await host.decisions.decide(ask(attributes))
            outcome.latencies.append((time.perf_counter() - asked) * 1000)
        outcome.seconds = time.perf_counter() - started
        return Row(
            "policy decision alone, in process", outcome, time.process_time() - before, 0, "0"
        )


async def _statements(
    made: Installation, where: Addresses, raw: dict[str, bytes], enabled: tuple[str, ...]
) -> dict[str, str]:
    """Statements of one request on the request's connections, BEGIN and COMMIT not counted."""
    settings = Settings(data_dir=str(made.data), port=made.port, enabled=enabled)
    counts: dict[str, str] = {}
    async with open_host(settings, where) as host:
        seen: list[str] = []
        event.listen(host.engine.sync_engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        transport = httpx.ASGITransport(app=build_app(host))
        async with httpx.AsyncClient(transport=transport, base_url=made.url) as http:
            for what, request in raw.items():
                head, _, body = request.partition(b"\r\n\r\n")
                lines = head.decode().split("\r\n")
                method, path, _ = lines[0].split(" ")
                headers = dict(line.split(": ", 1) for line in lines[1:])
                for _ in range(2):
                    seen.clear()
                    await http.request(method, path, headers=headers, content=body)
                counts[what] = str(len(seen))
    return counts


def _requests(made: Installation, post_id: int, token: str) -> dict[str, tuple[bytes, int]]:
    host = f"127.0.0.1:{made.port}"
    draft = json.dumps({"title": "Rascunho", "content": "<p>Texto sobre saúde.</p>"}).encode()
    base = "/wp-json/wp/v2/posts"
    return {
        "list of 10, anonymous": (request_bytes("GET", base, host), 200),
        "page 900 of them": (request_bytes("GET", f"{base}?page=900", host), 200),
        "list of 100": (request_bytes("GET", f"{base}?per_page=100", host), 200),
        "list of 10 with _embed": (request_bytes("GET", f"{base}?_embed", host), 200),
        "search for a word of one text in a hundred": (
            request_bytes("GET", f"{base}?search={RARE}", host),
            200,
        ),
        "search for a word of every text": (
            request_bytes("GET", f"{base}?search=tuberculose", host),
            200,
        ),
        "one post, anonymous": (request_bytes("GET", f"{base}/{post_id}", host), 200),
        "one post, signed in (decision about the person)": (
            request_bytes("GET", f"{base}/{post_id}", host, token),
            200,
        ),
        AUDITED: (request_bytes("POST", base, host, token, draft), 201),
    }


def measure_all() -> tuple[list[Row], dict[str, int]]:
    """The rows of the table, and the memory of the process under the load of reading."""
    rows: list[Row] = []
    with installation() as made:
        where, requests = _filled(made, POSTS)
        made.start("serve")
        for what, (raw, expect) in requests.items():
            if what != AUDITED:
                rows.append(_measure(made, where, what, partial(bytes, raw), expect))
        memory = _memory(made)
        rows += _with_and_without_fields(made, where, _token(made, "admin"))
        rows.append(_board(made, where))
        made.stop()
        rows += _with_and_without_audit(made, where, requests[AUDITED])
        rows.append(asyncio.run(_decisions(made, where)))
        counted = {what: raw for what, (raw, _) in requests.items()}
        counts = asyncio.run(_statements(made, where, counted, ALL_PLUGINS))
        without = asyncio.run(_statements(made, where, {UNAUDITED: counted[AUDITED]}, NO_AUDIT))
        for row in rows:
            row.statements = row.statements or {**counts, **without}.get(row.what, counts[AUDITED])
    return [*rows, *(_of_many(counts) if LARGE else [])], memory


def _filled(made: Installation, posts: int) -> tuple[Addresses, dict[str, tuple[bytes, int]]]:
    """A site with as many posts, stopped; how to ask it as owner and as its administrator."""
    made.start()
    where, token = made.addresses(), _token(made, "admin")
    requests = _requests(made, fill(made, where, token, posts), token)
    made.stop()
    return where, requests


def _of_many(counts: dict[str, str]) -> list[Row]:
    """The first page and page 900 of a site of ten times as many posts."""
    rows = []
    with installation() as made:
        where, requests = _filled(made, MANY)
        made.start("serve")
        for what in ("list of 10, anonymous", "page 900 of them"):
            raw, expect = requests[what]
            row = _measure(made, where, what, partial(bytes, raw), expect)
            row.what, row.statements = f"{what}, {MANY:,} posts", counts[what]
            rows.append(row)
        made.stop()
    return rows


def _with_and_without_fields(made: Installation, where: Addresses, token: str) -> list[Row]:
    """The same list before its pages have custom fields, and with 25 on each."""
    pages = add_pages(made, token)
    raw = request_bytes("GET", PAGES, f"127.0.0.1:{made.port}")
    without = _measure(made, where, "list of 10 pages", partial(bytes, raw), 200)
    fill_fields(made, token, pages)
    filled = _measure(made, where, WITH_FIELDS, partial(bytes, raw), 200)
    counts = asyncio.run(_statements(made, where, {WITH_FIELDS: raw}, ALL_PLUGINS))
    for row in (without, filled):
        row.statements = counts[WITH_FIELDS]
    return [without, filled]


def _board(made: Installation, where: Addresses) -> Row:
    """What waits in every stage, as a reviewer sees it."""
    fill_reviews(where)
    raw = request_bytes("GET", BOARD, f"127.0.0.1:{made.port}", _token(made, "reviewer"))
    row = _measure(made, where, WAITING, partial(bytes, raw), 200)
    row.statements = asyncio.run(_statements(made, where, {WAITING: raw}, ALL_PLUGINS))[WAITING]
    return row


def _with_and_without_audit(
    made: Installation, where: Addresses, request: tuple[bytes, int]
) -> list[Row]:
    """The same transaction through the product, in turn with the audit plugin on and off, on the
    same database; the median round of each."""
    raw, expect = request
    rounds: dict[str, list[Row]] = {AUDITED: [], UNAUDITED: []}
    for _ in range(3):
        for what, enabled in ((AUDITED, ALL_PLUGINS), (UNAUDITED, NO_AUDIT)):
            made.environ["CMS_ENABLED"] = ",".join(enabled)
            made.start("serve")
            rounds[what].append(_measure(made, where, what, partial(bytes, raw), expect))
            made.stop()
    return [sorted(found, key=lambda row: row.outcome.rate)[1] for found in rounds.values()]


def page(rows: list[Row], memory: dict[str, int]) -> str:
    heads = ["what", "requests/s", "p50 ms", "p99 ms", "server CPU ms", "database CPU ms",
             "statements"]  # fmt: skip
    table = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    table += [f"| {' | '.join(row.cells())} |" for row in rows]
    machine = f"{os.cpu_count()} cores, {_model()}, Linux {platform.release().split('-')[0]}"
    return "\n".join(
        [
            "# Benchmarks",
            "",
            f"Written by `make bench{'-large' if LARGE else ''}`, on {machine}, "
            f"Python {platform.python_version()}, the embedded PostgreSQL 18.",
            "",
            "One process of `cms serve` (granian; the worker and its audit sequencer run apart), "
            f"{CONNECTIONS} connections in a closed loop for {SECONDS:.0f} s, {POSTS:,} published "
            "posts of 3 KB in three of forty categories. The client, the server and the database "
            "share the machine, so compare rows with each other and not with other machines. "
            "Every request passes the whole path: tenant, identity, policy decision, use case, "
            "commit. CPU is per request, of the server process and of PostgreSQL's processes; "
            "statements are those of one warm request, without BEGIN and COMMIT. The two rows of "
            "drafts are the median of "
            "three rounds each, taken in turn.",
            "",
            *table,
            "",
            f"The process that answered the reading requests had {memory['Rss']} MB resident after "
            f"them, {memory['Pss']} MB with its part of what it shares with other processes.",
            "",
            "WordPress 6.1.9 on the same kind of machine and data, in CPU per request (PHP and "
            "MariaDB together): list of ten 26 ms, page 900 24 ms, list with `_embed` 61 ms, "
            "search 264 ms, one post 13 ms, creating a draft 34 ms.",
            "",
            *_notes(),
        ]
    )


def _notes() -> list[str]:
    """What is written by hand below the figures stays."""
    said = PAGE.read_text() if PAGE.exists() else ""
    _, head, notes = said.partition("## ")
    return [head + notes] if head else []


def _model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def main() -> None:
    started = time.monotonic()
    PAGE.write_text(page(*measure_all()))
    print(PAGE.read_text())
    print(f"measured in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
