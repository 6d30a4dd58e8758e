"""`make compare-wordpress`: send the requests to both sites and print what differs."""

import argparse
import asyncio
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.wordpress.comparing import Difference, compare
from tests.wordpress.content import PEOPLE, seeding
from tests.wordpress.known import reason_for
from tests.wordpress.reading import reading
from tests.wordpress.site import Ask, Site
from tests.wordpress.writing import writing

_PARTS: dict[str, Callable[[], Iterator[Ask]]] = {
    "content": seeding,
    "writing": writing,
    "reading": reading,
}

# Where each pair of values is a group of its own.
_TOLD = ("status", "header allow", ".code", ".message")


async def _sweep(site: Site) -> None:
    """WordPress comes with a category that ours does not have."""
    for one in (await site.send(Ask("GET", "/wp/v2/categories?per_page=100"))).json():
        if one["id"] not in site.ids.values():
            await site.send(Ask("DELETE", f"/wp/v2/categories/{one['id']}?force=true", "admin"))


async def _run(ours: Site, theirs: Site, parts: Iterable[str]) -> dict[str, list[str]]:
    """Of each group of differences, the requests that showed it."""
    found: dict[str, list[str]] = {}
    sent = 0
    for part in parts:
        for ask in _PARTS[part]():
            answers = await asyncio.gather(ours.send(ask), theirs.send(ask))
            sent += 1
            for one in compare((ours, answers[0]), (theirs, answers[1])):
                _count(found, ask, one)
        if part == "content":
            await _sweep(theirs)
    print(f"{sent} requests", file=sys.stderr)
    return found


def _count(found: dict[str, list[str]], ask: Ask, one: Difference) -> None:
    if reason_for(ask, one):
        return
    place = re.sub(r"\{(\w[\w-]*)\.[\w-]+\}", r"{\1}", ask.path.split("?")[0])
    told = str(one) if one.where in _TOLD else one.where
    found.setdefault(f"{ask.method} {place} {told}", []).append(f"{ask}\n       {one}")


async def _introduce(site: Site) -> None:
    """The numbers that the site gave to the people."""
    for person in PEOPLE:
        me = await site.send(Ask("GET", "/wp/v2/users/me?context=edit", person))
        me.raise_for_status()
        site.ids[f"users.{person}"] = me.json()["id"]


async def _main() -> int:
    words = argparse.ArgumentParser(prog="make compare-wordpress", description=__doc__)
    words.add_argument("ours", type=Path, help="file with url and users of ours")
    words.add_argument("theirs", type=Path, help="file with url and users of the WordPress")
    words.add_argument("--parts", default=",".join(_PARTS))
    asked = words.parse_args()
    ours, theirs = Site.described_in(asked.ours), Site.described_in(asked.theirs)
    for site in (ours, theirs):
        await _introduce(site)
    found = await _run(ours, theirs, asked.parts.split(","))
    for group, requests in sorted(found.items()):
        print(f"{len(requests):4} {group}\n       e.g. {requests[0]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
