"""The key `acf` of a body: the values of custom fields as ACF's own REST form gives them, to each
reader those that she may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.content.attachment_reading import MediaView
from cms.content.comment_reading import CommentView
from cms.content.models import Post, Rendering, Revision, Term
from cms.content.reading import PostView
from cms.database.work import UnitOfWork
from cms.fields import subject_values
from cms.fields.drafts import fields_of_site
from cms.fields.kinds import COMMENTS, PEOPLE, POST, TERM, Kind, Subject
from cms.fields.plans import plans_of, possible
from cms.fields.showing import Addresses, Form, Shown, known_to, show
from cms.fields.subject_values import Kept
from cms.fields.subjects import asks_roles, of_comment, of_medium, of_person, of_term
from cms.fields.subjects import of_posts as of_posts_in
from cms.identity.models import User
from cms.kernel.declarations import PostType, Taxonomy
from cms.rest import acf_links
from cms.rest.post_fields import is_closed
from cms.rest.shape import Asked, front_url, uploads_url

ARGUMENT = "acf"
FORMAT_ARGUMENT = "acf_format"
FORMAT = {
    "description": "As fields are stored, or as their `return_format` says.",
    "type": "string",
    "enum": [Form.LIGHT.value, Form.STANDARD.value],
    "default": Form.LIGHT.value,
}
MEDIA = Kind(POST, "attachment")


@dataclass(frozen=True)
class Custom:
    """What custom fields add to a body: the key `acf` where there is one, and links to what its
    values name."""

    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Any] = field(default_factory=dict)

    def beside(self, links: Mapping[str, Any]) -> dict[str, Any]:
        """The links of a body with these, before the word list, which stands last."""
        return acf_links.beside(links, self.links)


Added = list[Custom]
_KEPT = "field_values"


def form_of(request: Asked) -> Form:
    """`acf_format` of the request: light unless it says standard."""
    asked = request.query_params.get(FORMAT_ARGUMENT, "")
    return Form.STANDARD if asked == Form.STANDARD else Form.LIGHT


def is_shown(work: UnitOfWork, kind: Kind) -> bool:
    """Whether this site shows fields of such things through /wp-json."""
    return possible(work, kind).is_in_rest


async def of_posts(
    request: Asked,
    work: UnitOfWork,
    post_type: PostType,
    views: Sequence[PostView],
    context: str,
) -> Added:
    """What each body gets: nothing where no field of the type is shown in REST, else `acf`, which
    is an empty list when it is empty, as PHP writes an empty object."""
    kind = Kind(POST, post_type.name)
    if not is_shown(work, kind):
        return [Custom() for _ in views]
    closed = frozenset(view.id for view in views if is_closed(view, context))
    edits = context == "edit"
    subjects = await of_posts_in(work, post_type, views, closed=closed, edits=edits)
    return await _added(request, work, kind, subjects)


async def of_revisions(
    request: Asked,
    work: UnitOfWork,
    post_type: PostType,
    post: Post,
    revisions: Sequence[tuple[Revision, Rendering]],
) -> Added:
    """The same for revisions of a post, each by its own values."""
    views = [PostView(post, revision, rendering) for revision, rendering in revisions]
    return await of_posts(request, work, post_type, views, "edit")


async def of_media(request: Asked, work: UnitOfWork, views: Sequence[MediaView]) -> Added:
    """The same for attachments."""
    if not is_shown(work, MEDIA):
        return [Custom() for _ in views]
    own_type = work.registry.post_types[MEDIA.name]
    return await _added(request, work, MEDIA, [of_medium(work, own_type, one) for one in views])


async def of_terms(
    request: Asked, work: UnitOfWork, taxonomy: Taxonomy, terms: Sequence[Term]
) -> Added:
    """The same for terms of one taxonomy."""
    kind = Kind(TERM, taxonomy.name)
    if not is_shown(work, kind):
        return [Custom() for _ in terms]
    kept = await values_of(request, work, kind, [term.id for term in terms])
    subjects = [of_term(work, taxonomy, kept[term.id].values) for term in terms]
    return await _added(request, work, kind, subjects)


async def look_ahead(request: Asked, work: UnitOfWork, terms: Sequence[Term]) -> None:
    """Read the values of terms of several taxonomies in one statement, for the bodies to come."""
    shown = {name for name in {term.taxonomy for term in terms} if is_shown(work, Kind(TERM, name))}
    ids = [term.id for term in terms if term.taxonomy in shown]
    if ids:
        await values_of(request, work, Kind(TERM), ids)


async def of_people(request: Asked, work: UnitOfWork, users: Sequence[User]) -> Added:
    """The same for people."""
    if not is_shown(work, PEOPLE):
        return [Custom() for _ in users]
    kept = await values_of(request, work, PEOPLE, [user.id for user in users])
    return await _added(
        request, work, PEOPLE, [of_person(work, user.id, kept[user.id]) for user in users]
    )


async def of_comments(request: Asked, work: UnitOfWork, views: Sequence[CommentView]) -> Added:
    """The same for comments, on whatever they stand."""
    if not is_shown(work, COMMENTS):
        return [Custom() for _ in views]
    kept = await values_of(request, work, COMMENTS, [view.comment.id for view in views])
    return await _added(
        request,
        work,
        COMMENTS,
        [of_comment(work, view, kept[view.comment.id].values) for view in views],
    )


async def values_of(
    request: Asked, work: UnitOfWork, kind: Kind, ids: Sequence[int]
) -> dict[int, Kept]:
    """The stored values of these things, read once for a request, which may show them twice."""
    memory: dict[str, dict[int, Kept]] = request.scope["state"].setdefault(_KEPT, {})
    known = memory.setdefault(kind.subject, {})
    missing = [one for one in dict.fromkeys(ids) if one not in known]
    if missing:
        with_roles = kind == PEOPLE and asks_roles(work)
        known |= await subject_values.of_many(work, kind.subject, missing, with_roles=with_roles)
    return known


async def _added(
    request: Asked, work: UnitOfWork, kind: Kind, subjects: Sequence[Subject]
) -> Added:
    site = fields_of_site(work)
    shown: list[Shown] = []
    for subject, plan in zip(subjects, plans_of(work, kind, subjects), strict=True):
        stored = subject.values(plan.shown)
        # Only what this reader gets is looked at any further.
        shown.append((plan.shown, {n: stored[n] for n in plan.fields if n in stored}))
    form = form_of(request)
    known = await known_to(work, site, shown, form)
    places = Addresses(front_url(request, work.tenant.site), uploads_url(request))
    values = await show(work, site, shown, form, addresses=places, known=known)
    links = acf_links.of(request, site, shown, known)
    return [Custom({ARGUMENT: one or []}, more) for one, more in zip(values, links, strict=True)]
