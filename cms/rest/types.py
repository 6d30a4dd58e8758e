"""The types of content."""

from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content.permissions import require
from cms.content.posts import ATTACHMENT
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import PostType, Taxonomy
from cms.kernel.registry import Registry
from cms.rest import arguments
from cms.rest.declared_body import (
    ALWAYS,
    CONTEXT_ONLY,
    EDIT,
    NOT_EMBEDDED,
    Asked,
    in_context,
    item_links,
    may_edit_some,
    property_of,
    schema_of,
)
from cms.rest.errors import RestError
from cms.rest.shape import answer

_REFUSED = "Sorry, you are not allowed to edit posts in this post type."

_PROPERTIES = {
    "capabilities": property_of("object", EDIT, "All capabilities used by the post type."),
    "description": property_of("string", NOT_EMBEDDED, "What the type is for."),
    "hierarchical": property_of("boolean", NOT_EMBEDDED, "Whether its posts form a tree."),
    "has_archive": property_of(
        ["string", "boolean"], NOT_EMBEDDED, "The address of its archive, or whether it has one."
    ),
    "visibility": property_of(
        "object",
        EDIT,
        "Where the type is offered.",
        properties={"show_ui": {"type": "boolean"}, "show_in_nav_menus": {"type": "boolean"}},
    ),
    "viewable": property_of("boolean", EDIT, "Whether the public reads its posts."),
    "labels": property_of("object", EDIT, "Its labels in different places."),
    "name": property_of("string", ALWAYS, "Its title."),
    "slug": property_of("string", ALWAYS, "Its identifier."),
    "icon": property_of(["string", "null"], ALWAYS, "Its icon."),
    "supports": property_of("object", EDIT, "What its posts have."),
    "taxonomies": property_of(
        "array", NOT_EMBEDDED, "How its posts are grouped.", items={"type": "string"}
    ),
    "rest_base": property_of("string", ALWAYS, "Its route."),
    "rest_namespace": property_of("string", ALWAYS, "The namespace of its route."),
}
SCHEMA = schema_of("type", _PROPERTIES)


@get("/wp/v2/types", action="type.list", resource="type", arguments=CONTEXT_ONLY, schema=SCHEMA)
async def list_types(request: Asked, work: UnitOfWork) -> Response[bytes]:
    context = (await arguments.read(request, CONTEXT_ONLY))["context"]
    if context == "edit" and not may_edit_some(work):
        raise RestError("rest_cannot_view", _REFUSED, 403)
    shown = {
        one.name: _body(request, work, one, context)
        for one in work.registry.post_types.values()
        if context != "edit" or work.actor.has(one.capability("edit"))
    }
    return answer(request, shown)


@get(
    "/wp/v2/types/{name:str}",
    action="type.list",
    resource="type",
    arguments=CONTEXT_ONLY,
    schema=SCHEMA,
)
async def read_type(request: Asked, work: UnitOfWork, name: str) -> Response[bytes]:
    context = (await arguments.read(request, CONTEXT_ONLY))["context"]
    post_type = work.registry.post_types.get(name)
    if post_type is None:
        raise NotFound("post type", name)
    edits = not work.actor.is_anonymous and work.actor.has(post_type.capability("edit"))
    require(context != "edit" or edits, "post.context", _REFUSED)
    return answer(request, _body(request, work, post_type, context))


def _body(request: Asked, work: UnitOfWork, one: PostType, context: str) -> dict[str, Any]:
    body = {
        "capabilities": capabilities_of(one),
        "description": one.description,
        "hierarchical": one.is_hierarchical,
        "has_archive": one.has_archive,
        "visibility": {
            "show_in_nav_menus": one.is_public and one.name != ATTACHMENT,
            "show_ui": True,
        },
        "viewable": one.is_public,
        "labels": labels_of(one),
        "name": one.label,
        "slug": one.name,
        "icon": one.icon,
        "supports": dict.fromkeys(one.supports, True),
        "taxonomies": [taxonomy.name for taxonomy in taxonomies_of(work.registry, one)],
        "rest_base": one.rest_base,
        "rest_namespace": "wp/v2",
    }
    links = item_links(request, "types", one.rest_base)
    return {**in_context(body, _PROPERTIES, context), "_links": links}


def taxonomies_of(registry: Registry, post_type: PostType) -> list[Taxonomy]:
    """The taxonomies that its posts are grouped by."""
    return [
        taxonomy
        for taxonomy in registry.taxonomies.values()
        if taxonomy.name in post_type.taxonomies or post_type.name in taxonomy.post_types
    ]


def capabilities_of(post_type: PostType) -> dict[str, str]:
    """WordPress's names of what can be done, each with the capability of this type."""
    single = post_type.capability_type[0]
    own = {f"{verb}_post": f"{verb}_{single}" for verb in ("edit", "read", "delete")}
    verbs = ("edit", "edit_others", "delete", "publish", "read_private")
    more = (
        "delete_private",
        "delete_published",
        "delete_others",
        "edit_private",
        "edit_published",
    )
    return {
        **own,
        **{f"{verb}_posts": post_type.capability(verb) for verb in verbs},
        "read": post_type.capabilities.get("read", "read"),
        **{f"{verb}_posts": post_type.capability(verb) for verb in more},
        "create_posts": "upload_files"
        if post_type.name == ATTACHMENT
        else post_type.capabilities.get("create") or post_type.capability("edit"),
    }


def labels_of(post_type: PostType) -> dict[str, str | None]:
    """What the type is called in different places, made from its two names."""
    many, one = post_type.label, post_type.singular or post_type.label
    lower, few = one.lower(), many.lower()
    return {
        "name": many,
        "singular_name": one,
        "add_new": "Add New",
        "add_new_item": f"Add New {one}",
        "edit_item": f"Edit {one}",
        "new_item": f"New {one}",
        "view_item": f"View {one}",
        "view_items": f"View {many}",
        "search_items": f"Search {many}",
        "not_found": f"No {few} found.",
        "not_found_in_trash": f"No {few} found in Trash.",
        "parent_item_colon": f"Parent {one}:" if post_type.is_hierarchical else None,
        "all_items": f"All {many}",
        "archives": f"{one} Archives",
        "attributes": f"{one} Attributes",
        "insert_into_item": f"Insert into {lower}",
        "uploaded_to_this_item": f"Uploaded to this {lower}",
        "featured_image": "Featured image",
        "set_featured_image": "Set featured image",
        "remove_featured_image": "Remove featured image",
        "use_featured_image": "Use as featured image",
        "filter_items_list": f"Filter {few} list",
        "filter_by_date": "Filter by date",
        "items_list_navigation": f"{many} list navigation",
        "items_list": f"{many} list",
        "item_published": f"{one} published.",
        "item_published_privately": f"{one} published privately.",
        "item_reverted_to_draft": f"{one} reverted to draft.",
        "item_scheduled": f"{one} scheduled.",
        "item_updated": f"{one} updated.",
        "item_link": f"{one} Link",
        "item_link_description": f"A link to a {lower}.",
        "menu_name": many,
        "name_admin_bar": one,
    }


TYPE_ROUTES: list[HTTPRouteHandler] = [list_types, read_type]
