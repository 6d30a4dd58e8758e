"""Revisions of a post, the newest first. Readable by those who may edit the post."""

from functools import partial
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content import posts, reading
from cms.content.dates import at_site
from cms.content.models import Post, Rendering, Revision
from cms.content.permissions import may_edit, require
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import PostType
from cms.rest import arguments
from cms.rest.post_arguments import CONTEXT, PAGING, Table
from cms.rest.schemas import revision_schema
from cms.rest.shape import answer, paging, rest_url

Asked = Request[Any, Any, Any]

_LIST: Table = {"context": CONTEXT, **PAGING}
_ITEM: Table = {"context": CONTEXT}


def revision_routes(post_type: PostType) -> list[HTTPRouteHandler]:
    """The two reading routes; revisions are made by saving and never deleted."""
    base = f"/wp/v2/{post_type.rest_base}/{{parent:int}}/revisions"

    shows: dict[str, Any] = {"action": "revision.list", "resource": "revision"}
    shows["schema"] = revision_schema(post_type)

    @get(base, arguments=_LIST, **shows)
    async def list_revisions(request: Asked, work: UnitOfWork, parent: int) -> Response[bytes]:
        wanted = await arguments.read(request, _LIST)
        post = await _readable(work, post_type, parent)
        page, per_page = wanted["page"], wanted["per_page"]
        shown, total = await reading.revisions(
            work, post, limit=per_page, offset=(page - 1) * per_page
        )
        address = rest_url(request, f"/wp/v2/{post_type.rest_base}/{parent}/revisions")
        headers = paging(
            request, address, total=total, page=page, per_page=per_page, kind="revision"
        )
        show = partial(_body, request, work, post_type, context=wanted["context"])
        bodies = [show(revision, rendering) for revision, rendering in shown]
        return answer(request, bodies, headers=headers)

    @get(f"{base}/{{revision_id:int}}", arguments=_ITEM, **shows)
    async def read_revision(
        request: Asked, work: UnitOfWork, parent: int, revision_id: int
    ) -> Response[bytes]:
        wanted = await arguments.read(request, _ITEM)
        post = await _readable(work, post_type, parent)
        found = await reading.revision(work, post, revision_id)
        if found is None:
            raise NotFound("revision", revision_id)
        body = _body(request, work, post_type, *found, context=wanted["context"])
        return answer(request, body)

    return [list_revisions, read_revision]


async def _readable(work: UnitOfWork, post_type: PostType, post_id: int) -> Post:
    post = await posts.get(work, post_id)
    if post.post_type != post_type.name:
        raise NotFound("post", post_id)
    require(
        may_edit(work.actor, post_type, post),
        "revision.list",
        "Sorry, you are not allowed to view revisions of this post.",
    )
    await work.decide("revision.list", "revision", post.id, posts.facts(post))
    return post


def _body(
    request: Asked,
    work: UnitOfWork,
    post_type: PostType,
    revision: Revision,
    rendering: Rendering,
    *,
    context: str,
) -> dict[str, Any]:
    local = at_site(revision.created_at, work.tenant.zone).isoformat()
    gmt = revision.created_at.strftime("%Y-%m-%dT%H:%M:%S")
    parent = rest_url(request, f"/wp/v2/{post_type.rest_base}/{revision.post_id}")
    body: dict[str, Any] = {
        "author": revision.editor_id,
        "date": local,
        "date_gmt": gmt,
        "id": revision.id,
        "modified": local,
        "modified_gmt": gmt,
        "parent": revision.post_id,
        "slug": f"{revision.post_id}-revision-v1",
    }
    for name in ("title", "content", "excerpt"):
        raw = {"raw": getattr(revision, name)} if context == "edit" else {}
        body[name] = {**raw, "rendered": getattr(rendering, name)}
    # Ours: what an approval names.
    body["content_hash"] = revision.content_hash.hex()
    return {**body, "_links": {"parent": [{"href": parent}]}}
