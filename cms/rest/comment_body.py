"""Comments as WordPress shows them: keys in its order, by context, with their links."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from html import escape
from typing import Any

from litestar import Request

from cms.content import comment_reading
from cms.content.comment_models import Comment
from cms.content.comment_reading import CommentView
from cms.content.permalinks import paths
from cms.database.work import UnitOfWork
from cms.rest import acf
from cms.rest.embedding import Embeddable
from cms.rest.errors import RestError
from cms.rest.shape import front_url, rest_url
from cms.rest.user_body import AVATAR_URLS

Asked = Request[Any, Any, Any]

COMMENTS = "/wp/v2/comments"
_SECONDS = "%Y-%m-%dT%H:%M:%S"


async def bodies(
    request: Asked, work: UnitOfWork, views: Sequence[CommentView], context: str
) -> list[dict[str, Any]]:
    """One body for each comment; the addresses of their posts are made for all of them at once."""
    found = {view.post.id: view.post for view in views}
    places = await paths(work, list(found.values())) if found else {}
    site = front_url(request, work.tenant.site)
    added = await acf.of_comments(request, work, views)
    made = []
    for view, fields in zip(views, added, strict=True):
        link = f"{site}{places[view.post.id]}#comment-{view.comment.id}"
        own = _fields(view.comment, link, context)
        made.append({**own, **fields.fields, "_links": fields.beside(_links(request, work, view))})
    return made


async def body(request: Asked, work: UnitOfWork, view: CommentView, context: str) -> dict[str, Any]:
    return (await bodies(request, work, [view], context))[0]


def _fields(comment: Comment, link: str, context: str) -> dict[str, Any]:
    shows = {"view": "v", "edit": "e", "embed": "m"}[context]
    raw = {"raw": comment.content} if context == "edit" else {}
    fields: list[tuple[str, str, Any]] = [
        ("id", "vem", comment.id),
        ("post", "ve", comment.post_id),
        ("parent", "vem", comment.parent_id or 0),
        ("author", "vem", comment.author_id or 0),
        # Clients put it into a page as it is, as WordPress has it escaped.
        ("author_name", "vem", escape(comment.author_name, quote=False)),
        ("author_email", "e", comment.author_email),
        ("author_url", "vem", comment.author_url),
        ("author_ip", "e", comment.author_ip or ""),
        ("author_user_agent", "e", comment.author_agent or ""),
        ("date", "vem", comment.date_local.strftime(_SECONDS)),
        ("date_gmt", "ve", comment.date_gmt.astimezone(UTC).strftime(_SECONDS)),
        ("content", "vem", {"rendered": comment.rendered, **raw}),
        ("link", "vem", link),
        ("status", "ve", comment.status),
        ("type", "vem", comment.kind),
        ("author_avatar_urls", "vem", AVATAR_URLS),
        ("meta", "ve", []),
    ]
    return {name: value for name, contexts, value in fields if shows in contexts}


def _links(request: Asked, work: UnitOfWork, view: CommentView) -> dict[str, Any]:
    comment, post = view.comment, view.post
    links: dict[str, Any] = {
        "self": [{"href": rest_url(request, f"{COMMENTS}/{comment.id}")}],
        "collection": [{"href": rest_url(request, COMMENTS)}],
    }
    if comment.author_id:
        author = rest_url(request, f"/wp/v2/users/{comment.author_id}")
        links["author"] = [{"embeddable": True, "href": author}]
    declared = work.registry.post_types.get(post.post_type)
    if declared is not None:
        address = rest_url(request, f"/wp/v2/{declared.rest_base}/{post.id}")
        links["up"] = [{"embeddable": True, "post_type": post.post_type, "href": address}]
    if comment.parent_id:
        parent = rest_url(request, f"{COMMENTS}/{comment.parent_id}")
        links["in-reply-to"] = [{"embeddable": True, "href": parent}]
    if view.is_answered:
        answers = rest_url(request, f"{COMMENTS}?parent={comment.id}")
        links["children"] = [{"embeddable": True, "href": answers}]
    return links


def not_readable() -> RestError:
    return RestError("rest_cannot_read", "Sorry, you are not allowed to read this comment.", 403)


async def load_comments(request: Asked, work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
    """Single comments, such as those that others answer."""
    views = await comment_reading.some(work, ids)
    made = await bodies(request, work, views, "embed")
    return {one_id: not_readable() for one_id in ids} | {one["id"]: one for one in made}


async def load_replies(
    request: Asked, work: UnitOfWork, post_ids: Sequence[int]
) -> Mapping[int, Any]:
    """The newest comments of each post."""
    return await _newest(request, work, Comment.post_id, post_ids)


async def load_answers(request: Asked, work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
    """The newest answers to each comment."""
    return await _newest(request, work, Comment.parent_id, ids)


async def _newest(
    request: Asked, work: UnitOfWork, column: Any, ids: Sequence[int]
) -> Mapping[int, Any]:
    found = await comment_reading.newest_of_each(work, column, ids)
    views = [view for of_one in found.values() for view in of_one]
    made = {one["id"]: one for one in await bodies(request, work, views, "embed")}
    return {one_id: [made[view.comment.id] for view in of_one] for one_id, of_one in found.items()}


EMBEDS = (
    Embeddable("/wp/v2/comments/{id}", load_comments),
    Embeddable("/wp/v2/comments?post={id}", load_replies),
    Embeddable("/wp/v2/comments?parent={id}", load_answers),
)
