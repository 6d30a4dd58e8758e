"""From an address of the public site back to the post that stands there."""

from collections.abc import Iterable
from urllib.parse import parse_qs, quote, unquote, urlsplit

from sqlalchemy import or_, select

from cms.content import permalinks
from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.work import UnitOfWork

# So many posts of one name there may be, in as many languages and types.
_MOST = 20
_LONGEST = 2000


async def post_at(work: UnitOfWork, url: str, bases: Iterable[str]) -> Post | None:
    """The published post whose permalink this is, below one of the addresses that the site has;
    None for anything else, such as a draft or another site. Two statements at most."""
    found = _below(url, bases)
    if found is None:
        return None
    path, query = found
    for name in ("p", "page_id"):
        if name in query:
            return await _by_id(work, _number(query[name][0]))
    if not path.strip("/"):
        return await _by_id(work, work.tenant.site.page_on_front)
    return await _by_path(work, path)


def _below(url: str, bases: Iterable[str]) -> tuple[str, dict[str, list[str]]] | None:
    """Path and query below the base; whether http or https was written makes no difference."""
    if len(url) > _LONGEST:
        return None
    try:
        given = urlsplit(url)
    except ValueError:  # such as an unclosed bracket
        return None
    if given.scheme not in {"http", "https"}:
        return None
    for base in map(urlsplit, bases):
        prefix = base.path.rstrip("/")
        is_below = given.path == prefix or given.path.startswith(f"{prefix}/")
        if given.netloc.lower() == base.netloc.lower() and is_below:
            return given.path.removeprefix(prefix) or "/", parse_qs(given.query)
    return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


async def _by_id(work: UnitOfWork, post_id: int) -> Post | None:
    post = await work.session.get(Post, (work.tenant_id, post_id)) if post_id else None
    public = {one.name for one in work.registry.post_types.values() if one.is_public}
    is_shown = post is not None and post.status == Status.PUBLISH.value
    return post if is_shown and post is not None and post.post_type in public else None


async def _by_path(work: UnitOfWork, path: str) -> Post | None:
    name = _slug(path.rstrip("/").rpartition("/")[2])
    number = _number(name)
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    rows = await work.all(
        select(Post)
        .where(
            Post.tenant_id == work.tenant_id,
            or_(Post.slug == name, Post.id == number) if number else Post.slug == name,
            Post.status == Status.PUBLISH.value,
            Post.post_type.in_(public),
        )
        .order_by(Post.id)
        .limit(_MOST)
    )
    found = [row[0] for row in rows]
    paths = await permalinks.paths(work, found)
    wanted = _normal(path)
    return next((post for post in found if _normal(paths[post.id]) == wanted), None)


def _slug(segment: str) -> str:
    """As slugs are stored: what is not ASCII is percent-encoded in lower case."""
    return quote(unquote(segment), safe="").lower()


def _normal(path: str) -> str:
    return unquote(path).rstrip("/")
