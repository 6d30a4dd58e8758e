"""A term as WordPress shows it: keys in its order, by context, with its links; and as what a post
brings along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request

from cms.content import terms
from cms.content.models import Term
from cms.content.permalinks import term_path
from cms.content.terms import TermView
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType, SubjectMeta, Taxonomy
from cms.kernel.registry import Registry
from cms.markup.clean import escaped
from cms.rest import acf, subject_meta
from cms.rest.embedding import Embeddable, Loader
from cms.rest.errors import RestError
from cms.rest.shape import CURIES, front_url, rest_url

Asked = Request[Any, Any, Any]

# How many linked items an address without `per_page` gives.
_PAGE = 10
_ALWAYS, _NOT_EMBEDDED = ["view", "embed", "edit"], ["view", "edit"]


def schema_of(taxonomy: Taxonomy, keys: Sequence[SubjectMeta] = ()) -> dict[str, Any]:
    """The JSON schema of its terms, with the registered keys of their meta."""
    parent = {"type": "integer", "context": _NOT_EMBEDDED, "description": "The parent term ID."}
    properties: dict[str, Any] = {
        "id": {"type": "integer", "context": _ALWAYS, "readonly": True},
        "count": {
            "description": "Number of published posts for the term.",
            "type": "integer",
            "context": _NOT_EMBEDDED,
            "readonly": True,
        },
        "description": {"type": "string", "context": _NOT_EMBEDDED},
        "link": {"type": "string", "format": "uri", "context": _ALWAYS, "readonly": True},
        "name": {"type": "string", "context": _ALWAYS, "required": True},
        "slug": {"type": "string", "context": _ALWAYS},
        "taxonomy": {
            "type": "string",
            "enum": [taxonomy.name],
            "context": _ALWAYS,
            "readonly": True,
        },
        **({"parent": parent} if taxonomy.is_hierarchical else {}),
        "meta": {"type": "object", "context": _NOT_EMBEDDED, "properties": {}},
    }
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "tag" if taxonomy.name == "post_tag" else taxonomy.name,
        "type": "object",
        "properties": properties,
    }
    return subject_meta.with_schema(schema, keys)


async def bodies(
    request: Asked,
    work: UnitOfWork,
    taxonomy: Taxonomy,
    views: Sequence[TermView],
    context: str,
) -> list[dict[str, Any]]:
    """One body for each term; the values of their fields are read for all of them at once."""
    added = await acf.of_terms(request, work, taxonomy, [view.term for view in views])
    return [
        {
            **_body(request, work, taxonomy, view, context),
            **fields.fields,
            "_links": fields.beside(_links(_places(request, work, taxonomy), view.term)),
        }
        for view, fields in zip(views, added, strict=True)
    ]


async def body_of(
    request: Asked, work: UnitOfWork, taxonomy: Taxonomy, view: TermView, context: str
) -> dict[str, Any]:
    return (await bodies(request, work, taxonomy, [view], context))[0]


def _body(
    request: Asked,
    work: UnitOfWork,
    taxonomy: Taxonomy,
    view: TermView,
    context: str,
) -> dict[str, Any]:
    term, places = view.term, _places(request, work, taxonomy)
    body: dict[str, Any] = {"id": term.id}
    if context != "embed":
        body |= {"count": view.count, "description": term.description}
    body |= {
        "link": places.front + term_path(taxonomy, term),
        "name": escaped(term.name),
        "slug": term.slug,
        "taxonomy": taxonomy.name,
    }
    if context != "embed":
        if taxonomy.is_hierarchical:
            body["parent"] = term.parent_id or 0
        keys = work.registry.subject_meta("term", taxonomy.name)
        # PHP has one kind of array: an empty object leaves as an empty list.
        body["meta"] = subject_meta.shown(keys, term.meta, context) or []
    return body


@dataclass(frozen=True)
class _Places:
    """What the addresses of the terms of a taxonomy begin with, worked out once for a request."""

    front: str
    base: str
    about: str
    listed: tuple[str, ...]


def _places(request: Asked, work: UnitOfWork, taxonomy: Taxonomy) -> _Places:
    known: dict[str, _Places] = request.scope["state"].setdefault("places_of_terms", {})
    found = known.get(taxonomy.name)
    if found is None:
        found = known[taxonomy.name] = _Places(
            front_url(request, work.tenant.site),
            rest_url(request, f"/wp/v2/{taxonomy.rest_base}"),
            rest_url(request, f"/wp/v2/taxonomies/{taxonomy.name}"),
            tuple(
                rest_url(request, f"/wp/v2/{one.rest_base}?{taxonomy.rest_base}=")
                for one in types_of(work.registry, taxonomy)
            ),
        )
    return found


def _links(places: _Places, term: Term) -> dict[str, Any]:
    links: dict[str, Any] = {
        "self": [{"href": f"{places.base}/{term.id}"}],
        "collection": [{"href": places.base}],
        "about": [{"href": places.about}],
    }
    if term.parent_id:
        links["up"] = [{"embeddable": True, "href": f"{places.base}/{term.parent_id}"}]
    if places.listed:
        links["wp:post_type"] = [{"href": f"{listed}{term.id}"} for listed in places.listed]
    links["curies"] = CURIES
    return links


def types_of(registry: Registry, taxonomy: Taxonomy) -> list[PostType]:
    """The types whose posts are filed under its terms."""
    return [
        one
        for one in registry.post_types.values()
        if one.name in taxonomy.post_types or taxonomy.name in one.taxonomies
    ]


def embeds(registry: Registry) -> tuple[Embeddable, ...]:
    """What posts and search results bring along: the terms of a post, and a term by itself."""
    return tuple(
        embeddable
        for taxonomy in registry.taxonomies.values()
        if taxonomy.rest_controller == "terms"
        for embeddable in (
            Embeddable(f"/wp/v2/{taxonomy.rest_base}?post={{id}}", _of_posts(taxonomy)),
            Embeddable(f"/wp/v2/{taxonomy.rest_base}/{{id}}", _by_id(taxonomy)),
        )
    )


def _of_posts(taxonomy: Taxonomy) -> Loader:
    async def load(request: Asked, work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
        # All taxonomies are read with the first one that is asked for.
        known = request.scope["state"].setdefault("terms_of_posts", {})
        asked = frozenset(ids)
        if asked not in known:
            known[asked] = await terms.of_posts_by_taxonomy(work, ids)
            of_posts = (views for one in known[asked].values() for views in one.values())
            shown = [view.term for views in of_posts for view in views[:_PAGE]]
            await acf.look_ahead(request, work, shown)
        found = known[asked].get(taxonomy.name, {})
        return {
            post_id: await bodies(request, work, taxonomy, found.get(post_id, ())[:_PAGE], "embed")
            for post_id in ids
        }

    return load


def _by_id(taxonomy: Taxonomy) -> Loader:
    async def load(request: Asked, work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
        found = await terms.some(work, taxonomy, ids)
        missing = RestError("rest_term_invalid", "Term does not exist.", 404)
        shown = await bodies(request, work, taxonomy, list(found.values()), "embed")
        return dict.fromkeys(ids, missing) | {one["id"]: one for one in shown}

    return load
