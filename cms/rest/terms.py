"""Terms of one taxonomy."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import func, select

from cms.api.routing import get, post
from cms.content.models import Post, Term, TermRelationship
from cms.content.permissions import may_read, require
from cms.content.statuses import Status
from cms.content.terms import create_term, get_term
from cms.database.work import UnitOfWork
from cms.kernel.declarations import Taxonomy
from cms.rest import arguments
from cms.rest.post_arguments import CONTEXT, PAGING, Table
from cms.rest.schemas import term_schema
from cms.rest.shape import CURIES, answer, paging, rest_url, site_url

Asked = Request[Any, Any, Any]
MANAGE = "manage_categories"
_NOT_EMBEDDED = frozenset({"count", "description", "parent", "meta"})

_LIST: Table = {
    "context": CONTEXT,
    **PAGING,
    "search": {"type": "string", "maxLength": 200},
    "exclude": {"type": "array", "items": {"type": "integer"}, "default": []},
    "include": {"type": "array", "items": {"type": "integer"}, "default": []},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
    "orderby": {"type": "string", "enum": ["id", "name", "slug", "count"], "default": "name"},
    "hide_empty": {"type": "boolean", "default": False},
    "parent": {"type": "integer"},
    "post": {"type": ["integer", "null"], "default": None},
    "slug": {"type": "array", "items": {"type": "string"}},
}
_ITEM: Table = {"context": CONTEXT}
_WRITE: Table = {
    "name": {"type": "string", "required": True, "maxLength": 200},
    "slug": {"type": "string", "maxLength": 200},
    "description": {"type": "string", "maxLength": 10_000},
    "parent": {"type": "integer"},
}


def term_routes(taxonomy: Taxonomy) -> list[HTTPRouteHandler]:
    """List, read and create."""
    base = f"/wp/v2/{taxonomy.rest_base}"
    shows: dict[str, Any] = {"resource": "term", "schema": term_schema(taxonomy)}
    shows["allow_batch"] = True

    @get(base, action="term.list", arguments=_LIST, **shows)
    async def list_terms(request: Asked, work: UnitOfWork) -> Response[bytes]:
        wanted = await arguments.read(request, _LIST)
        _require_context(work, wanted["context"])
        query = await _query(work, taxonomy, wanted)
        page, per_page = wanted["page"], wanted["per_page"]
        rows = await work.all(query.limit(per_page).offset((page - 1) * per_page))
        total = rows[0].total if rows else await _count(work, query)
        headers = paging(
            request, rest_url(request, base), total=total, page=page, per_page=per_page, kind=None
        )
        shown = [_body(request, taxonomy, row.Term, row.count, wanted["context"]) for row in rows]
        return answer(request, shown, headers=headers, allow=_allow(work))

    @get(f"{base}/{{term_id:int}}", action="term.read", arguments=_ITEM, **shows)
    async def read_term(request: Asked, work: UnitOfWork, term_id: int) -> Response[bytes]:
        wanted = await arguments.read(request, _ITEM)
        _require_context(work, wanted["context"])
        term = await get_term(work, taxonomy, term_id)
        row = await work.one(_counted(work).where(Term.id == term_id))
        return answer(request, _body(request, taxonomy, term, row.count, wanted["context"]))

    @post(base, action="term.create", arguments=_WRITE, status_code=201, **shows)
    async def create(request: Asked, work: UnitOfWork) -> Response[bytes]:
        wanted = await arguments.read(request, _WRITE)
        term = await create_term(
            work,
            taxonomy,
            name=wanted["name"],
            slug=wanted.get("slug", ""),
            description=wanted.get("description", ""),
            parent_id=wanted.get("parent") or None,
        )
        headers = {"Location": rest_url(request, f"{base}/{term.id}")}
        body = _body(request, taxonomy, term, 0, "edit")
        return answer(request, body, status=201, headers=headers, allow=_allow(work))

    return [list_terms, read_term, create]


def _allow(work: UnitOfWork) -> list[str]:
    return ["GET", "POST"] if work.actor.has(MANAGE) else ["GET"]


def _require_context(work: UnitOfWork, context: str) -> None:
    require(
        context != "edit" or work.actor.has(MANAGE),
        "term.context",
        "Sorry, you are not allowed to edit terms in this taxonomy.",
    )


def _counted(work: UnitOfWork) -> Any:
    """Terms with the number of published posts in each."""
    counts = (
        select(TermRelationship.term_id, func.count().label("count"))
        .join(
            Post,
            (Post.tenant_id == TermRelationship.tenant_id) & (Post.id == TermRelationship.post_id),
        )
        .where(TermRelationship.tenant_id == work.tenant_id, Post.status == Status.PUBLISH.value)
        .group_by(TermRelationship.term_id)
        .subquery()
    )
    return (
        select(
            Term,
            func.coalesce(counts.c.count, 0).label("count"),
            func.count().over().label("total"),
        )
        .outerjoin(counts, counts.c.term_id == Term.id)
        .where(Term.tenant_id == work.tenant_id)
    )


async def _count(work: UnitOfWork, query: Any) -> int:
    ids = query.order_by(None).with_only_columns(Term.id).subquery()
    row = await work.one(select(func.count()).select_from(ids))
    return int(row[0])


async def _readable_post(work: UnitOfWork, post_id: int) -> int | None:
    """The id if this reader may know what the post is filed under."""
    post = await work.session.get(Post, (work.tenant_id, post_id))
    post_type = work.registry.post_types.get(post.post_type) if post is not None else None
    is_readable = post is not None and post_type and may_read(work.actor, post_type, post)
    return post_id if is_readable else None


async def _query(work: UnitOfWork, taxonomy: Taxonomy, wanted: dict[str, Any]) -> Any:
    query = _counted(work).where(Term.taxonomy == taxonomy.name)
    if wanted["include"]:
        query = query.where(Term.id.in_(wanted["include"]))
    if wanted["exclude"]:
        query = query.where(Term.id.not_in(wanted["exclude"]))
    if wanted.get("slug"):
        query = query.where(Term.slug.in_(wanted["slug"]))
    if "parent" in wanted:
        query = query.where(func.coalesce(Term.parent_id, 0) == wanted["parent"])
    if wanted.get("search"):
        folded = func.cms.fold(wanted["search"])
        query = query.where(Term.sort_key.contains(folded, autoescape=False))
    if wanted["post"]:
        of_post = select(TermRelationship.term_id).where(
            TermRelationship.tenant_id == work.tenant_id,
            TermRelationship.post_id == await _readable_post(work, wanted["post"]),
        )
        query = query.where(Term.id.in_(of_post))
    count = query.selected_columns["count"]
    if wanted["hide_empty"]:
        query = query.where(count > 0)
    columns = {"id": Term.id, "name": Term.sort_key, "slug": Term.slug, "count": count}
    column: Any = columns[wanted["orderby"]]
    return query.order_by(column.desc() if wanted["order"] == "desc" else column.asc(), Term.id)


def _body(
    request: Asked, taxonomy: Taxonomy, term: Term, count: int, context: str
) -> dict[str, Any]:
    base = f"/wp/v2/{taxonomy.rest_base}"
    body: dict[str, Any] = {
        "id": term.id,
        "count": count,
        "description": term.description,
        "link": f"{site_url(request)}/{taxonomy.name}/{term.slug}/",
        "name": _escaped(term.name),
        "slug": term.slug,
        "taxonomy": taxonomy.name,
    }
    if taxonomy.is_hierarchical:
        body["parent"] = term.parent_id or 0
    body["meta"] = []
    if context == "embed":
        body = {name: value for name, value in body.items() if name not in _NOT_EMBEDDED}
    listed = rest_url(request, f"/wp/v2/posts?{taxonomy.rest_base}={term.id}")
    links = {
        "self": [{"href": rest_url(request, f"{base}/{term.id}")}],
        "collection": [{"href": rest_url(request, base)}],
        "about": [{"href": rest_url(request, f"/wp/v2/taxonomies/{taxonomy.name}")}],
        "wp:post_type": [{"href": listed}],
        "curies": CURIES,
    }
    return {**body, "_links": links}


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
