"""All routes under /wp-json, made from what the host and its plugins declare."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from cms.kernel.declarations import PostType
from cms.kernel.registry import Registry
from cms.rest import comment_body, media_body, post_embeds, site_parts, term_body, user_body
from cms.rest.application_passwords import APPLICATION_PASSWORD_ROUTES
from cms.rest.autosaves import autosave_routes
from cms.rest.batch import BATCH_ROUTES
from cms.rest.comments import comment_routes
from cms.rest.embedding import Embeddable
from cms.rest.index import INDEX_ROUTES, describing
from cms.rest.media import media_routes
from cms.rest.media_edits import media_edit_routes
from cms.rest.posts import PostResource, post_routes
from cms.rest.revisions import revision_routes
from cms.rest.search import search_routes
from cms.rest.settings import SETTINGS_ROUTES
from cms.rest.site_parts import part_routes
from cms.rest.statuses import STATUS_ROUTES
from cms.rest.taxonomies import TAXONOMY_ROUTES
from cms.rest.terms import term_routes
from cms.rest.types import TYPE_ROUTES
from cms.rest.users import user_routes


def wordpress_router(registry: Registry) -> Router:
    """The router of the WordPress REST API."""
    handlers = [*INDEX_ROUTES, *BATCH_ROUTES, *user_routes(registry), *APPLICATION_PASSWORD_ROUTES]
    handlers += [*SETTINGS_ROUTES, *comment_routes(registry)]
    handlers += [*TYPE_ROUTES, *TAXONOMY_ROUTES, *STATUS_ROUTES]
    handlers += search_routes(registry)
    for post_type in registry.post_types.values():
        if post_type.rest_controller == "posts":
            handlers += routes_of_type(registry, post_type)
    handlers += [*media_routes(registry), *media_edit_routes()]
    for taxonomy in registry.taxonomies.values():
        if taxonomy.rest_controller == "terms":
            handlers += term_routes(registry, taxonomy)
    handlers += part_routes(registry)
    return described(handlers)


def described(handlers: list[HTTPRouteHandler]) -> Router:
    """The handlers with the OPTIONS answers of their addresses. Those come first, else Litestar
    answers OPTIONS itself. Its own index describes the API; the OpenAPI document of the framework
    is that of /api/v1."""
    every = [*describing(handlers), *handlers]
    return Router("/wp-json", route_handlers=every, include_in_schema=False)


def routes_of_type(registry: Registry, post_type: PostType) -> list[HTTPRouteHandler]:
    """Every route of the posts of one type, declared by the code or by a site."""
    resource = PostResource.of(registry, post_type)
    return [
        *post_routes(resource),
        *revision_routes(post_type),
        *autosave_routes(post_type, resource.write_arguments()),
    ]


def embeddables(registry: Registry) -> list[Embeddable]:
    """Whatever an answer can bring along with `_embed`. The later of two of one form counts."""
    return [
        *post_embeds.embeds(registry),
        *term_body.embeds(registry),
        *user_body.EMBEDS,
        *comment_body.EMBEDS,
        *media_body.EMBEDS,
        *site_parts.EMBEDS,
    ]
