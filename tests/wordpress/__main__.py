"""`make compare-wordpress`: send the requests to both sites and print what differs."""

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.wordpress.comparing import Difference, compare
from tests.wordpress.content import PEOPLE, seeding
from tests.wordpress.known import reason_for
from tests.wordpress.ours import fresh
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


async def _refuse_a_site_in_use(site: Site) -> None:
    for base in ("posts", "pages", "media"):
        found = await site.send(Ask("GET", f"/wp/v2/{base}?per_page=1", "admin"))
        if found.headers.get("X-WP-Total") != "0":
            sys.exit(f"{site.url} has {base} already: the comparison writes, give it an empty site")


async def _compared(ours: Site, theirs: Site, parts: Iterable[str]) -> dict[str, list[str]]:
    await _refuse_a_site_in_use(theirs)
    for site in (ours, theirs):
        await _introduce(site)
    return await _run(ours, theirs, parts)


def _main() -> int:
    words = argparse.ArgumentParser(prog="make compare-wordpress", description=__doc__)
    words.add_argument("--parts", default=",".join(_PARTS), help="some of %(default)s")
    parts = words.parse_args().parts.split(",")
    try:
        url, file = os.environ["WORDPRESS_URL"], os.environ["WORDPRESS_CREDENTIALS"]
    except KeyError as missing:
        sys.exit(f"set {missing.args[0]}; docs/how-to/compare-with-wordpress.md says how")
    theirs = Site(url.rstrip("/"), json.loads(Path(file).read_text()))
    with fresh() as ours:
        found = asyncio.run(_compared(ours, theirs, parts))
    for group, requests in sorted(found.items()):
        print(f"{len(requests):4} {group}\n       e.g. {requests[0]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(_main())
