"""Things with fields as the plans of their kind look at them: posts, media, terms, people,
comments, options pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.content.attachment_reading import MediaView
from cms.content.comment_reading import CommentView
from cms.content.comment_rules import moderates
from cms.content.permissions import may_edit
from cms.content.reading import PostView
from cms.content.term_editing import may_edit as may_edit_terms
from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.filing import loaded_terms
from cms.fields.kinds import COMMENTS, OPTION, PEOPLE, POST, TERM, USER, Kind, Subject
from cms.fields.locations import NONE, Place
from cms.fields.places import (
    facts_of_actor,
    place_of_comment,
    place_of_options_page,
    place_of_term,
    places_of_posts,
)
from cms.fields.plans import possible
from cms.fields.subject_values import Kept
from cms.fields.values import values_in
from cms.kernel.declarations import PostType


async def of_posts(
    work: UnitOfWork,
    post_type: PostType,
    views: Sequence[PostView],
    *,
    closed: frozenset[int] = frozenset(),
    edits: bool = False,
) -> list[Subject]:
    """Posts, each by the revision that is shown. `closed` are those whose password this reader must
    give first; `edits`: an editor looks."""
    kind = Kind(POST, post_type.name)
    places: Sequence[Place | None] = [None] * len(views)
    if possible(work, kind).asks:
        places = await places_of_posts(work, fields_of_site(work), views, edits=edits)
    return [
        _of_post(work, post_type, view, place, is_closed=view.id in closed)
        for view, place in zip(views, places, strict=True)
    ]


async def of_post(work: UnitOfWork, post_type: PostType, view: PostView) -> Subject:
    """One post for somebody who works with it."""
    return (await of_posts(work, post_type, [view], edits=True))[0]


def _of_post(
    work: UnitOfWork,
    post_type: PostType,
    view: PostView,
    place: Place | None,
    *,
    is_closed: bool = False,
) -> Subject:
    living = work.tenant.declared.living
    return Subject(
        lambda: may_edit(work.actor, post_type, view.post),
        lambda fields: loaded_terms(
            fields, values_in(view.revision.parts, fields), view.revision.terms, living
        ),
        place,
        is_closed,
    )


def of_medium(work: UnitOfWork, own_type: PostType, media: MediaView) -> Subject:
    """An attachment: rules may ask for its kind of file, whole or the first word of it."""
    mime = media.record.mime_type
    facts = {
        **facts_of_actor(work, edits=False),
        "post_type": frozenset({own_type.name}),
        "attachment": frozenset({mime, mime.partition("/")[0]}),
    }
    return _of_post(work, own_type, media.view, Place(POST, facts))


def of_term(work: UnitOfWork, taxonomy: Any, values: Mapping[str, Any]) -> Subject:
    """A term of the taxonomy."""
    edits = may_edit_terms(work, taxonomy)
    asks = possible(work, Kind(TERM, taxonomy.name)).asks
    place = place_of_term(work, taxonomy.name, edits=edits) if asks else None
    return Subject(lambda: edits, lambda _: values, place)


def asks_roles(work: UnitOfWork) -> bool:
    """Whether rules of this site ask for the roles of people."""
    return "user_role" in possible(work, PEOPLE).asks


def of_person(work: UnitOfWork, user_id: int, kept: Kept) -> Subject:
    """A person; her roles are known where rules ask for them."""
    edits = user_id == work.actor.user_id or work.actor.has("edit_users")
    place = None
    if possible(work, PEOPLE).asks:
        roles = frozenset(kept.roles or {NONE})
        place = Place(USER, {**facts_of_actor(work, edits=edits), "user_role": roles})
    return Subject(lambda: edits, lambda _: kept.values, place)


def of_comment(work: UnitOfWork, view: CommentView, values: Mapping[str, Any]) -> Subject:
    """A comment, of which rules may ask on what type of post it stands."""
    place = place_of_comment(work, view.post.post_type) if possible(work, COMMENTS).asks else None
    return Subject(lambda: moderates(work, view.post), lambda _: values, place)


def of_page(work: UnitOfWork, slug: str, values: Mapping[str, Any]) -> Subject:
    """An options page."""
    edits = work.actor.has("manage_options")
    asks = possible(work, Kind(OPTION, slug)).asks
    place = place_of_options_page(work, slug, edits=edits) if asks else None
    return Subject(lambda: edits, lambda _: values, place)
