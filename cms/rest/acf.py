"""The key `acf` of a body: the values of custom fields as ACF's own REST form gives them."""

from collections.abc import Sequence
from typing import Any

from litestar import Request

from cms.content.reading import PostView
from cms.content.sealed import owner_of
from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.locations import Place
from cms.fields.sensitive import opened
from cms.fields.showing import Form, show
from cms.fields.values import PART, stored
from cms.kernel.declarations import PostType
from cms.rest.post_fields import is_closed

ARGUMENT = "acf"


def form_of(request: Request[Any, Any, Any]) -> Form:
    """`acf_format` of the request: light unless it says standard."""
    asked = request.query_params.get("acf_format", "")
    return Form.STANDARD if asked == Form.STANDARD else Form.LIGHT


async def of_posts(
    request: Request[Any, Any, Any],
    work: UnitOfWork,
    post_type: PostType,
    views: Sequence[PostView],
    context: str,
) -> list[dict[str, Any]]:
    """What each body gets: nothing where no field of the type is shown in REST, else `acf`, which
    is an empty list when it is empty, as PHP writes an empty object."""
    site = fields_of_site(work)
    place = Place("post", {"post_type": frozenset({post_type.name})})
    fields = [one for one, group in site.fields_for(place).values() if group.is_shown_in_rest]
    if not fields:
        return [{} for _ in views]
    clear = await opened(work, [(owner_of(view.id), stored(view.part(PART))) for view in views])
    subjects = [(fields, values) for values in clear]
    values = await show(work, site, subjects, form_of(request))
    return [
        {ARGUMENT: [] if is_closed(view, context) else one or []}
        for view, one in zip(views, values, strict=True)
    ]
