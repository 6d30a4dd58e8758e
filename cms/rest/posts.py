"""The routes of one post type; made for each type that is shown in REST."""

import hmac
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cached_property
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content import erasing, posts, reading, saving, transitions
from cms.content.dates import parse
from cms.content.models import Post
from cms.content.permissions import may_edit, may_read, require
from cms.content.reading import PostView
from cms.content.saving import Changes
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput
from cms.fields import filtering, filters
from cms.fields.kinds import POST, Kind
from cms.kernel.declarations import MetaKey, PostType, RestField, Taxonomy
from cms.kernel.registry import Registry
from cms.rest import acf_writing, arguments, post_arguments
from cms.rest.arguments import Fault
from cms.rest.errors import RestError, params_of
from cms.rest.post_body import Presenter
from cms.rest.post_query import query_of
from cms.rest.post_schema import post_schema
from cms.rest.shape import answer, paging, rest_url

Asked = Request[Any, Any, Any]
T = TypeVar("T")

_VERSIONED = {
    "title": "title",
    "content": "content",
    "excerpt": "excerpt",
    "slug": "slug",
    "author": "author_id",
    "template": "template",
}
_IMMEDIATE = {
    "password": "password",
    "comment_status": "comment_status",
    "ping_status": "ping_status",
    "sticky": "is_sticky",
    "menu_order": "menu_order",
    "format": "format",
}


@dataclass(frozen=True)
class PostResource:
    """The use of one post type through REST."""

    post_type: PostType
    taxonomies: list[Taxonomy]
    fields: list[RestField]
    meta_keys: list[MetaKey]

    @classmethod
    def of(cls, registry: Registry, post_type: PostType) -> "PostResource":
        taxonomies = [
            taxonomy
            for taxonomy in registry.taxonomies.values()
            if taxonomy.name in post_type.taxonomies or post_type.name in taxonomy.post_types
        ]
        name = post_type.name
        return cls(post_type, taxonomies, registry.rest_fields(name), registry.meta_keys(name))

    @property
    def kind(self) -> Kind:
        return Kind(POST, self.post_type.name)

    def schema(self) -> dict[str, Any]:
        return post_schema(self.post_type, self.taxonomies, self.fields, self.meta_keys)

    def list_arguments(self) -> post_arguments.Table:
        table = post_arguments.list_table(self.post_type, self.taxonomies)
        own = {f.argument: filters.schema_of_argument(f) for f in self.fields if f.argument}
        # A taxonomy that a site has declared under such a name was there first.
        return {**own, **table}

    def write_arguments(self) -> post_arguments.Table:
        return post_arguments.write_table(
            self.post_type, self.taxonomies, self.fields, self.meta_keys
        )

    # Made once: they are asked for by each request.

    @cached_property
    def _listing(self) -> post_arguments.Table:
        return self.list_arguments()

    @cached_property
    def _writing(self) -> post_arguments.Table:
        return self.write_arguments()

    @cached_property
    def _creating(self) -> post_arguments.Table:
        return {**self.write_arguments(), "id": {"type": "integer"}}

    def presenter(self, request: Asked, work: UnitOfWork) -> Presenter:
        return Presenter(
            request, work, self.post_type, self.taxonomies, self.fields, self.meta_keys
        )

    # -- reading

    async def collection(self, request: Asked, work: UnitOfWork) -> Response[bytes]:
        given = await arguments.given(request)
        order_by = _field_order(given)
        wanted = arguments.check(given, acf_writing.reads(work, self.kind, self._listing))
        query = query_of(work, self.post_type, self.taxonomies, wanted)
        asked = filters.read(work, self.post_type, wanted.get(filters.ARGUMENT), order_by)
        asked = replace(asked, filters=(*asked.filters, *self._by_attributes(wanted)))
        views, total = await filtering.page(work, query, asked)
        presenter = self.presenter(request, work)
        address = rest_url(request, f"/wp/v2/{self.post_type.rest_base}")
        page, per_page = wanted["page"], wanted["per_page"]
        headers = paging(request, address, total=total, page=page, per_page=per_page)
        body = await presenter.bodies(views, wanted["context"])
        return answer(request, body, headers=headers, allow=presenter.allow())

    def _by_attributes(self, wanted: Mapping[str, Any]) -> tuple[filters.Filter, ...]:
        bases = {taxonomy.rest_base for taxonomy in self.taxonomies}
        own = [field for field in self.fields if field.argument and field.argument not in bases]
        return filters.of_attributes(own, wanted)

    async def read(self, request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        table = acf_writing.reads(work, self.kind, post_arguments.ITEM)
        wanted = await arguments.read(request, table)
        context = wanted["context"]
        view = await reading.one(work, self.post_type, post_id, working=context == "edit")
        edits = may_edit(work.actor, self.post_type, view.post)
        require(edits or context != "edit", "post.item_context", "")
        require(
            may_read(work.actor, self.post_type, view.post),
            "post.read",
            "Sorry, you are not allowed to do that.",
        )
        await work.decide("post.read", "post", post_id, posts.facts(view.post))
        view = _opened(view, wanted.get("password"))
        presenter = self.presenter(request, work)
        body = await presenter.body(view, context)
        headers = {"Link": f'<{body["link"]}>; rel="alternate"; type=text/html'}
        version = posts.version(view.post)
        allow = presenter.allow(view)
        return answer(request, body, allow=allow, headers=headers, version=version)

    # -- writing

    async def create(self, request: Asked, work: UnitOfWork) -> Response[bytes]:
        table = acf_writing.writes(work, self.kind, self._creating)
        wanted, faults = await arguments.read_apart(request, table)
        if wanted.get("id"):
            raise RestError("rest_post_exists", "Cannot create existing post.", 400)
        changes = self._changes(work, wanted, faults)
        made = saving.created(work, self.post_type, changes)
        created, revision, rendering = await _told_together(faults, made)
        if await self._move(work, created, wanted):
            view = await self._working(work, created)
        else:
            # As it stands in the transaction, without asking for it again.
            view = reading.as_saved(created, revision, rendering)
        location = rest_url(request, f"/wp/v2/{self.post_type.rest_base}/{created.id}")
        presenter = self.presenter(request, work)
        body = await presenter.body(view, "edit")
        headers = {"Location": location}
        version = posts.version(created)
        allow = presenter.allow()
        return answer(request, body, status=201, allow=allow, headers=headers, version=version)

    async def update(self, request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        table = acf_writing.writes(work, self.kind, self._writing)
        wanted, faults = await arguments.read_apart(request, table)
        changes = self._changes(work, wanted, faults)
        found = await _told_together(faults, self._edited(work, post_id, changes))
        await self._move(work, found, wanted)
        return await self._written(request, work, found)

    async def _edited(self, work: UnitOfWork, post_id: int, changes: Changes) -> Post:
        found = await posts.lock(work, post_id, self.post_type)
        return await saving.edit(work, found, changes)

    async def remove(self, request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        wanted = await arguments.read(request, post_arguments.DELETE)
        found = await posts.lock(work, post_id, self.post_type)
        if wanted["force"]:
            return await self._erased(request, work, found)
        await transitions.trash(work, found)
        return await self._written(request, work, found)

    async def _erased(self, request: Asked, work: UnitOfWork, found: Post) -> Response[bytes]:
        view = await reading.one(work, self.post_type, found.id, working=True)
        presenter = self.presenter(request, work)
        allow, previous = presenter.allow(view), await presenter.body(view, "edit")
        await erasing.erase(work, found)
        previous.pop("_links")
        return answer(request, {"deleted": True, "previous": previous}, allow=allow)

    def _changes(
        self, work: UnitOfWork, wanted: dict[str, Any], faults: Mapping[str, Fault]
    ) -> Changes:
        versioned: dict[str, Any] = {
            field: wanted[name] for name, field in _VERSIONED.items() if name in wanted
        }
        terms = {t.name: wanted[t.rest_base] for t in self.taxonomies if t.rest_base in wanted}
        if terms:
            versioned["terms"] = terms
        if "featured_media" in wanted:
            versioned["featured_media"] = wanted["featured_media"] or None
        parts: dict[str, dict[str, Any]] = {}
        for field in self.fields:
            if field.part is not None and field.name in wanted:
                parts.setdefault(field.part, {})[field.name] = wanted[field.name]
        parts |= acf_writing.parts(work, self.kind, wanted)
        immediate = {field: wanted[name] for name, field in _IMMEDIATE.items() if name in wanted}
        if "parent" in wanted:
            immediate["parent_id"] = wanted["parent"] or None
        meta = wanted.get("meta", {})
        told = {name: fault.message for name, fault in faults.items()}
        return Changes(versioned, parts, {**immediate, **date_of(work, wanted)}, meta, told)

    async def _move(self, work: UnitOfWork, found: Post, wanted: dict[str, Any]) -> bool:
        """Bring the post into the status that is asked for; whether it was in another one."""
        to = Status(wanted.get("status", found.status))
        is_timed = "date" in wanted or "date_gmt" in wanted
        # A new date alone can schedule what is live, and publish what was to wait for the old one.
        if "status" not in wanted and not (
            is_timed and to in {Status.PUBLISH, Status.FUTURE} and _is_moved(work, found, to)
        ):
            return False
        is_moved = await transitions.needs_move(work, found, to)
        if is_moved:
            await transitions.move(work, found, to)
        return is_moved

    async def _written(self, request: Asked, work: UnitOfWork, found: Post) -> Response[bytes]:
        view = await self._working(work, found)
        presenter = self.presenter(request, work)
        body = await presenter.body(view, "edit")
        allow = presenter.allow(view)
        return answer(request, body, allow=allow, version=posts.version(found))

    async def _working(self, work: UnitOfWork, found: Post) -> PostView:
        await work.session.flush()
        return await reading.one(work, self.post_type, found.id, working=True)


async def _told_together(faults: Mapping[str, Fault], saving_post: Coroutine[Any, Any, T]) -> T:
    """What was saved. With faults of arguments nothing is saved, and they are told together with
    those that the content finds in the other values; before any refusal, as in WordPress."""
    try:
        return await saving_post
    except CmsError as refused:
        if not faults:
            raise
        also = refused if isinstance(refused, InvalidInput) else InvalidInput({})
        found = {name: Fault(*one) for name, one in params_of(also).items()}
        raise arguments.invalid({**found, **faults}) from refused


def _field_order(given: dict[str, Any]) -> str | None:
    """The field that a list is ordered by, taken out: WordPress has a list of its own orders."""
    if str(given.get("orderby", "")).startswith(filters.ORDER):
        return str(given.pop("orderby"))
    return None


def _opened(view: PostView, password: str | None) -> PostView:
    """A protected post opens for its password; a wrong one is refused, to its editors too."""
    if not password:
        return view
    if not hmac.compare_digest(password.encode(), view.post.password.encode()):
        raise RestError("rest_post_incorrect_password", "Incorrect post password.", 403)
    return replace(view, is_unlocked=True)


def _is_moved(work: UnitOfWork, post: Post, status: Status) -> bool:
    """Whether the post's new date makes another status of its own, or another time to wait for."""
    return status is Status.FUTURE or transitions.by_date(work, post, status) is not status


def date_of(work: UnitOfWork, wanted: dict[str, Any]) -> dict[str, Any]:
    """`date` (before `date_gmt`) sets the instant and the wall time; null in either of them makes
    the date float again, so that a client may send back what it got."""
    given = {name: wanted[name] for name in ("date", "date_gmt") if name in wanted}
    if not given:
        return {}
    if not all(given.values()):
        return {"is_date_floating": True, "date_gmt": None}
    name, text = next(iter(given.items()))
    gmt, local = parse(text, work.tenant.zone, default=UTC if name == "date_gmt" else None)
    return {"date_gmt": gmt, "date_local": local, "is_date_floating": False}


def post_routes(resource: PostResource) -> list[HTTPRouteHandler]:
    """The six handlers of a type: static routes, so that a wrong method is known at once."""
    base = f"/wp/v2/{resource.post_type.rest_base}"
    told: dict[str, Any] = {
        "resource": "post",
        "schema": resource.schema(),
        "allow_batch": True,
        "fields": resource.kind,
    }
    number: post_arguments.Table = {"id": {"type": "integer"}}
    write = resource.write_arguments()

    @get(base, action="post.list", arguments=resource.list_arguments(), **told)
    async def list_posts(request: Asked, work: UnitOfWork) -> Response[bytes]:
        return await resource.collection(request, work)

    @post(base, action="post.create", status_code=201, arguments=write, **told)
    async def create_post(request: Asked, work: UnitOfWork) -> Response[bytes]:
        return await resource.create(request, work)

    item = {**number, **post_arguments.ITEM}

    @get(f"{base}/{{post_id:int}}", action="post.read", arguments=item, **told)
    async def read_post(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await resource.read(request, work, post_id)

    async def update_post(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await resource.update(request, work, post_id)

    declared: dict[str, Any] = {"action": "post.edit", "status_code": 200, **told}
    declared["arguments"] = {**number, **write}
    writes = [
        kind(f"{base}/{{post_id:int}}", **declared)(update_post) for kind in (post, put, patch)
    ]

    @delete(
        f"{base}/{{post_id:int}}",
        action="post.delete",
        status_code=200,
        arguments={**number, **post_arguments.DELETE},
        **told,
    )
    async def delete_post(request: Asked, work: UnitOfWork, post_id: int) -> Response[bytes]:
        return await resource.remove(request, work, post_id)

    return [list_posts, create_post, read_post, *writes, delete_post]
