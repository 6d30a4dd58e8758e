"""All routes under /wp-json, made from what the host and its plugins declare."""

from litestar import Router

from cms.kernel.registry import Registry
from cms.rest import embeds
from cms.rest.batch import BATCH_ROUTES
from cms.rest.embedding import Embeddable
from cms.rest.index import INDEX_ROUTES, describing
from cms.rest.posts import PostResource, post_routes
from cms.rest.revisions import revision_routes
from cms.rest.terms import term_routes
from cms.rest.users import USER_ROUTES


def wordpress_router(registry: Registry) -> Router:
    """The router of the WordPress REST API."""
    handlers = [*INDEX_ROUTES, *BATCH_ROUTES, *USER_ROUTES]
    served = (one for one in registry.post_types.values() if one.rest_controller == "posts")
    for post_type in served:
        handlers += post_routes(PostResource.of(registry, post_type))
        handlers += revision_routes(post_type)
    for taxonomy in registry.taxonomies.values():
        handlers += term_routes(taxonomy)
    # The descriptions come first, else Litestar answers OPTIONS itself. Its own index describes it;
    # the OpenAPI document of the framework is that of /api/v1.
    described = [*describing(handlers), *handlers]
    return Router("/wp-json", route_handlers=described, include_in_schema=False)


def embeddables(registry: Registry) -> list[Embeddable]:
    """Whatever an answer can bring along with `_embed`. The later of two of one form counts."""
    return [*embeds.embeds(registry)]
