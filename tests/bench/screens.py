"""`python -m tests.bench.screens`: the web application on a large site, as server and as browser.

The demo clinic with SCREENS_POSTS posts and SCREENS_EVENTS events of the trail; each of its people
asks for every line of her menu. Writes docs/reference/benchmarks-web.md.
"""

import asyncio
import gzip
import json
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
from playwright.async_api import Page, async_playwright

from cms.host import Addresses
from tests.bench.audit_rows import copy_events
from tests.bench.fill import CONTENT, fill
from tests.support.chromium_process import chromium_url, close_chromium
from tests.support.installation import Installation, installation
from tests.support.screenshots import signed_in

POSTS = int(os.environ.get("SCREENS_POSTS", "100000"))
EVENTS = int(os.environ.get("SCREENS_EVENTS", "1000000"))
ROUNDS, DAYS = 20, 60
TARGET = 60.0
PEOPLE = ("author", "reviewer", "officer", "admin")
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "benchmarks-web.md"
STATIC = ROOT / "cms" / "admin" / "static"
# Told by the browser itself, from the first moment of a page.
_WATCH = """
window.figures = { lcp: 0, cls: 0, task: 0 }
const watch = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note))
    .observe({ type, buffered: true })
watch('largest-contentful-paint', one => { figures.lcp = one.startTime })
watch('layout-shift', one => { if (!one.hadRecentInput) figures.cls += one.value })
watch('longtask', one => { figures.task = Math.max(figures.task, one.duration) })
"""
WORDS = 10_000


class Row(NamedTuple):
    """A screen: milliseconds of the server at the median and at the 95th percentile."""

    who: str
    path: str
    median: float
    p95: float
    lcp: float
    cls: float


def main() -> None:
    """A site, its figures, the page."""
    with installation() as made:
        made.start()
        where = made.addresses()
        events = _grow(made, where)
        try:
            rows, longest = asyncio.run(_measured(made))
        finally:
            close_chromium()
    PAGE.write_text(_written(rows, longest, events))


def _grow(made: Installation, where: Addresses) -> int:
    """How many events there are then."""
    person = made.credentials["admin"]
    body = {"login": person["login"], "password": person["password"]}
    answer = httpx.post(f"{made.url}/api/v1/auth/token", json=body).raise_for_status()
    fill(made, where, answer.json()["access_token"], POSTS)
    with psycopg.connect(where.owner) as owner:
        owner.execute("select audit.maintain('rows for the bench')")
        counted = owner.execute("select count(*) from audit.events").fetchone()
        assert counted is not None
        events = copy_events(owner, max(1, EVENTS // counted[0]), DAYS)
    with psycopg.connect(where.owner, autocommit=True) as owner:
        owner.execute("analyze")
    return events


async def _measured(made: Installation) -> tuple[list[Row], float]:
    rows: list[Row] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium_url())
        for who in PEOPLE:
            page = await signed_in(browser, made.url, made.credentials[who], "en-GB")
            links = await page.locator("nav.menu a").evaluate_all(
                "them => them.map(one => one.getAttribute('href'))"
            )
            await page.add_init_script(_WATCH)
            rows += [await _row(page, made.url, who, path) for path in links]
            if who == "author":
                longest = await _typing(page)
    return rows, longest


async def _row(page: Page, url: str, who: str, path: str) -> Row:
    await page.goto(path)
    await page.wait_for_timeout(300)
    seen = await page.evaluate("figures")
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in await page.context.cookies())
    async with httpx.AsyncClient(base_url=url, headers={"Cookie": cookies}, timeout=60) as http:
        spent = sorted([await _spent(http, path) for _ in range(ROUNDS)])
    p95 = spent[int(ROUNDS * 0.95) - 1]
    return Row(who, path, spent[ROUNDS // 2], p95, seen["lcp"], seen["cls"])


async def _spent(http: httpx.AsyncClient, path: str) -> float:
    since = time.perf_counter()
    (await http.get(path)).raise_for_status()
    return (time.perf_counter() - since) * 1000


async def _typing(page: Page) -> float:
    """The longest task in milliseconds while somebody types at the end of WORDS words."""
    await page.goto("/admin/posts/new?type=post")
    shown_words = len(re.sub(r"<[^>]*>", " ", CONTENT).split())
    text = CONTENT * (WORDS // shown_words + 1)
    script = "text => { document.querySelector('cms-editor').value = text }"
    await page.locator(".ProseMirror").wait_for()
    await page.evaluate(script, text)
    shown = await page.locator(".ProseMirror").inner_text()
    assert len(shown.split()) >= WORDS, "the editor holds less than what is measured"
    await page.locator(".ProseMirror").click()
    await page.keyboard.press("Control+End")
    await page.wait_for_timeout(2000)
    await page.evaluate("() => { figures.task = 0 }")
    await page.keyboard.type("Uma frase escrita como se escreve. " * 4, delay=30)
    await page.wait_for_timeout(1000)
    longest: float = await page.evaluate("figures.task")
    return longest


def _gzip(names: Iterable[str]) -> float:
    """Kilobytes, as they go over the line."""
    built = json.loads((STATIC / "manifest.json").read_text())
    return sum(len(gzip.compress((STATIC / built[one]).read_bytes())) for one in names) / 1024


def _written(rows: list[Row], longest: float, events: int) -> str:
    first, editor = _gzip(["app.js", "app.css"]), _gzip(["editor.js"])
    paint, shift = max(row.lcp for row in rows), max(row.cls for row in rows)
    facts = {
        "scripts and styles of every screen": f"{first:.0f} KB gzip (target 150)",
        "the editor's own script": f"{editor:.0f} KB gzip (target 130)",
        "largest contentful paint, slowest screen": f"{paint:.0f} ms (target 1000)",
        "layout shift, worst screen": f"{shift:.3f} (target 0.05)",
        f"longest task while typing in {WORDS:,} words": f"{longest:.0f} ms (target 100; below 50 "
        "the browser tells 0)",
    }
    listed = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    table = "\n".join(
        f"| {one.who} | `{one.path}` | {one.median:.0f} | {one.p95:.0f} | {one.lcp:.0f} "
        f"| {one.cls:.3f} |"
        for one in rows
    )
    over = sum(row.p95 > TARGET for row in rows)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"""# Benchmarks of the web application

Written by `python -m tests.bench.screens`, on {os.cpu_count()} cores with a load of {load} (1, 5
and 15 minutes). A load above the number of cores means that others worked on the machine: the
figures are then upper bounds. One process serves, works off jobs and sequences the trail; server,
database and browser share the machine. {POSTS:,} published posts, {events:,} events of the trail.

| what | measured |
| --- | --- |
{listed}

Each line of each person's menu, {ROUNDS} requests one after the other: milliseconds from asking to
the whole page, at the median and at the 95th percentile (target {TARGET:.0f}; {over} of {len(rows)}
above it), then largest contentful paint in milliseconds and layout shift of a first visit in the
browser.

| who | screen | p50 | p95 | LCP | CLS |
| --- | --- | --- | --- | --- | --- |
{table}
"""


if __name__ == "__main__":
    main()
