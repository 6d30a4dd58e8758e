"""What a feed tells: the newest texts that everybody may read, or what was said of one of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, select

from cms.content.models import Post, Rendering, Revision, Term, TermRelationship
from cms.content.permalinks import paths
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.kernel.work import ReadableWork
from cms.site.resolving import Found

MOST = 100


@dataclass(frozen=True)
class Entry:
    """One text, or one comment. `path` is where it stands, `guid` what it is known by for good;
    `title`, `summary` and `content` are HTML."""

    path: str
    guid: str
    title: str
    author: str
    published: datetime
    modified: datetime
    summary: str = ""
    content: str = ""
    categories: Sequence[str] = ()
    comments: str = ""
    post_id: int | None = None
    post_type: str = ""
    contributors: Sequence[str] = ()
    """Others who stand for the text beside its author, each as a line."""


@dataclass(frozen=True)
class Feed:
    """`path` is the page that the feed is of; `title` is empty for the whole site. `types` are
    those of its texts, under `term_id` if it is of a term; `limit` is how many entries a page
    has at most. Filters of this class add what is to be told of texts beside their words."""

    path: str
    title: str = ""
    entries: Sequence[Entry] = field(default_factory=tuple)
    types: Sequence[str] = ()
    term_id: int | None = None
    limit: int = MOST
    page: int = 1

    @property
    def modified(self) -> datetime | None:
        return max((one.modified for one in self.entries), default=None)


# The newest public comments, of one post or (None) of all, at most so many.
CommentLoader = Callable[[UnitOfWork, int | None, int], Awaitable[Sequence[Entry]]]


async def of_address(
    work: UnitOfWork, found: Found, comments: CommentLoader, page: int = 1
) -> Feed | None:
    """The feed of what stands at an address; None for what has none."""
    limit = min(max(work.tenant.site.posts_per_rss, 1), MOST)
    if found.kind in {"post", "page"} and found.id is not None:
        return await _of_comments(work, found, await comments(work, found.id, limit))
    feed = await _of_texts(work, found, limit, page)
    return await work.shape(feed) if feed is not None else None


async def _of_texts(work: UnitOfWork, found: Found, limit: int, page: int) -> Feed | None:
    if found.kind == "front":
        told = await entries(work, ["post"], limit=limit, page=page)
        return Feed("/", "", told, ("post",), limit=limit, page=page)
    if found.kind == "archive":
        label = work.registry.post_types[found.type].label
        told = await entries(work, [found.type], limit=limit, page=page)
        return Feed(found.path, label, told, (found.type,), limit=limit, page=page)
    if found.kind == "term":
        return await _of_term(work, found, limit, page)
    if found.kind == "author":
        return await _of_author(work, found, limit, page)
    return None


async def _of_comments(work: UnitOfWork, found: Found, said: Sequence[Entry]) -> Feed | None:
    post = await work.session.get(Post, (work.tenant_id, found.id))
    # What is said of a protected text tells what stands in it.
    if post is None or post.password:
        return None
    return Feed(found.path, f"Comments on: {post.title}", said)


async def _of_term(work: UnitOfWork, found: Found, limit: int, page: int) -> Feed | None:
    term = await work.session.get(Term, (work.tenant_id, found.id))
    if term is None:
        return None
    types = [
        one.name
        for one in work.registry.post_types.values()
        if one.is_public
        and (
            found.type in one.taxonomies
            or one.name in work.registry.taxonomies[found.type].post_types
        )
    ]
    told = await entries(work, types, limit=limit, page=page, term_id=term.id)
    return Feed(found.path, term.name, told, types, term.id, limit, page)


async def _of_author(work: UnitOfWork, found: Found, limit: int, page: int) -> Feed | None:
    user = await work.session.get(User, (work.tenant_id, found.id))
    if user is None:
        return None
    told = await entries(work, ["post"], limit=limit, page=page, author_id=user.id)
    return Feed(found.path, user.display_name, told)


async def entries(
    work: UnitOfWork,
    types: Sequence[str],
    *,
    limit: int,
    page: int = 1,
    term_id: int | None = None,
    author_id: int | None = None,
) -> list[Entry]:
    """The newest published texts without a password, with what readers get of them."""
    public = [name for name in types if work.registry.post_types[name].is_public]
    conditions = [
        Post.tenant_id == work.tenant_id,
        Post.post_type.in_(public),
        Post.status == Status.PUBLISH.value,
        Post.password == "",
    ]
    if term_id is not None:
        conditions.append(Post.id.in_(filed_under(work, term_id)))
    if author_id is not None:
        conditions.append(Post.author_id == author_id)
    rows = await work.all(
        select(Post, Revision, Rendering, User.display_name)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.live_revision_id),
        )
        .join(
            Rendering,
            and_(Rendering.tenant_id == Post.tenant_id, Rendering.revision_id == Revision.id),
        )
        .join(User, and_(User.tenant_id == Post.tenant_id, User.id == Revision.author_id))
        .where(*conditions)
        .order_by(Post.date_local.desc(), Post.id.desc())
        .limit(limit)
        .offset((page - 1) * limit)
    )
    places = await paths(work, [row[0] for row in rows]) if rows else {}
    names = await _term_names(work, [row[1] for row in rows])
    return [_entry(work, row, places[row[0].id], names) for row in rows]


def filed_under(work: ReadableWork, term_id: int) -> Any:
    """The posts of the term and of the terms below it, as its page lists them."""
    below = (
        select(Term.id)
        .where(Term.tenant_id == work.tenant_id, Term.id == term_id)
        .cte("below", recursive=True)
    )
    below = below.union(
        select(Term.id).where(Term.tenant_id == work.tenant_id, Term.parent_id == below.c.id)
    )
    return select(TermRelationship.post_id).where(
        TermRelationship.tenant_id == work.tenant_id,
        TermRelationship.term_id.in_(select(below.c.id)),
    )


async def _term_names(work: UnitOfWork, revisions: Sequence[Revision]) -> dict[int, str]:
    wanted = {term for one in revisions for ids in one.terms.values() for term in ids}
    if not wanted:
        return {}
    rows = await work.all(
        select(Term.id, Term.name).where(Term.tenant_id == work.tenant_id, Term.id.in_(wanted))
    )
    return {row.id: row.name for row in rows}


def _entry(
    work: UnitOfWork, row: tuple[Post, Revision, Rendering, str], path: str, names: dict[int, str]
) -> Entry:
    post, revision, rendering, author = row
    terms = [term for ids in revision.terms.values() for term in ids]
    is_short = work.tenant.site.rss_use_excerpt
    return Entry(
        path=path,
        guid=f"/?p={post.id}",
        title=rendering.title,
        author=author,
        published=(post.date_gmt or post.created_at).astimezone(UTC),
        modified=post.modified_gmt.astimezone(UTC),
        summary=rendering.excerpt,
        content="" if is_short else rendering.content,
        categories=[names[term] for term in terms if term in names],
        comments=f"{path}#respond" if post.comment_status == "open" else "",
        post_id=post.id,
        post_type=post.post_type,
    )
