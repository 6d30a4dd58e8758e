"""Terms of one taxonomy."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import func, select

from cms.api.routing import get, post
from cms.content.models import Post, Term, TermRelationship
from cms.content.statuses import Status
from cms.content.terms import create_term, get_term
from cms.database.work import UnitOfWork
from cms.kernel.declarations import Taxonomy
from cms.rest import arguments
from cms.rest.post_arguments import CONTEXT, PAGING, Table
from cms.rest.shape import CURIES, answer, paging, rest_url, site_url

Asked = Request[Any, Any, Any]

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
_WRITE: Table = {
    "name": {"type": "string", "required": True, "maxLength": 200},
    "slug": {"type": "string", "maxLength": 200},
    "description": {"type": "string", "maxLength": 10_000},
    "parent": {"type": "integer"},
}


def term_routes(taxonomy: Taxonomy) -> list[HTTPRouteHandler]:
    """List, read and create."""
    base = f"/wp/v2/{taxonomy.rest_base}"

    @get(base, action="term.list", resource="term")
    async def list_terms(request: Asked, work: UnitOfWork) -> Response[bytes]:
        wanted = await arguments.read(request, _LIST)
        rows = await work.all(_query(work, taxonomy, wanted))
        page, per_page = wanted["page"], wanted["per_page"]
        address = rest_url(request, base)
        headers = paging(request, address, total=len(rows), page=page, per_page=per_page)
        shown = rows[(page - 1) * per_page : page * per_page]
        return answer(
            request,
            [_body(request, taxonomy, row.Term, row.count) for row in shown],
            headers=headers,
        )

    @get(f"{base}/{{term_id:int}}", action="term.read", resource="term")
    async def read_term(request: Asked, work: UnitOfWork, term_id: int) -> Response[bytes]:
        term = await get_term(work, taxonomy, term_id)
        row = await work.one(_counted(work).where(Term.id == term_id))
        return answer(request, _body(request, taxonomy, term, row.count))

    @post(base, action="term.create", resource="term", status_code=201)
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
        body = _body(request, taxonomy, term, 0)
        return answer(request, body, status=201, headers=headers, allow=["GET", "POST"])

    return [list_terms, read_term, create]


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
        select(Term, func.coalesce(counts.c.count, 0).label("count"))
        .outerjoin(counts, counts.c.term_id == Term.id)
        .where(Term.tenant_id == work.tenant_id)
    )


def _query(work: UnitOfWork, taxonomy: Taxonomy, wanted: dict[str, Any]) -> Any:
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
            TermRelationship.post_id == wanted["post"],
        )
        query = query.where(Term.id.in_(of_post))
    columns = {"id": Term.id, "name": Term.sort_key, "slug": Term.slug, "count": "count"}
    column: Any = columns[wanted["orderby"]]
    if isinstance(column, str):
        column = func.coalesce(query.selected_columns[column], 0)
    return query.order_by(column.desc() if wanted["order"] == "desc" else column.asc(), Term.id)


def _body(request: Asked, taxonomy: Taxonomy, term: Term, count: int) -> dict[str, Any]:
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
    listed = rest_url(request, f"/wp/v2/posts?{taxonomy.rest_base}={term.id}")
    links = {
        "self": [{"href": rest_url(request, f"{base}/{term.id}")}],
        "collection": [{"href": rest_url(request, base)}],
        "about": [{"href": rest_url(request, f"/wp/v2/taxonomies/{taxonomy.name}")}],
        "wp:post_type": [{"href": listed}],
        "curies": CURIES,
    }
    return {**body, "meta": [], "_links": links}


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
