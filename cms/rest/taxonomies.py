"""The taxonomies: ways of grouping posts."""

from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import Taxonomy
from cms.rest import arguments
from cms.rest.declared_body import (
    ALWAYS,
    CONTEXT_ONLY,
    EDIT,
    NOT_EMBEDDED,
    Asked,
    in_context,
    item_links,
    property_of,
    schema_of,
)
from cms.rest.errors import RestError
from cms.rest.post_arguments import Table
from cms.rest.shape import answer
from cms.rest.term_body import types_of

_REFUSED = "Sorry, you are not allowed to manage terms in this taxonomy."
_VERBS = ("manage", "edit", "delete", "assign")
_PLACES = (
    "public", "publicly_queryable", "show_ui", "show_admin_column", "show_in_nav_menus",
    "show_in_quick_edit",
)  # fmt: skip

_PROPERTIES = {
    "name": property_of("string", ALWAYS, "Its title."),
    "slug": property_of("string", ALWAYS, "Its identifier."),
    "capabilities": property_of("object", EDIT, "All capabilities used by the taxonomy."),
    "description": property_of("string", NOT_EMBEDDED, "What it is for."),
    "labels": property_of("object", EDIT, "Its labels in different places."),
    "types": property_of(
        "array", NOT_EMBEDDED, "The types it is used with.", items={"type": "string"}
    ),
    "show_cloud": property_of("boolean", EDIT, "Whether its terms are shown as a cloud."),
    "hierarchical": property_of("boolean", NOT_EMBEDDED, "Whether its terms form a tree."),
    "rest_base": property_of("string", ALWAYS, "Its route."),
    "rest_namespace": property_of("string", ALWAYS, "The namespace of its route."),
    "visibility": property_of(
        "object",
        EDIT,
        "Where it is offered.",
        properties={name: {"type": "boolean"} for name in _PLACES},
    ),
}
SCHEMA = schema_of("taxonomy", _PROPERTIES)
LIST: Table = {**CONTEXT_ONLY, "type": {"type": "string"}}


@get(
    "/wp/v2/taxonomies", action="taxonomy.list", resource="taxonomy", arguments=LIST, schema=SCHEMA
)
async def list_taxonomies(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    context, of_type = wanted["context"], wanted.get("type")
    listed = [
        taxonomy
        for taxonomy in work.registry.taxonomies.values()
        if not of_type or of_type in _types(work, taxonomy)
    ]
    if context == "edit":
        listed = [taxonomy for taxonomy in listed if _may_assign(work, taxonomy)]
        if not listed:
            raise RestError("rest_cannot_view", _REFUSED, 403)
    return answer(request, {one.name: _body(request, work, one, context) for one in listed})


@get(
    "/wp/v2/taxonomies/{name:str}",
    action="taxonomy.list",
    resource="taxonomy",
    arguments=CONTEXT_ONLY,
    schema=SCHEMA,
)
async def read_taxonomy(request: Asked, work: UnitOfWork, name: str) -> Response[bytes]:
    context = (await arguments.read(request, CONTEXT_ONLY))["context"]
    taxonomy = work.registry.taxonomies.get(name)
    if taxonomy is None:
        raise NotFound("taxonomy", name)
    require(context != "edit" or _may_assign(work, taxonomy), "taxonomy.context", _REFUSED)
    return answer(request, _body(request, work, taxonomy, context))


def _may_assign(work: UnitOfWork, taxonomy: Taxonomy) -> bool:
    return not work.actor.is_anonymous and work.actor.has(taxonomy.capability("assign"))


def _types(work: UnitOfWork, taxonomy: Taxonomy) -> list[str]:
    return [one.name for one in types_of(work.registry, taxonomy)]


def _body(request: Asked, work: UnitOfWork, one: Taxonomy, context: str) -> dict[str, Any]:
    named = zip(_VERBS, one.capabilities, strict=True)
    body = {
        "name": one.label,
        "slug": one.name,
        "capabilities": {f"{verb}_terms": capability for verb, capability in named},
        "description": one.description,
        "labels": labels_of(one),
        "types": _types(work, one),
        "show_cloud": one.is_public,
        "hierarchical": one.is_hierarchical,
        "rest_base": one.rest_base,
        "rest_namespace": "wp/v2",
        "visibility": {
            "public": one.is_public,
            "publicly_queryable": one.is_public,
            "show_admin_column": True,
            "show_in_nav_menus": one.is_public,
            "show_in_quick_edit": True,
            "show_ui": True,
        },
    }
    links = item_links(request, "taxonomies", one.rest_base)
    return {**in_context(body, _PROPERTIES, context), "_links": links}


def labels_of(taxonomy: Taxonomy) -> dict[str, str | None]:
    """What its terms are called in different places, made from its two names."""
    many, one = taxonomy.label, taxonomy.singular or taxonomy.label
    few, is_tree = many.lower(), taxonomy.is_hierarchical
    return {
        "name": many,
        "singular_name": one,
        "search_items": f"Search {many}",
        "popular_items": None if is_tree else f"Popular {many}",
        "all_items": f"All {many}",
        "parent_item": f"Parent {one}" if is_tree else None,
        "parent_item_colon": f"Parent {one}:" if is_tree else None,
        "name_field_description": "The name is how it appears on your site.",
        "slug_field_description": "The slug is the name in the address of its page.",
        "parent_field_description": "The term above it." if is_tree else None,
        "desc_field_description": "Shown by some themes only.",
        "edit_item": f"Edit {one}",
        "view_item": f"View {one}",
        "update_item": f"Update {one}",
        "add_new_item": f"Add New {one}",
        "new_item_name": f"New {one} Name",
        "separate_items_with_commas": None if is_tree else f"Separate {few} with commas",
        "add_or_remove_items": None if is_tree else f"Add or remove {few}",
        "choose_from_most_used": None if is_tree else f"Choose from the most used {few}",
        "not_found": f"No {few} found.",
        "no_terms": f"No {few}",
        "filter_by_item": f"Filter by {one.lower()}" if is_tree else None,
        "items_list_navigation": f"{many} list navigation",
        "items_list": f"{many} list",
        "most_used": "Most Used",
        "back_to_items": f"← Go to {many}",
        "item_link": f"{one} Link",
        "item_link_description": f"A link to a {one.lower()}.",
        "menu_name": many,
        "name_admin_bar": taxonomy.name,
    }


TAXONOMY_ROUTES: list[HTTPRouteHandler] = [list_taxonomies, read_taxonomy]
