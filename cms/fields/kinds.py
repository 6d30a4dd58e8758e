"""The kinds of things that have fields, and where location rules find each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cms.content.draft import Draft
from cms.content.permissions import may_edit
from cms.content.reading import PostView
from cms.fields.drafts import place_of
from cms.fields.locations import Place
from cms.fields.values import PART, stored
from cms.kernel.actors import Actor
from cms.kernel.declarations import PostType

POST, TERM, USER, COMMENT, OPTION = "post", "term", "user", "comment", "option"

# Which parameter the name of a kind answers.
_NAMED_BY = {POST: "post_type", TERM: "taxonomy", COMMENT: "comment", OPTION: "options_page"}

Facts = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Kind:
    """The posts of a type, the terms of a taxonomy, people, the comments on a type of post, or an
    options page. `name` is that of the type, the taxonomy or the page; empty for people, and for
    comments wherever they stand."""

    subject: str
    name: str = ""

    def place(self, facts: Facts | None = None) -> Place:
        """The place of such a thing, of which so much is known."""
        param = _NAMED_BY.get(self.subject)
        own = {param: frozenset({self.name})} if param and self.name else {}
        return Place(self.subject, {**own, **(facts or {})})


PEOPLE, COMMENTS = Kind(USER), Kind(COMMENT)


@dataclass(frozen=True)
class Subject:
    """One thing whose fields are shown or changed: what location rules may ask of it and whether
    the actor may change it, which are found out only where that matters, and its stored values.
    `is_closed`: a reader who must give a password first."""

    facts: Callable[[], Facts]
    edits: Callable[[], bool]
    values: Mapping[str, Any]
    is_closed: bool = False


def of_actor(actor: Actor) -> Facts:
    """What rules may ask of who asks."""
    signed_in = frozenset({"viewing_front"} if actor.is_anonymous else {"logged_in"})
    return {"current_user": signed_in, "current_user_role": frozenset(actor.roles)}


def of_post(
    actor: Actor, post_type: PostType, view: PostView, *, is_closed: bool = False
) -> Subject:
    """A post by the revision that is shown."""
    return Subject(
        lambda: facts_of_post(view),
        lambda: may_edit(actor, post_type, view.post),
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
