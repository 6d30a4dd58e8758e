"""Things with fields as the plans of their kind look at them: posts, media, terms, people,
comments, options pages."""

from collections.abc import Mapping
from typing import Any

from cms.content.attachment_reading import MediaView
from cms.content.comment_reading import CommentView
from cms.content.comment_rules import moderates
from cms.content.draft import Draft
from cms.content.permissions import may_edit
from cms.content.reading import PostView
from cms.content.term_editing import may_edit as may_edit_terms
from cms.database.work import UnitOfWork
from cms.fields.drafts import place_of
from cms.fields.kinds import COMMENT, Facts, Subject
from cms.fields.subject_values import Kept
from cms.fields.values import PART, stored
from cms.kernel.declarations import PostType, Taxonomy


def of_post(
    work: UnitOfWork, post_type: PostType, view: PostView, *, is_closed: bool = False
) -> Subject:
    """A post by the revision that is shown. `is_closed`: this reader must give its password."""
    return Subject(
        lambda: facts_of_post(view),
        lambda: may_edit(work.actor, post_type, view.post),
        stored(view.part(PART)),
        is_closed,
    )


def facts_of_post(view: PostView) -> Facts:
    """What rules may ask of a post: as of the draft that would save this revision again. Its text
    is not asked for, and lists come without it."""
    revision = view.revision
    return place_of(
        Draft(
            post_type=view.post.post_type,
            language=revision.language,
            author_id=revision.author_id,
            slug=revision.slug,
            featured_media=revision.featured_media,
            template=revision.template,
            terms=revision.terms,
            meta=revision.meta,
        )
    ).facts


def of_medium(work: UnitOfWork, own_type: PostType, media: MediaView) -> Subject:
    """An attachment: rules may ask for its kind of file, whole or the first word of it."""
    mime = media.record.mime_type
    kinds = {"attachment": frozenset({mime, mime.partition("/")[0]})}
    subject = of_post(work, own_type, media.view)
    return Subject(lambda: {**subject.facts(), **kinds}, subject.edits, subject.values)


def of_term(work: UnitOfWork, taxonomy: Taxonomy, values: Mapping[str, Any]) -> Subject:
    """A term of the taxonomy."""
    return Subject(dict, lambda: may_edit_terms(work, taxonomy), values)


def of_person(work: UnitOfWork, user_id: int, kept: Kept) -> Subject:
    """A person; her roles are known where rules ask for them."""
    return Subject(
        lambda: {"user_role": frozenset(kept.roles)},
        lambda: may_edit_person(work, user_id),
        kept.values,
    )


def may_edit_person(work: UnitOfWork, user_id: int) -> bool:
    return user_id == work.actor.user_id or work.actor.has("edit_users")


def of_comment(work: UnitOfWork, view: CommentView, values: Mapping[str, Any]) -> Subject:
    """A comment, of which rules may ask on what type of post it stands."""
    return Subject(
        lambda: {COMMENT: frozenset({view.post.post_type})},
        lambda: moderates(work, view.post),
        values,
    )


def of_page(work: UnitOfWork, values: Mapping[str, Any]) -> Subject:
    """An options page."""
    return Subject(dict, lambda: work.actor.has("manage_options"), values)
