"""The key `acf` of a body: the values of custom fields as ACF's own REST form gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request

from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.filing import loaded_terms
from cms.fields.locations import Place
from cms.fields.showing import Addresses, Form, Shown, known_to, show
from cms.fields.values import PART, stored
from cms.kernel.declarations import PostType
from cms.rest import acf_links
from cms.rest.media_body import uploads_url
from cms.rest.post_fields import is_closed
from cms.rest.shape import front_url

ARGUMENT = "acf"


def form_of(request: Request[Any, Any, Any]) -> Form:
    """`acf_format` of the request: light unless it says standard."""
    asked = request.query_params.get("acf_format", "")
    return Form.STANDARD if asked == Form.STANDARD else Form.LIGHT


@dataclass(frozen=True)
class Custom:
    """What custom fields add to a body: the key `acf` where there is one, and links."""

    fields: dict[str, Any]
    links: dict[str, Any]


async def of_posts(
    request: Request[Any, Any, Any],
    work: UnitOfWork,
    post_type: PostType,
    views: Sequence[PostView],
    context: str,
) -> list[Custom]:
    """What each body gets: nothing where no field of the type is shown in REST, else `acf`, which
    is an empty list when it is empty, as PHP writes an empty object."""
    site = fields_of_site(work)
    place = Place("post", {"post_type": frozenset({post_type.name})})
    fields = [one for one, group in site.fields_for(place).values() if group.is_shown_in_rest]
    if not fields:
        return [Custom({}, {}) for _ in views]
    living = work.tenant.declared.living
    subjects: list[Shown] = [
        (fields, loaded_terms(fields, stored(view.part(PART)), view.revision.terms, living))
        if not is_closed(view, context)
        else ([], {})
        for view in views
    ]
    form = form_of(request)
    known = await known_to(work, site, subjects, form)
    values = await show(work, site, subjects, form, addresses=addresses(request, work), known=known)
    links = acf_links.of(request, site, subjects, known)
    return [Custom({ARGUMENT: one or []}, added) for one, added in zip(values, links, strict=True)]


def addresses(request: Request[Any, Any, Any], work: UnitOfWork) -> Addresses:
    """Where readers get pages and files."""
    return Addresses(front_url(request, work.tenant.site), uploads_url(request))
