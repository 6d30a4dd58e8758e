"""Posts that other bodies link to: a page above, the target of a menu, what a comment is on."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from litestar import Request

from cms.content import posts, reading
from cms.content.permissions import may_read
from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.errors import PolicyDenied, StepUpRequired
from cms.kernel.registry import Registry
from cms.rest.embedding import Embeddable
from cms.rest.errors import RestError
from cms.rest.posts import PostResource

Asked = Request[Any, Any, Any]


def embeds(registry: Registry) -> tuple[Embeddable, ...]:
    """One form of address for each type that the common routes serve."""
    served = (one for one in registry.post_types.values() if one.rest_controller == "posts")
    return tuple(
        Embeddable(
            f"/wp/v2/{post_type.rest_base}/{{id}}",
            partial(_load, PostResource.of(registry, post_type)),
        )
        for post_type in served
    )


async def _load(
    resource: PostResource, request: Asked, work: UnitOfWork, ids: Sequence[int]
) -> Mapping[int, Any]:
    views = await reading.some(work, resource.post_type, ids)
    refused = {view.id: await _refusal(resource, work, view) for view in views}
    shown = [view for view in views if refused[view.id] is None]
    bodies = await resource.presenter(request, work).bodies(shown, "embed")
    found: dict[int, Any] = dict(zip((view.id for view in shown), bodies, strict=True))
    missing = RestError("rest_post_invalid_id", "Invalid post ID.", 404)
    return {one: found.get(one) or refused.get(one) or missing for one in ids}


async def _refusal(resource: PostResource, work: UnitOfWork, view: PostView) -> RestError | None:
    """What the address of this post would answer to somebody who may not read it."""
    forbidden = RestError("rest_forbidden", "Sorry, you are not allowed to do that.", 403)
    if not may_read(work.actor, resource.post_type, view.post):
        return forbidden
    try:
        await work.decide("post.read", "post", view.id, posts.facts(view.post))
    except (PolicyDenied, StepUpRequired):
        return forbidden
    return None
