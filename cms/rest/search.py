"""Search over posts and terms together."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content import permalinks, searching, terms
from cms.content.formats import FORMATS
from cms.content.permalinks import term_path
from cms.content.posts import ATTACHMENT
from cms.content.searching import Found, Wanted
from cms.content.terms import TermQuery, TermView
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType, Taxonomy
from cms.kernel.registry import Registry
from cms.markup.clean import escaped
from cms.rest import arguments
from cms.rest.post_arguments import PAGING, Table
from cms.rest.shape import answer, front_url, paging, rest_url

Asked = Request[Any, Any, Any]

PATH = "/wp/v2/search"
ANY = "any"
# Media have words of their own kind, and are found by their own route.
_NOT_SEARCHED = frozenset({ATTACHMENT})
_IDS = {"type": "array", "items": {"type": "integer"}, "default": []}
_CONTEXTS = ["view", "embed"]
_SHOWN = {"context": _CONTEXTS, "readonly": True}


def searched_types(registry: Registry) -> dict[str, PostType]:
    return {
        name: one
        for name, one in registry.post_types.items()
        if one.is_public and name not in _NOT_SEARCHED
    }


def searched_taxonomies(registry: Registry) -> dict[str, Taxonomy]:
    return {
        name: one
        for name, one in registry.taxonomies.items()
        if one.is_public and one.rest_controller == "terms"
    }


def table_of(registry: Registry) -> Table:
    """The arguments; what may be searched is a matter of the site's types and taxonomies."""
    subtypes = [*searched_types(registry), *searched_taxonomies(registry), ANY]
    return {
        "context": {"type": "string", "enum": _CONTEXTS, "default": "view"},
        **PAGING,
        "search": {"type": "string", "maxLength": 500},
        "type": {"type": "string", "enum": ["post", "term", "post-format"], "default": "post"},
        "subtype": {
            "type": "array",
            "items": {"type": "string", "enum": subtypes},
            "default": ANY,
        },
        "exclude": _IDS,
        "include": _IDS,
    }


def schema_of(registry: Registry) -> dict[str, Any]:
    subtypes = [*searched_types(registry), *searched_taxonomies(registry)]
    properties: dict[str, Mapping[str, Any]] = {
        "id": {"type": ["integer", "string"], **_SHOWN},
        "title": {"type": "string", **_SHOWN},
        "url": {"type": "string", "format": "uri", **_SHOWN},
        "type": {"type": "string", "enum": ["post", "term", "post-format"], **_SHOWN},
        "subtype": {"type": "string", "enum": subtypes, **_SHOWN},
    }
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "search-result",
        "type": "object",
        "properties": properties,
    }


def search_routes(registry: Registry) -> list[HTTPRouteHandler]:
    """The one route, described with the types and taxonomies of the code."""

    @get(
        PATH,
        action="search.read",
        resource="search",
        arguments=table_of(registry),
        schema=schema_of(registry),
    )
    async def search(request: Asked, work: UnitOfWork) -> Response[bytes]:
        wanted = await arguments.read(request, table_of(work.registry))
        if wanted["subtype"] == ANY or ANY in wanted["subtype"]:
            wanted["subtype"] = None
        look = {"post": _posts, "term": _terms, "post-format": _formats}[wanted["type"]]
        items, total = await look(request, work, wanted)
        headers = paging(
            request,
            rest_url(request, PATH),
            total=total,
            page=wanted["page"],
            per_page=wanted["per_page"],
            kind="search",
        )
        return answer(request, items, headers=headers)

    return [search]


def _chosen(known: Mapping[str, Any], wanted: dict[str, Any]) -> list[Any]:
    names = known if wanted["subtype"] is None else wanted["subtype"]
    return [known[name] for name in names if name in known]


def _offset(wanted: dict[str, Any]) -> int:
    offset: int = (wanted["page"] - 1) * wanted["per_page"]
    return offset


async def _formats(
    request: Asked, work: UnitOfWork, wanted: dict[str, Any]
) -> tuple[list[dict[str, Any]], int]:
    """The formats that published posts have; where they are shown the front end knows."""
    used, words = await searching.formats_in_use(work), wanted.get("search", "").lower()
    found = [one for one in FORMATS if one in used and words in one]
    front, start = front_url(request, work.tenant.site), _offset(wanted)
    shown = [_format(request, one, front) for one in found[start : start + wanted["per_page"]]]
    return shown, len(found)


def _format(request: Asked, name: str, front: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": name.capitalize(),
        "url": f"{front}/type/{name}/",
        "type": "post-format",
        "_links": {"collection": [{"href": rest_url(request, PATH)}]},
    }


async def _posts(
    request: Asked, work: UnitOfWork, wanted: dict[str, Any]
) -> tuple[list[dict[str, Any]], int]:
    found, total = await searching.page(
        work,
        Wanted(
            _chosen(searched_types(work.registry), wanted),
            words=wanted.get("search", ""),
            include=wanted["include"],
            exclude=wanted["exclude"],
            limit=wanted["per_page"],
            offset=_offset(wanted),
        ),
    )
    if not found:
        # WordPress counts nothing on a page beyond the last, and refuses such a page of terms only.
        return [], 0
    paths = await permalinks.paths(work, [one.post for one in found])
    front = front_url(request, work.tenant.site)
    items = [_post(request, work, one, front + paths[one.post.id]) for one in found]
    return items, total


def _post(request: Asked, work: UnitOfWork, found: Found, url: str) -> dict[str, Any]:
    post = found.post
    base = work.registry.post_types[post.post_type].rest_base
    links = _links(request, f"/wp/v2/{base}/{post.id}", f"/wp/v2/types/{post.post_type}")
    return {
        "id": post.id,
        "title": f"Protected: {found.title}" if post.password else found.title,
        "url": url,
        "type": "post",
        "subtype": post.post_type,
        "_links": links,
    }


async def _terms(
    request: Asked, work: UnitOfWork, wanted: dict[str, Any]
) -> tuple[list[dict[str, Any]], int]:
    chosen = _chosen(searched_taxonomies(work.registry), wanted)
    query = TermQuery(
        chosen,
        search=wanted.get("search", ""),
        include=wanted["include"],
        exclude=wanted["exclude"],
        limit=wanted["per_page"],
        offset=_offset(wanted),
    )
    views, total = await terms.page(work, query)
    return [_term(request, work, view) for view in views], total


def _term(request: Asked, work: UnitOfWork, view: TermView) -> dict[str, Any]:
    term, taxonomy = view.term, work.registry.taxonomies[view.term.taxonomy]
    own = f"/wp/v2/{taxonomy.rest_base}/{term.id}"
    # As measured: the taxonomy stands in `type`, and there is no `subtype`.
    return {
        "id": term.id,
        "title": escaped(term.name),
        "url": front_url(request, work.tenant.site) + term_path(taxonomy, term),
        "type": taxonomy.name,
        "_links": _links(request, own, f"/wp/v2/taxonomies/{taxonomy.name}"),
    }


def _links(request: Asked, own: str, about: str) -> dict[str, Any]:
    return {
        "self": [{"embeddable": True, "href": rest_url(request, own)}],
        "about": [{"href": rest_url(request, about)}],
        "collection": [{"href": rest_url(request, PATH)}],
    }
