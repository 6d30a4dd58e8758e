"""Lists of texts: the front page, archives of types, terms, people and dates, what was found."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Response

from cms.content import searching
from cms.content.models import Term
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.identity.models import User
from cms.pages.themed.pages import Facts, Page
from cms.site import listing
from cms.site.listing import MOST_PAGES, Wanted
from cms.site.resolving import Found

LONGEST_WORDS, FEWEST, MOST = 200, 1, 50

_NUMBERED = re.compile(r"(?P<path>/(?:.*/)?)page/(?P<number>[1-9][0-9]{0,5})/?")
_DATED = re.compile(r"/(?P<year>[0-9]{4})(?:/(?P<month>[0-9]{2})(?:/(?P<day>[0-9]{2}))?)?/?")


@dataclass(frozen=True)
class Listed:
    """What a list is of. `path` is its first page, `feed` tells the same to programs."""

    kind: str
    title: str
    path: str
    wanted: Wanted
    feed: str = ""
    description: str = ""


def numbered(path: str) -> tuple[str, int]:
    """The address of a list, and which page of it is asked for."""
    found = _NUMBERED.fullmatch(path)
    return (found["path"], min(int(found["number"]), MOST_PAGES)) if found else (path, 1)


def per_page(work: UnitOfWork) -> int:
    return min(max(work.tenant.site.posts_per_page, FEWEST), MOST)


async def of_found(page: Page, found: Found) -> Listed | None:
    """The list that stands at an address; None for what is no list."""
    if found.kind == "front":
        return Listed("front", "", "/", Wanted(page.theme.manifest.front_types), "/feed/")
    if found.kind == "archive":
        label = page.work.registry.post_types[found.type].label
        return Listed("archive", label, found.path, Wanted([found.type]), f"{found.path}feed/")
    if found.kind == "term" and isinstance(found.row, Term):
        term, types = found.row, _types_of(page.work, found.type)
        wanted = Wanted(types, term_id=term.id)
        feed = f"{found.path}feed/"
        return Listed("term", term.name, found.path, wanted, feed, term.description)
    if found.kind == "author" and isinstance(found.row, User):
        wanted = Wanted(_public(page.work), author_id=found.row.id)
        name = found.row.display_name
        return Listed("author", name, found.path, wanted, f"{found.path}feed/")
    return None


def of_date(page: Page, path: str) -> Listed | None:
    """The list of a year, a month or a day, where the addresses of posts begin with them."""
    asked = _DATED.fullmatch(path)
    has_dates = page.work.tenant.site.permalink_structure.startswith("/%year%/")
    if asked is None or not has_dates:
        return None
    try:
        since = datetime(int(asked["year"]), int(asked["month"] or 1), int(asked["day"] or 1))  # noqa: DTZ001
        until = _after(since, asked["month"], asked["day"])
    except ValueError:
        return None
    title = page.words.period(since, asked["month"], asked["day"])
    address = "/".join(part for part in asked.groups() if part)
    return Listed("date", title, f"/{address}/", Wanted(["post"], since=since, until=until))


def _after(since: datetime, month: str | None, day: str | None) -> datetime:
    if day:
        return datetime.fromordinal(since.toordinal() + 1)
    if month:
        return since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1)
    return since.replace(year=since.year + 1)


async def show(page: Page, listed: Listed, number: int) -> Response[bytes]:
    """A page of the list. One beyond its last text is not there; only the first may be empty."""
    limit = per_page(page.work)
    found = await listing.page(page.work, listed.wanted, number=number, limit=limit)
    if not found.posts and number > 1:
        raise NotFound("page", "at this address")
    here = listed.path if number == 1 else f"{listed.path}page/{number}/"
    head = page.head(listed.title, here, description=listed.description, feed=listed.feed)
    facts = {
        **await page.around(),
        "text": None,
        "page": {**head, "kind": listed.kind},
        "list": {
            "title": listed.title,
            "description": listed.description,
            "texts": await page.texts.cards(found.posts),
            "number": number,
            "newer": _neighbour(page, listed.path, number - 1),
            "older": _neighbour(page, listed.path, number + 1) if found.has_more else "",
            "total": None,
        },
    }
    return page.answer("list.html", facts)


def _neighbour(page: Page, path: str, number: int) -> str:
    if number < 1 or number > MOST_PAGES:
        return ""
    return f"{page.front}{path}" if number == 1 else f"{page.front}{path}page/{number}/"


async def search(page: Page, words: str, number: int) -> Response[bytes]:
    """What was found among everything that is public, the best first. No index lists it."""
    asked, limit = " ".join(words.split())[:LONGEST_WORDS], per_page(page.work)
    types = [page.work.registry.post_types[name] for name in _public(page.work)]
    query = searching.Wanted(types, asked, limit=limit, offset=(number - 1) * limit)
    found, total = await searching.page(page.work, query) if asked else ([], 0)
    cards = await page.texts.cards([(one.post.id, one.post.post_type) for one in found])
    head = page.head(page.words("search.title", words=asked), "", robots="noindex, follow")
    facts = {
        **await page.around(),
        "text": None,
        "words": asked,
        "page": {**head, "kind": "search"},
        "list": {
            "title": page.words("search.title", words=asked),
            "description": "",
            "texts": cards,
            "number": number,
            "newer": _found_at(page, asked, number - 1) if number > 1 else "",
            "older": _found_at(page, asked, number + 1) if number * limit < total else "",
            "total": total,
        },
    }
    return page.own("list.html", facts)


def _found_at(page: Page, words: str, number: int) -> str:
    query = {"s": words, **({"paged": number} if number > 1 else {})}
    return f"{page.front}/?{urlencode(query)}"


def _public(work: UnitOfWork) -> list[str]:
    types: Any = work.registry.post_types.values()
    return [one.name for one in types if one.is_public and one.rest_controller == "posts"]


def _types_of(work: UnitOfWork, taxonomy: str) -> list[str]:
    declared = work.registry.taxonomies[taxonomy]
    return [
        name
        for name in _public(work)
        if taxonomy in work.registry.post_types[name].taxonomies or name in declared.post_types
    ]


__all__ = ["Facts", "Listed", "numbered", "of_date", "of_found", "search", "show"]
