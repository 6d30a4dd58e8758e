"""Search for front ends: pieces of text with the words marked, page after page by a cursor."""

import base64
import binascii
import math
from typing import Any

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content import indexing, permalinks, searching, snippets
from cms.content.searching import Found, Wanted
from cms.content.snippets import Matcher
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.declarations import PostType

Asked = Request[Any, Any, Any]

MOST = 50


class Hit(msgspec.Struct, frozen=True):
    """A post that was found. `title` and `snippet` are HTML in which only <mark> is markup."""

    id: int
    type: str
    language: str
    title: str
    snippet: str
    link: str
    rank: float


class Hits(msgspec.Struct, frozen=True):
    """The best first; `next` is the cursor of the following ones, null at the end."""

    items: list[Hit]
    next: str | None


@get("/search", action="search.read", resource="search")
async def search(
    request: Asked,
    work: UnitOfWork,
    *,
    q: str = "",
    type: str | None = None,
    language: str | None = None,
    taxonomy: str | None = None,
    term: str | None = None,
    limit: int = 10,
    cursor: str | None = None,
) -> Hits:
    """Published posts by their words. "…" is a phrase, -word excludes; `type` is one or several
    types, `taxonomy` asks for posts with any term of it, `term` for one or several terms by id."""
    types, wanted_terms = _types(work, type), _ids(term)
    faults = {
        **({"q": "must be 1 to 500 characters"} if not 0 < len(q.strip()) <= 500 else {}),
        **({"limit": f"must be between 1 and {MOST}"} if not 1 <= limit <= MOST else {}),
        **({"taxonomy": _no("taxonomy", taxonomy)} if not _is_known(work, taxonomy) else {}),
    }
    if faults:
        raise InvalidInput(faults)
    look = Wanted(
        types,
        words=q,
        language=language,
        terms=wanted_terms,
        taxonomy=taxonomy,
        after=_place(cursor),
        limit=limit,
    )
    found = await searching.following(work, look)
    shown = found[:limit]
    following = _cursor(shown[-1]) if len(found) > limit else None
    return Hits(await _hits(request, work, q, shown), following)


async def _hits(request: Asked, work: UnitOfWork, q: str, found: list[Found]) -> list[Hit]:
    if not found:
        return []
    texts = await searching.texts(work, [one.post.id for one in found])
    titles = {one.post.id: indexing.plain_text(one.title) for one in found}
    said = [part for texts_of_one in texts.values() for part in texts_of_one]
    matcher = await snippets.matcher(work, q, [*titles.values(), *said])
    paths = await permalinks.paths(work, [one.post for one in found])
    front = work.tenant.site.front_end_url.rstrip("/") or str(request.base_url).rstrip("/")
    return [
        Hit(
            id=one.post.id,
            type=one.post.post_type,
            language=one.post.language,
            title=matcher.marked(titles[one.post.id], one.post.language),
            snippet=_snippet(matcher, one.post.language, *texts.get(one.post.id, ("", ""))),
            link=front + paths[one.post.id],
            rank=one.rank,
        )
        for one in found
    ]


def _snippet(matcher: Matcher, language: str, excerpt: str, document: str) -> str:
    """From the excerpt where the words stand in it, else from the text."""
    short = matcher.snippet(excerpt, language)
    return short if "<mark>" in short else matcher.snippet(document, language) or short


def _types(work: UnitOfWork, given: str | None) -> list[PostType]:
    known = {name: one for name, one in work.registry.post_types.items() if one.is_public}
    names = [name for name in given.split(",") if name] if given else list(known)
    for name in names:
        if name not in known:
            raise InvalidInput({"type": _no("type", name)})
    return [known[name] for name in names]


def _is_known(work: UnitOfWork, taxonomy: str | None) -> bool:
    return taxonomy is None or taxonomy in work.registry.taxonomies


def _no(kind: str, name: str | None) -> str:
    return f"there is no {kind} {name!r:.60}"


def _ids(given: str | None) -> list[int]:
    parts = [part.strip() for part in (given or "").split(",") if part.strip()]
    if any(not part.isascii() or not part.isdigit() or len(part) > 18 for part in parts):
        raise InvalidInput({"term": "must be ids of terms, such as 4 or 4,7"})
    return [int(part) for part in parts[:100]]


def _cursor(last: Found) -> str:
    """Opaque: the rank and the id of the last one, from which the next page goes on."""
    place = msgspec.json.encode([last.rank, last.post.id])
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place(cursor: str | None) -> tuple[float, int] | None:
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        rank, post_id = msgspec.json.decode(raw, type=tuple[float, int])
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, ValueError) as error:
        raise InvalidInput({"cursor": "is not one that a page before has given"}) from error
    if not math.isfinite(rank) or not 0 < post_id < 2**63:
        raise InvalidInput({"cursor": "is not one that a page before has given"})
    return rank, post_id


SEARCH_ROUTES: list[HTTPRouteHandler] = [search]
