"""Autosaves: what an editor has not saved yet, kept where no reader sees it."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get, post
from cms.content import autosaves, posts, reading, saving
from cms.content.models import Autosave, Post, Rendering
from cms.content.permissions import may_edit
from cms.content.reading import PostView
from cms.content.saving import Changes
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields.kinds import POST, Kind
from cms.kernel.declarations import PostType
from cms.markup.render import render_content, render_excerpt, render_title
from cms.rest import acf, acf_writing, arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.post_schema import revision_schema
from cms.rest.revision_body import Text, Written, parent_link, revision_body
from cms.rest.revisions import readable_parent
from cms.rest.shape import answer, front_url

Asked = Request[Any, Any, Any]

_READ: Table = {"context": CONTEXT}
_ID: Table = {"parent": {"type": "integer"}}


def autosave_routes(post_type: PostType, write: Table) -> list[HTTPRouteHandler]:
    """List, keep and read; `write` is the table of the type, which WordPress has here as well."""
    base = f"/wp/v2/{post_type.rest_base}"
    schema = revision_schema(post_type, is_autosave=True)
    kind = Kind(POST, post_type.name)
    told: dict[str, Any] = {"schema": schema, "fields": kind}
    table = {**_ID, **write}

    @get(
        f"{base}/{{post_id:int}}/autosaves",
        action="autosave.list",
        resource="revision",
        arguments={**_ID, **_READ},
        **told,
    )
    async def list_autosaves(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        wanted = await arguments.read(request, acf_writing.reads(work, kind, _READ))
        found = await readable_parent(work, post_type, post_id, "autosaves")
        listed = await autosaves.of_post(work, found.id)
        fields = await _fields(request, work, post_type, found) if listed else {}
        shown = [
            _body(request, work, post_type, _kept(one, fields), wanted["context"], is_apart=True)
            for one in listed
        ]
        return answer(request, shown, allow=["GET", "POST"])

    @post(
        f"{base}/{{post_id:int}}/autosaves",
        action="post.edit",
        resource="post",
        status_code=200,
        arguments=table,
        **told,
    )
    async def keep_autosave(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        wanted = await arguments.read(request, write)
        given = {name: wanted[name] for name in autosaves.FIELDS if name in wanted}
        found = await posts.lock(work, post_id, post_type)
        is_apart = not (
            autosaves.is_saved_itself(work, found) and may_edit(work.actor, post_type, found)
        )
        if is_apart:
            autosave = await _keep(work, found, given)
            written = _kept(autosave, await _fields(request, work, post_type, found))
        else:
            await saving.edit(work, found, Changes(given))
            written = await _saved(request, work, post_type, found)
        body = _body(request, work, post_type, written, "edit", is_apart=is_apart)
        return answer(request, body, allow=["GET", "POST"])

    @get(
        f"{base}/{{parent:int}}/autosaves/{{autosave_id:int}}",
        action="autosave.list",
        resource="revision",
        arguments={**_ID, "id": {"type": "integer"}, **_READ},
        **told,
    )
    async def read_autosave(
        request: Asked, work: UnitOfWork, parent: int, autosave_id: int
    ) -> Response[bytes]:
        wanted = await arguments.read(request, acf_writing.reads(work, kind, _READ))
        found = await readable_parent(work, post_type, parent, "autosaves")
        one = await autosaves.one(work, found.id, autosave_id)
        fields = await _fields(request, work, post_type, found)
        context = wanted["context"]
        body = _body(request, work, post_type, _kept(one, fields), context, is_apart=True)
        return answer(request, body)

    return [list_autosaves, keep_autosave, read_autosave]


async def _keep(work: UnitOfWork, found: Post, given: dict[str, str]) -> Autosave:
    try:
        return await autosaves.keep(work, found, given)
    except InvalidInput as refused:
        [(name, code)] = refused.codes.items()
        raise RestError(code, refused.faults[name], 400) from refused


async def _saved(request: Asked, work: UnitOfWork, post_type: PostType, found: Post) -> Written:
    """The draft itself, which is what was saved."""
    await work.session.flush()
    view = await reading.one(work, post_type, found.id, working=True)
    revision, rendering = view.revision, view.rendering
    [fields] = await acf.of_posts(request, work, post_type, [view], "edit")
    return Written(
        id=found.id,
        parent=found.parent_id or 0,
        slug=found.slug,
        author=found.author_id,
        date=found.date_gmt or found.modified_gmt,
        modified=found.modified_gmt,
        title=Text(revision.title, rendering.title),
        content=Text(revision.content, rendering.content),
        excerpt=Text(revision.excerpt, rendering.excerpt if revision.excerpt else ""),
        added=fields.fields,
    )


async def _fields(
    request: Asked, work: UnitOfWork, post_type: PostType, found: Post
) -> dict[str, Any]:
    """`acf` of the post as its editors have it: an autosave keeps texts only."""
    if not acf.is_shown(work, Kind(POST, post_type.name)):
        return {}
    await work.session.flush()
    revision = await posts.revision(work, found.id, found.working_revision_id or 0)
    [added] = await acf.of_posts(
        request, work, post_type, [PostView(found, revision, Rendering())], "edit"
    )
    return added.fields


def _kept(autosave: Autosave, fields: dict[str, Any]) -> Written:
    excerpt = autosave.excerpt
    return Written(
        id=autosave.id,
        parent=autosave.post_id,
        slug=f"{autosave.post_id}-autosave-v1",
        author=autosave.editor_id,
        date=autosave.modified_at,
        modified=autosave.modified_at,
        title=Text(autosave.title, render_title(autosave.title)),
        content=Text(autosave.content, render_content(autosave.content)),
        excerpt=Text(excerpt, render_excerpt(excerpt, autosave.content) if excerpt else ""),
        added=fields,
    )


def _body(
    request: Asked,
    work: UnitOfWork,
    post_type: PostType,
    written: Written,
    context: str,
    *,
    is_apart: bool,
) -> dict[str, Any]:
    """`is_apart`: it is kept beside the post, and not the draft itself."""
    body = revision_body(request, work, post_type, written, context)
    post_id = written.parent if is_apart else written.id
    if context == "edit":
        body["preview_link"] = _preview_link(request, work, post_type, post_id, is_apart=is_apart)
    links = parent_link(request, post_type, written.parent) if written.parent else {}
    return {**body, "_links": links} if links else body


def _preview_link(
    request: Asked, work: UnitOfWork, post_type: PostType, post_id: int, *, is_apart: bool
) -> str:
    """Where the front end shows what is not live; the plain form finds every post."""
    site = work.tenant.site
    base = site.preview_url.rstrip("/") or front_url(request, site)
    name = "page_id" if post_type.name == "page" else "p"
    kind = "" if post_type.name in {"post", "page"} else f"post_type={post_type.name}&"
    apart = f"&preview_id={post_id}" if is_apart else ""
    return f"{base}/?{kind}{name}={post_id}{apart}&preview=true"
