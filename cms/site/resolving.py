"""What stands at a path of the public site, for the CMS itself and for the middleware of a front
end. Only what everybody may see is found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote

from sqlalchemy import or_, select

from cms.content.models import Post, Term
from cms.content.permalinks import author_path, paths, term_path
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.kernel.declarations import PostType
from cms.site import redirects
from cms.site.outward_models import Redirect
from cms.site.paths import normal, segments

LARGEST_ID = 2**63 - 1
# Posts of several types, languages and parents may share a slug; these are all of them.
MOST_OF_A_SLUG = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Found:
    """`kind`: post, page, term, author, archive, front, redirect, gone or none. `path` is where the
    thing stands, `rest` its route below /wp-json; a redirect has `status` and `target`."""

    kind: str
    id: int | None = None
    type: str = ""
    path: str = ""
    rest: str = ""
    status: int = 200
    target: str = ""
    redirect_id: int | None = None
    # The row, held so that who reads on does not ask for it again.
    row: object = field(default=None, compare=False, repr=False)


NOTHING = Found("none", status=404)


async def resolve(work: UnitOfWork, path: str, query: str = "") -> Found:
    """What the path leads to. A redirect that a person has made for just this path counts before
    content; wildcards, and what was recorded when posts moved, count after it."""
    wanted = normal(path)
    if wanted == "/":
        return await _front(work, query)
    spoken = await redirects.candidates(work, wanted)
    exact = [one for one in spoken if one.source == wanted and not one.is_automatic]
    rest = [one for one in spoken if one not in exact]
    return (
        await _first_outcome(work, exact, wanted)
        or _archive(work, wanted)
        or await _post(work, wanted)
        or await _term(work, wanted)
        or await _author(work, wanted)
        or await _first_outcome(work, rest, wanted)
        or NOTHING
    )


async def _first_outcome(work: UnitOfWork, spoken: Sequence[Redirect], path: str) -> Found | None:
    for redirect in spoken:
        end = await redirects.outcome(work, redirect, path)
        if end is not None and end.status == redirects.GONE:
            return Found("gone", status=end.status, redirect_id=end.redirect_id)
        if end is not None:
            return Found(
                "redirect", status=end.status, target=end.target, redirect_id=end.redirect_id
            )
    return None


async def _front(work: UnitOfWork, query: str) -> Found:
    """The front page, or what its query names by id as in WordPress's short links."""
    asked = parse_qs(query, max_num_fields=100)
    for name in ("p", "page_id"):
        wanted = asked.get(name, [""])[0]
        if wanted.isascii() and wanted.isdigit() and int(wanted[:20]) <= LARGEST_ID:
            post = await work.session.get(Post, (work.tenant_id, int(wanted)))
            return await _short_link(work, post)
    site = work.tenant.site
    if site.show_on_front == "page" and site.page_on_front:
        page = await work.session.get(Post, (work.tenant_id, site.page_on_front))
        if page is not None and redirects.is_open(work, page):
            declared = work.registry.post_types[page.post_type]
            return Found("front", page.id, page.post_type, "/", _rest(declared, page.id))
    return Found("front", path="/", type="post", rest="/wp/v2/posts")


async def _short_link(work: UnitOfWork, post: Post | None) -> Found:
    if post is None or not redirects.is_open(work, post):
        return NOTHING
    place = (await paths(work, [post]))[post.id]
    if "?" in place:
        return _shown(work, post, place)  # a site without pretty addresses has no others
    return Found("redirect", post.id, post.post_type, status=301, target=place)


def _archive(work: UnitOfWork, path: str) -> Found | None:
    for declared in work.registry.post_types.values():
        named = declared.has_archive if isinstance(declared.has_archive, str) else ""
        place = f"/{named or declared.rewrite or declared.name}"
        if declared.has_archive and declared.is_public and path == place:
            route = f"/wp/v2/{declared.rest_base}"
            return Found("archive", type=declared.name, path=f"{path}/", rest=route)
    return None


async def _post(work: UnitOfWork, path: str) -> Found | None:
    """The post whose permalink is this path, whatever the structure of permalinks: the slug, or
    the id, stands in it, and the permalink of each candidate says whether it is the one."""
    last = segments(path)[-1]
    by_id = [int(last)] if last.isascii() and last.isdigit() and int(last) <= LARGEST_ID else []
    rows = await work.all(
        select(Post)
        .where(
            Post.tenant_id == work.tenant_id,
            or_(Post.slug.in_(spellings(last)), Post.id.in_(by_id)),
            Post.status == Status.PUBLISH.value,
        )
        .limit(MOST_OF_A_SLUG)
    )
    posts = [row[0] for row in rows if redirects.is_open(work, row[0])]
    places = await paths(work, posts) if posts else {}
    post = _at(path, posts, lambda one: places[one.id])
    if post is None:
        return None
    return _shown(work, post, places[post.id])


def _shown(work: UnitOfWork, post: Post, place: str) -> Found:
    declared = work.registry.post_types[post.post_type]
    if post.id == work.tenant.site.page_for_posts:
        return Found("archive", post.id, "post", place, "/wp/v2/posts")
    kind = "page" if post.post_type == "page" else "post"
    return Found(kind, post.id, post.post_type, place, _rest(declared, post.id), row=post)


def _at(path: str, things: Sequence[T], place: Callable[[T], str]) -> T | None:
    return next((one for one in things if normal(place(one)) == path), None)


def spellings(segment: str) -> list[str]:
    """The slug as it is written, and with the octets that slugs in other scripts are kept with."""
    return list(dict.fromkeys((segment, quote(segment, safe="").lower())))


def _rest(declared: PostType, post_id: int) -> str:
    return f"/wp/v2/{declared.rest_base}/{post_id}"


async def _term(work: UnitOfWork, path: str) -> Found | None:
    parts = segments(path)
    if len(parts) < 2:
        return None
    rows = await work.all(
        select(Term)
        .where(Term.tenant_id == work.tenant_id, Term.slug.in_(spellings(parts[-1])))
        .limit(MOST_OF_A_SLUG)
    )
    taxonomies = work.registry.taxonomies
    terms = [row[0] for row in rows if row[0].taxonomy in taxonomies]
    term = _at(path, terms, lambda one: term_path(taxonomies[one.taxonomy], one))
    if term is None:
        return None
    taxonomy = taxonomies[term.taxonomy]
    route = f"/wp/v2/{taxonomy.rest_base}/{term.id}"
    return Found("term", term.id, taxonomy.name, term_path(taxonomy, term), route, row=term)


async def _author(work: UnitOfWork, path: str) -> Found | None:
    """Only somebody who has published: of others the site does not say that they exist."""
    parts = segments(path)
    if len(parts) < 2:
        return None
    row = await work.one(
        select(User).where(
            User.tenant_id == work.tenant_id,
            User.nicename == parts[-1],
            User.id.in_(authors(work)),
        )
    )
    if row is None or normal(author_path(row[0])) != path:
        return None
    user = row[0]
    return Found("author", user.id, "user", author_path(user), f"/wp/v2/users/{user.id}", row=user)


def authors(work: UnitOfWork) -> Any:
    """A query for the ids of the people who have published something public."""
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    return select(Post.author_id).where(
        Post.tenant_id == work.tenant_id,
        Post.status == Status.PUBLISH.value,
        Post.post_type.in_(public),
    )
