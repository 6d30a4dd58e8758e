"""Values of custom fields in our own form, typed the same whatever the settings of a field:
/posts/7/fields, and the same for media, terms, users and comments."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from cms.api.conditions import name_state, require_seen
from cms.api.routing import get, patch, put
from cms.content import attachment_reading, comment_reading, people, posts, reading, saving
from cms.content.attachment_reading import may_read_media
from cms.content.bodies import Beside
from cms.content.models import Post, Term
from cms.content.permissions import may_edit, may_read, require
from cms.content.reading import PostView
from cms.content.saving import Changes
from cms.database.work import UnitOfWork
from cms.errors import Forbidden, NotFound
from cms.fields import own_form
from cms.fields.kinds import COMMENT, COMMENTS, PEOPLE, POST, TERM, USER, Kind, Subject
from cms.fields.own_form import Values, wanted
from cms.fields.showing import Addresses
from cms.fields.subject_values import Kept, Owner, of_one
from cms.fields.subjects import asks_roles, of_comment, of_medium, of_person, of_post, of_term
from cms.fields.values import GROUPS_PART, parts_of
from cms.identity.users import present_user
from cms.kernel.declarations import PostType

Asked = Request[Any, Any, Any]

_MAY_NOT_EDIT = "You are not allowed to change this."


class GroupOut(msgspec.Struct, frozen=True):
    """A group that some of the fields belong to. `version` is that of today, `written_with` the one
    that its values were last saved with, if they were."""

    key: str
    title: str
    version: int
    written_with: int | None


class RevisionOut(msgspec.Struct, frozen=True):
    """Which text of a post the values belong to."""

    id: int
    is_live: bool


class FieldsOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """The values that you may see, by name; a field without a value has its empty one."""

    values: dict[str, Any]
    groups: list[GroupOut]
    revision: RevisionOut | None = None


class FieldsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values by name; null takes one away."""

    values: dict[str, Any]


def groups_out(values: Values, written_with: Mapping[str, int]) -> list[GroupOut]:
    """The groups of the values."""
    return [
        GroupOut(one.key, one.title, one.version, written_with.get(one.key))
        for one in values.groups
    ]


def _addresses(request: Asked, work: UnitOfWork) -> Addresses:
    """Where readers get pages and files, which values name."""
    here = str(request.base_url).rstrip("/")
    uploads = request.app.state.host.settings.media_url.rstrip("/")
    site = work.tenant.site.front_end_url.rstrip("/")
    return Addresses(site or here, uploads or f"{here}/wp-content/uploads")


# -- posts and media


@dataclass(frozen=True)
class _Read:
    """A post as somebody reads it."""

    post_type: PostType
    view: PostView
    subject: Subject

    @property
    def kind(self) -> Kind:
        return Kind(POST, self.post_type.name)


async def _view(work: UnitOfWork, post: Post, *, working: bool) -> _Read:
    """The post with its revision; who may read it is asked here for media only, because that
    follows from the post they hang on."""
    post_type = posts.type_of(work, post)
    if post_type.name != posts.ATTACHMENT:
        view = await reading.one(work, post_type, post.id, working=working)
        return _Read(post_type, view, await of_post(work, post_type, view))
    media = await attachment_reading.one(work, post.id, working=working)
    require(may_read_media(work, media.post, media.parent), "post.read", "You may not read this.")
    return _Read(post_type, media.view, of_medium(work, post_type, media))


async def _shown_post(request: Asked, work: UnitOfWork, read: _Read) -> FieldsOut:
    name_state(request, posts.version(read.view.post))
    values = await own_form.shown(work, read.kind, read.subject, _addresses(request, work))
    written_with = read.view.part(GROUPS_PART)
    return FieldsOut(
        values.values,
        groups_out(values, written_with),
        RevisionOut(read.view.revision.id, read.view.is_live),
    )


@get("/posts/{subject_id:int}/fields", action="post.read", resource="post")
async def read_post_fields(
    request: Asked,
    work: UnitOfWork,
    subject_id: int,
    revision: Literal["live", "working"] = "live",
    password: str = "",
) -> FieldsOut:
    """What readers get, or what editors are working on. A post that was never public has only the
    latter, for those who may edit it."""
    post = await posts.get(work, subject_id)
    post_type, working = posts.type_of(work, post), revision == "working"
    edits = may_edit(work.actor, post_type, post)
    require(edits or not working, "post.edit", "Only who may edit a post reads its working text.")
    is_media = post_type.name == posts.ATTACHMENT
    require(
        is_media or may_read(work.actor, post_type, post), "post.read", "You may not read this."
    )
    if post.password and not edits and not _opens(post, password):
        raise Forbidden("This post is protected; give its password.", action="post.read")
    await work.decide("post.read", "post", post.id, posts.facts(post))
    if not edits and (await work.shape(Beside(post))).is_withdrawn:
        return FieldsOut({}, [])
    return await _shown_post(request, work, await _view(work, post, working=working))


def _opens(post: Post, password: str) -> bool:
    return hmac.compare_digest(password.encode(), post.password.encode())


async def _write_post(
    request: Asked, work: UnitOfWork, post_id: int, data: FieldsIn, *, is_whole: bool
) -> FieldsOut:
    post = await posts.lock(work, post_id)
    require(may_edit(work.actor, posts.type_of(work, post), post), "post.edit", _MAY_NOT_EDIT)
    require_seen(request, posts.version(post))
    read = await _view(work, post, working=True)
    given = wanted(work, read.kind, read.subject, data.values, is_whole=is_whole)
    await saving.edit(work, post, Changes(parts=parts_of(given)))
    await work.session.flush()
    return await _shown_post(request, work, await _view(work, post, working=True))


@put("/posts/{subject_id:int}/fields", action="post.edit", resource="post")
async def replace_post_fields(
    request: Asked, work: UnitOfWork, subject_id: int, data: FieldsIn
) -> FieldsOut:
    """All values of a post. What is left out has none afterwards. For a text that is reviewed, the
    working head changes, and readers keep what they have."""
    return await _write_post(request, work, subject_id, data, is_whole=True)


@patch("/posts/{subject_id:int}/fields", action="post.edit", resource="post")
async def change_post_fields(
    request: Asked, work: UnitOfWork, subject_id: int, data: FieldsIn
) -> FieldsOut:
    """Some values of a post; the others stay."""
    return await _write_post(request, work, subject_id, data, is_whole=False)


# -- terms, people, comments


@dataclass(frozen=True)
class Thing:
    """Something whose values are rows of their own; `facts` are those that policies ask about."""

    kind: Kind
    owner: Owner
    action: str
    subject: Callable[[Kept], Subject]
    facts: Mapping[str, Any] = field(default_factory=dict)


def _with_roles(work: UnitOfWork, thing: Thing) -> bool:
    return thing.kind == PEOPLE and asks_roles(work)


async def shown_thing(request: Asked, work: UnitOfWork, thing: Thing) -> FieldsOut:
    """The values of a thing that may be read."""
    kept = await of_one(work, thing.owner, with_roles=_with_roles(work, thing))
    name_state(request, kept.version())
    subject, addresses = thing.subject(kept), _addresses(request, work)
    values = await own_form.shown(work, thing.kind, subject, addresses)
    return FieldsOut(values.values, groups_out(values, kept.groups))


async def write_thing(
    request: Asked, work: UnitOfWork, thing: Thing, data: FieldsIn, *, is_whole: bool
) -> FieldsOut:
    """Change the values of a thing, if the actor may change it."""
    owner = thing.owner
    require(thing.subject(Kept()).edits(), thing.action, _MAY_NOT_EDIT)
    await work.decide(thing.action, thing.action.partition(".")[0], owner.id, thing.facts)
    kept = await own_form.held(work, owner, with_roles=_with_roles(work, thing))
    require_seen(request, kept.version())
    subject = thing.subject(kept)
    given = wanted(work, thing.kind, subject, data.values, is_whole=is_whole)
    await own_form.change(work, thing.kind, owner, subject, given)
    return await shown_thing(request, work, thing)


async def _term(work: UnitOfWork, term_id: int) -> Thing:
    term = await work.session.get(Term, (work.tenant_id, term_id))
    taxonomy = work.registry.taxonomies.get(term.taxonomy) if term is not None else None
    if taxonomy is None or taxonomy.rest_controller != "terms":
        raise NotFound("term", term_id)
    return Thing(
        Kind(TERM, taxonomy.name),
        Owner(TERM, term_id),
        "term.edit",
        lambda kept: of_term(work, taxonomy, kept.values),
    )


async def _person(work: UnitOfWork, user_id: int) -> Thing:
    await present_user(work, user_id)
    is_own = user_id == work.actor.user_id
    if not (is_own or work.actor.has("list_users")):
        is_known = user_id in await people.shown_to_all(work, [user_id])
        require(is_known, "user.read", "You are not allowed to list people.")
    return Thing(
        PEOPLE,
        Owner(USER, user_id),
        "user.edit_self" if is_own else "user.edit",
        lambda kept: of_person(work, user_id, kept),
    )


async def _comment(work: UnitOfWork, comment_id: int) -> Thing:
    view = await comment_reading.one(work, comment_id)
    require(view.is_visible, "comment.read", "You are not allowed to read this comment.")
    return Thing(
        COMMENTS,
        Owner(COMMENT, comment_id),
        "comment.edit",
        lambda kept: of_comment(work, view, kept.values),
        posts.facts(view.post),
    )


def _routes(
    base: str, resource: str, find: Callable[[UnitOfWork, int], Awaitable[Thing]]
) -> list[HTTPRouteHandler]:
    path = f"/{base}/{{subject_id:int}}/fields"

    @get(path, action=f"{resource}.read", resource=resource)
    async def read_fields(request: Asked, work: UnitOfWork, subject_id: int) -> FieldsOut:
        return await shown_thing(request, work, await find(work, subject_id))

    @put(path, action=f"{resource}.edit", resource=resource)
    async def replace_fields(
        request: Asked, work: UnitOfWork, subject_id: int, data: FieldsIn
    ) -> FieldsOut:
        thing = await find(work, subject_id)
        return await write_thing(request, work, thing, data, is_whole=True)

    @patch(path, action=f"{resource}.edit", resource=resource)
    async def change_fields(
        request: Asked, work: UnitOfWork, subject_id: int, data: FieldsIn
    ) -> FieldsOut:
        thing = await find(work, subject_id)
        return await write_thing(request, work, thing, data, is_whole=False)

    return [read_fields, replace_fields, change_fields]


FIELD_VALUE_ROUTES: list[HTTPRouteHandler] = [
    read_post_fields,
    replace_post_fields,
    change_post_fields,
    *_routes("terms", "term", _term),
    *_routes("users", "user", _person),
    *_routes("comments", "comment", _comment),
]
