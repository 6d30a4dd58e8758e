"""The routes of one taxonomy: its terms are listed, read, added, changed and deleted."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content import term_editing, terms
from cms.content.models import Term
from cms.content.permissions import require
from cms.content.term_editing import create_term, delete_term, edit_term
from cms.content.terms import TermQuery, TermView
from cms.database.work import UnitOfWork
from cms.fields.kinds import TERM, Kind
from cms.kernel.declarations import Taxonomy
from cms.rest import acf_writing, arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, PAGING, Table
from cms.rest.shape import answer, paging, rest_url
from cms.rest.term_body import bodies, body_of, embeds, schema_of

__all__ = ["embeds", "term_routes"]

Asked = Request[Any, Any, Any]

_IDS = {"type": "array", "items": {"type": "integer"}, "default": []}
_ORDERS = ["id", "include", "name", "slug", "include_slugs", "term_group", "description", "count"]
_ITEM: Table = {"context": CONTEXT}
_DELETE: Table = {"force": {"type": "boolean", "default": False}}


def list_table(taxonomy: Taxonomy) -> Table:
    """The arguments of the collection: a tree has parents, a flat list an offset."""
    flat = {"offset": {"type": "integer", "minimum": 0}}
    tree = {"parent": {"type": "integer"}}
    return {
        "context": CONTEXT,
        **PAGING,
        "search": {"type": "string", "maxLength": 200},
        "exclude": _IDS,
        "include": _IDS,
        **({} if taxonomy.is_hierarchical else flat),
        "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
        "orderby": {"type": "string", "enum": _ORDERS, "default": "name"},
        "hide_empty": {"type": "boolean", "default": False},
        **(tree if taxonomy.is_hierarchical else {}),
        "post": {"type": ["integer", "null"], "default": None},
        "slug": {"type": "array", "items": {"type": "string"}},
    }


def write_table(*, is_new: bool) -> Table:
    """The body of create and update. `parent` is taken by flat taxonomies too, to refuse it in
    WordPress's words instead of passing it over."""
    return {
        "description": {"type": "string", "maxLength": 10_000},
        "name": {"type": "string", "maxLength": 200, **({"required": True} if is_new else {})},
        "slug": {"type": "string", "maxLength": 200},
        "parent": {"type": "integer"},
        "meta": {"type": "object"},
    }


def term_routes(taxonomy: Taxonomy) -> list[HTTPRouteHandler]:
    """The seven handlers of a taxonomy."""
    base, item = f"/wp/v2/{taxonomy.rest_base}", f"/wp/v2/{taxonomy.rest_base}/{{term_id:int}}"
    listing, schema = list_table(taxonomy), schema_of(taxonomy)
    new, change = write_table(is_new=True), write_table(is_new=False)

    kind = Kind(TERM, taxonomy.name)
    told: dict[str, Any] = {
        "resource": "term",
        "schema": schema,
        "allow_batch": True,
        "fields": kind,
    }

    @get(base, action="term.list", arguments=listing, **told)
    async def list_terms(request: Asked, work: UnitOfWork) -> Response[bytes]:
        wanted = await arguments.read(request, acf_writing.reads(work, kind, listing))
        context = wanted["context"]
        require(
            context != "edit" or term_editing.may_edit(work, taxonomy),
            "term.context",
            "Sorry, you are not allowed to edit terms in this taxonomy.",
        )
        views, total = await terms.page(work, _query(taxonomy, wanted))
        headers = paging(
            request,
            rest_url(request, base),
            total=total,
            page=wanted["page"],
            per_page=wanted["per_page"],
            kind=None,
        )
        shown = await bodies(request, work, taxonomy, views, context)
        return answer(request, shown, headers=headers, allow=_allow(work, taxonomy))

    @get(item, action="term.read", arguments=_ITEM, **told)
    async def read_term(request: Asked, work: UnitOfWork, term_id: int) -> Response[bytes]:
        wanted = await arguments.read(request, acf_writing.reads(work, kind, _ITEM))
        view = await terms.one(work, taxonomy, term_id)
        require(
            wanted["context"] != "edit" or term_editing.may_edit(work, taxonomy),
            "term.edit_context",
            "Sorry, you are not allowed to edit this term.",
        )
        body = await body_of(request, work, taxonomy, view, wanted["context"])
        return answer(request, body, allow=_allow(work, taxonomy, view.term))

    @post(
        base,
        action="term.create",
        status_code=201,
        arguments=new,
        **told,
    )
    async def add_term(request: Asked, work: UnitOfWork) -> Response[bytes]:
        wanted = await acf_writing.read(request, work, kind, new)
        term = await create_term(
            work,
            taxonomy,
            name=wanted["name"],
            slug=wanted.get("slug", ""),
            description=wanted.get("description", ""),
            parent_id=wanted.get("parent") or None,
        )
        await acf_writing.save_term(request, work, taxonomy, term, wanted)
        headers = {"Location": rest_url(request, f"{base}/{term.id}")}
        body = await body_of(request, work, taxonomy, TermView(term, 0), "edit")
        return answer(request, body, status=201, headers=headers, allow=_allow(work, taxonomy))

    async def change_term(request: Asked, work: UnitOfWork, term_id: int) -> Response[bytes]:
        wanted = await acf_writing.read(request, work, kind, change)
        view = await edit_term(work, taxonomy, term_id, wanted)
        await acf_writing.save_term(request, work, taxonomy, view.term, wanted)
        body = await body_of(request, work, taxonomy, view, "edit")
        return answer(request, body, allow=_allow(work, taxonomy, view.term))

    declared: dict[str, Any] = {
        "action": "term.edit",
        "status_code": 200,
        "arguments": change,
        **told,
    }
    writes = [method(item, **declared)(change_term) for method in (post, put, patch)]

    @delete(
        item,
        action="term.delete",
        status_code=200,
        arguments=_DELETE,
        **told,
    )
    async def remove_term(request: Asked, work: UnitOfWork, term_id: int) -> Response[bytes]:
        wanted = await arguments.read(request, _DELETE)
        found = await terms.one(work, taxonomy, term_id)
        previous = await body_of(request, work, taxonomy, found, "edit")
        allowed = _allow(work, taxonomy, found.term)
        previous.pop("_links")
        require(
            term_editing.may_delete(work, taxonomy, found.term),
            "term.delete",
            "Sorry, you are not allowed to delete this term.",
        )
        if not wanted["force"]:
            raise RestError(
                "rest_trash_not_supported",
                "Terms do not support trashing. Set 'force=true' to delete.",
                501,
            )
        await delete_term(work, taxonomy, term_id)
        # Which terms are gone is remembered with the site.
        work.afterwards(request.app.state.host.tenants.forget)
        return answer(request, {"deleted": True, "previous": previous}, allow=allowed)

    return [list_terms, read_term, add_term, *writes, remove_term]


def _allow(work: UnitOfWork, taxonomy: Taxonomy, term: Term | None = None) -> list[str]:
    """The methods of this address for this person."""
    if term is None:
        return ["GET", "POST"] if term_editing.may_create(work, taxonomy) else ["GET"]
    edits = ["POST", "PUT", "PATCH"] if term_editing.may_edit(work, taxonomy) else []
    deletes = ["DELETE"] if term_editing.may_delete(work, taxonomy, term) else []
    return ["GET", *edits, *deletes]


def _query(taxonomy: Taxonomy, wanted: dict[str, Any]) -> TermQuery:
    offset = wanted.get("offset")
    return TermQuery(
        (taxonomy,),
        search=wanted.get("search", ""),
        include=wanted["include"],
        exclude=wanted["exclude"],
        slugs=wanted.get("slug", ()),
        parent_id=wanted.get("parent"),
        post_id=wanted["post"],
        hide_empty=wanted["hide_empty"],
        order_by=wanted["orderby"],
        descending=wanted["order"] == "desc",
        limit=wanted["per_page"],
        offset=offset if offset is not None else (wanted["page"] - 1) * wanted["per_page"],
    )
