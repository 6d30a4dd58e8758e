"""Revisions of a post, the newest first. Readable by those who may edit the post."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get
from cms.content import history, posts
from cms.content.history import RevisionQuery
from cms.content.models import Post, Rendering, Revision
from cms.content.permissions import may_delete, may_edit, require
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, NotFound
from cms.fields.kinds import POST, Kind
from cms.kernel.declarations import PostType
from cms.rest import acf, acf_writing, arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, PAGING, Table
from cms.rest.post_schema import revision_schema
from cms.rest.revision_body import Text, Written, parent_link, revision_body
from cms.rest.shape import answer, paging, rest_url

Asked = Request[Any, Any, Any]

_IDS = {"type": "array", "items": {"type": "integer"}, "default": []}
_ORDERS = ["date", "id", "include", "relevance", "slug", "include_slugs", "title"]
_PARENT: Table = {"parent": {"type": "integer"}}
# As many as there may be, since WordPress gives all of them to who names no number.
_MOST = 100
_LIST: Table = {
    "context": CONTEXT,
    **PAGING,
    "per_page": {"type": "integer", "minimum": 1, "maximum": _MOST},
    "search": {"type": "string", "maxLength": 500},
    "exclude": _IDS,
    "include": _IDS,
    "offset": {"type": "integer", "minimum": 0},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "desc"},
    "orderby": {"type": "string", "enum": _ORDERS, "default": "date"},
}
_ITEM: Table = {"context": CONTEXT}
_DELETE: Table = {"force": {"type": "boolean", "default": False}}


def revision_routes(post_type: PostType) -> list[HTTPRouteHandler]:
    """The two reading routes, and one that says that history is kept."""
    base = f"/wp/v2/{post_type.rest_base}/{{parent:int}}/revisions"
    item = f"{base}/{{revision_id:int}}"
    named: Table = {**_PARENT, "id": {"type": "integer"}}
    kind = Kind(POST, post_type.name)
    told: dict[str, Any] = {
        "resource": "revision",
        "schema": revision_schema(post_type),
        "fields": kind,
    }

    @get(base, action="revision.list", arguments={**_PARENT, **_LIST}, **told)
    async def list_revisions(request: Asked, work: UnitOfWork, parent: int) -> Response[bytes]:
        wanted = await arguments.read(request, acf_writing.reads(work, kind, _LIST))
        post = await readable_parent(work, post_type, parent, "revisions")
        wanted.setdefault("per_page", _MOST)
        query = _query(wanted)
        shown, total = await history.page(work, post, query)
        address = rest_url(request, f"/wp/v2/{post_type.rest_base}/{parent}/revisions")
        headers = paging(
            request,
            address,
            total=total,
            page=wanted["page"],
            per_page=wanted["per_page"],
            kind="revision",
        )
        context = wanted["context"]
        bodies = await _bodies(request, work, post, shown, context)
        return answer(request, bodies, headers=headers)

    @get(item, action="revision.list", arguments={**named, **_ITEM}, **told)
    async def read_revision(
        request: Asked, work: UnitOfWork, parent: int, revision_id: int
    ) -> Response[bytes]:
        wanted = await arguments.read(request, acf_writing.reads(work, kind, _ITEM))
        post = await readable_parent(work, post_type, parent, "revisions")
        one = await _found(work, post, revision_id)
        [body] = await _bodies(request, work, post, [one], wanted["context"])
        return answer(request, body)

    @delete(
        item,
        action="revision.delete",
        arguments={**named, **_DELETE},
        status_code=200,
        **told,
    )
    async def keep_revision(
        request: Asked, work: UnitOfWork, parent: int, revision_id: int
    ) -> Response[bytes]:
        await arguments.read(request, _DELETE)
        post = await _parent(work, post_type, parent)
        require(
            may_delete(work.actor, post_type, post),
            "revision.delete",
            "Sorry, you are not allowed to delete revisions of this post.",
        )
        await _found(work, post, revision_id)
        # Nobody may: they are what approvals and the trail name. WordPress refuses it as well.
        raise CapabilityMissing(
            "Sorry, you are not allowed to delete this revision.", action="revision.delete"
        )

    return [list_revisions, read_revision, keep_revision]


def _query(wanted: dict[str, Any]) -> RevisionQuery:
    if wanted["orderby"] == "include" and not wanted["include"]:
        raise RestError(
            "rest_orderby_include_missing_include",
            "You need to define an include parameter to order by include.",
            400,
        )
    if wanted["orderby"] == "relevance" and not wanted.get("search"):
        raise RestError(
            "rest_no_search_term_defined",
            "You need to define a search term to order by relevance.",
            400,
        )
    offset = wanted.get("offset")
    return RevisionQuery(
        search=wanted.get("search", ""),
        include=wanted["include"],
        exclude=wanted["exclude"],
        order_by=wanted["orderby"],
        descending=wanted["order"] == "desc",
        limit=wanted["per_page"],
        offset=offset if offset is not None else (wanted["page"] - 1) * wanted["per_page"],
    )


async def readable_parent(work: UnitOfWork, post_type: PostType, post_id: int, kind: str) -> Post:
    """The post whose revisions or autosaves are asked for; they are for those who may edit it."""
    post, action = await _parent(work, post_type, post_id), f"{kind.removesuffix('s')}.list"
    require(
        may_edit(work.actor, post_type, post),
        action,
        f"Sorry, you are not allowed to view {kind} of this post.",
    )
    await work.decide(action, "revision", post.id, posts.facts(post))
    return post


async def _parent(work: UnitOfWork, post_type: PostType, post_id: int) -> Post:
    try:
        post = await posts.get(work, post_id)
    except NotFound:
        post = None
    if post is None or post.post_type != post_type.name:
        raise RestError("rest_post_invalid_parent", "Invalid post parent ID.", 404)
    return post


async def _found(work: UnitOfWork, post: Post, revision_id: int) -> tuple[Revision, Rendering]:
    found = await history.one(work, post, revision_id)
    if found is None:
        raise NotFound("revision", revision_id)
    return found


async def _bodies(
    request: Asked,
    work: UnitOfWork,
    post: Post,
    found: Sequence[tuple[Revision, Rendering]],
    context: str,
) -> list[dict[str, Any]]:
    post_type = posts.type_of(work, post)
    added = await acf.of_revisions(request, work, post_type, post, found)
    links = parent_link(request, post_type, post.id)
    bodies = []
    for (revision, rendering), fields in zip(found, added, strict=True):
        written = _written(revision, rendering, fields)
        body = revision_body(request, work, post_type, written, context)
        # Ours: what an approval names.
        digest = {"content_hash": revision.content_hash.hex()}
        bodies.append({**body, **digest, "_links": links})
    return bodies


def _written(revision: Revision, rendering: Rendering, fields: acf.Custom) -> Written:
    return Written(
        id=revision.id,
        parent=revision.post_id,
        slug=f"{revision.post_id}-revision-v1",
        author=revision.editor_id,
        date=revision.created_at,
        modified=revision.created_at,
        title=Text(revision.title, rendering.title),
        content=Text(revision.content, rendering.content),
        # Its own one only, as in WordPress: it says what was written.
        excerpt=Text(revision.excerpt, rendering.excerpt if revision.excerpt else ""),
        added=fields.fields,
    )
