"""The sitemap: an index, and pages of addresses by type of content, taxonomy and author."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cms.content.models import Post, Term, TermRelationship
from cms.content.permalinks import author_path, paths, term_path
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.site.elements import add, document, name_in, root
from cms.site.resolving import authors

# As in WordPress; the protocol allows 50,000.
PER_PAGE = 2000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGE = re.compile(r"wp-sitemap-(posts|taxonomies|users)(?:-([a-z0-9_-]+))?-([1-9][0-9]{0,5})\.xml")


@dataclass(frozen=True)
class Page:
    """One file of the sitemap; `name` is a type of content or a taxonomy."""

    kind: str
    name: str
    number: int

    @property
    def file(self) -> str:
        name = f"-{self.name}" if self.name else ""
        return f"wp-sitemap-{self.kind}{name}-{self.number}.xml"


@dataclass(frozen=True)
class Place:
    """One address with the moment of its last change, where it is known."""

    path: str
    modified: datetime | None = None


@dataclass(frozen=True)
class Listing:
    """Which posts the sitemap names: published ones that everybody may read. Filters of this class
    leave out more of them, such as what search engines are not to find."""

    conditions: tuple[ColumnElement[bool], ...]

    def where(self, *more: ColumnElement[bool]) -> "Listing":
        return Listing((*self.conditions, *more))


def page_named(file: str) -> Page | None:
    """The page that a file name asks for."""
    match = _PAGE.fullmatch(file)
    if match is None or (match[2] is None) != (match[1] == "users"):
        return None
    return Page(match[1], match[2] or "", int(match[3]))


async def index(work: UnitOfWork) -> list[Page]:
    """Every page there is, counted with one statement for each kind."""
    listed = await _listed(work)
    posts = await work.all(
        select(Post.post_type, func.count()).where(*listed).group_by(Post.post_type)
    )
    counts = {row[0]: row[1] for row in posts}
    if counts or _is_home_listed(work):
        home = _type_with_home(work)
        counts[home] = counts.get(home, 0) + _is_home_listed(work)
    terms = await work.all(
        select(Term.taxonomy, func.count())
        .where(Term.tenant_id == work.tenant_id, Term.id.in_(_used_terms(work, listed)))
        .group_by(Term.taxonomy)
    )
    of_taxonomy = {row[0]: row[1] for row in terms}
    people = await work.one(
        select(func.count(User.id)).where(
            User.tenant_id == work.tenant_id, User.id.in_(authors(work))
        )
    )
    return [
        *_pages("posts", work.registry.post_types, counts),
        *_pages("taxonomies", work.registry.taxonomies, of_taxonomy),
        *_pages("users", [""], {"": people[0]}),
    ]


def _pages(kind: str, names: Any, counts: dict[str, int]) -> list[Page]:
    return [
        Page(kind, name, number)
        for name in names
        for number in range(1, ceil(counts.get(name, 0) / PER_PAGE) + 1)
    ]


async def _listed(work: UnitOfWork) -> Sequence[ColumnElement[bool]]:
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    listing = Listing(
        (
            Post.tenant_id == work.tenant_id,
            Post.post_type.in_(public),
            Post.status == Status.PUBLISH.value,
            Post.password == "",
        )
    )
    return (await work.shape(listing)).conditions


def _used_terms(work: UnitOfWork, listed: Sequence[ColumnElement[bool]]) -> Any:
    return (
        select(TermRelationship.term_id)
        .join(
            Post,
            and_(Post.tenant_id == TermRelationship.tenant_id, Post.id == TermRelationship.post_id),
        )
        .where(TermRelationship.tenant_id == work.tenant_id, *listed)
    )


def _is_home_listed(work: UnitOfWork) -> bool:
    """A front page that lists posts is no page of its own."""
    return work.tenant.site.show_on_front == "posts"


def _type_with_home(work: UnitOfWork) -> str:
    return "page" if "page" in work.registry.post_types else "post"


async def places(work: UnitOfWork, page: Page) -> list[Place]:
    """The addresses of a page; none when there is no such page."""
    if page.kind == "posts" and page.name in work.registry.post_types:
        return await _posts(work, page)
    if page.kind == "taxonomies" and page.name in work.registry.taxonomies:
        return await _terms(work, page)
    return await _people(work, page) if page.kind == "users" else []


async def _posts(work: UnitOfWork, page: Page) -> list[Place]:
    conditions = [*await _listed(work), Post.post_type == page.name]
    # The home page is the first of its list, so all others stand one further on.
    has_home = _is_home_listed(work) and page.name == _type_with_home(work)
    skipped = (page.number - 1) * PER_PAGE - (has_home and page.number > 1)
    first = has_home and page.number == 1
    rows = await work.all(
        select(Post)
        .where(*conditions, Post.id >= _start(Post.id, conditions, skipped))
        .order_by(Post.id)
        .limit(PER_PAGE - first)
    )
    found = [row[0] for row in rows]
    at = await paths(work, found) if found else {}
    home = [Place("/")] if first else []
    return [*home, *(Place(at[one.id], one.modified_gmt) for one in found)]


def _start(
    column: InstrumentedAttribute[int], conditions: Sequence[ColumnElement[bool]], skipped: int
) -> Any:
    """The id that a page begins with: found in the index alone, so that the rows of the pages
    before it are not read."""
    return (
        select(column)
        .where(*conditions)
        .order_by(column)
        .offset(skipped)
        .limit(1)
        .scalar_subquery()
    )


async def _terms(work: UnitOfWork, page: Page) -> list[Place]:
    taxonomy = work.registry.taxonomies[page.name]
    rows = await work.all(
        select(Term)
        .where(
            Term.tenant_id == work.tenant_id,
            Term.taxonomy == page.name,
            Term.id.in_(_used_terms(work, await _listed(work))),
        )
        .order_by(Term.id)
        .offset((page.number - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    return [Place(term_path(taxonomy, row[0])) for row in rows]


async def _people(work: UnitOfWork, page: Page) -> list[Place]:
    rows = await work.all(
        select(User)
        .where(User.tenant_id == work.tenant_id, User.id.in_(authors(work)))
        .order_by(User.id)
        .offset((page.number - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    return [Place(author_path(row[0])) for row in rows]


# -- as XML


def index_document(home: str, pages: Sequence[Page]) -> bytes:
    """`home` has no slash at its end."""
    top = root(name_in(_NAMESPACE, "sitemapindex"), {None: _NAMESPACE})
    for page in pages:
        one = add(top, name_in(_NAMESPACE, "sitemap"))
        add(one, name_in(_NAMESPACE, "loc"), f"{home}/{page.file}")
    return document(top)


def page_document(home: str, listed: Sequence[Place]) -> bytes:
    top = root(name_in(_NAMESPACE, "urlset"), {None: _NAMESPACE})
    for place in listed:
        one = add(top, name_in(_NAMESPACE, "url"))
        add(one, name_in(_NAMESPACE, "loc"), home + place.path)
        if place.modified is not None:
            stamp = place.modified.astimezone(UTC).isoformat(timespec="seconds")
            add(one, name_in(_NAMESPACE, "lastmod"), stamp)
    return document(top)


def robots(home: str, *, is_public: bool) -> str:
    """What crawlers may read. A site that is not for them has no sitemap either."""
    if not is_public:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nDisallow: /admin/\nDisallow: /api/\n\nSitemap: {home}/wp-sitemap.xml\n"
