"""People: listed once they have published, managed by those who may."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content import people, sealed_meta
from cms.content.leaving import remove_person
from cms.content.people import PeopleQuery, public_types
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput, NotFound
from cms.fields.kinds import PEOPLE
from cms.identity import accounts, granting, users
from cms.identity.models import User
from cms.identity.users import present_user
from cms.rest import acf_writing, arguments, subject_meta, user_arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import Table
from cms.rest.shape import answer, paging, rest_url
from cms.rest.user_arguments import CREATE, DELETE, EDIT, ITEM, SCHEMA
from cms.rest.user_body import bodies, body, see
from cms.sealing.events import OwnerKind
from cms.sealing.values import Owner

Asked = Request[Any, Any, Any]

_COLUMNS = {
    "name": "display_name",
    "url": "url",
    "description": "description",
    "locale": "locale",
    "first_name": "first_name",
    "last_name": "last_name",
    "nickname": "nickname",
    "slug": "nicename",
    "email": "email",
    "password": "password",
    "username": "username",
}
_OPEN_ORDERS = frozenset({"id", "include", "name", "slug", "include_slugs", "url"})


def _said(schema: dict[str, Any]) -> dict[str, Any]:
    return {"resource": "user", "schema": schema, "fields": PEOPLE}


def user_routes(registry: Any) -> list[HTTPRouteHandler]:
    """Collection, item and `me`."""
    table, keys = user_arguments.list_table(registry), registry.subject_meta("user")
    schema = subject_meta.with_schema(SCHEMA, keys)

    @get("/wp/v2/users", action="user.list", arguments=table, **_said(schema))
    async def list_users(request: Asked, work: UnitOfWork) -> Response[bytes]:
        wanted = await arguments.read(request, acf_writing.reads(work, PEOPLE, table))
        _refuse_hidden_questions(work, wanted)
        page, per_page = wanted["page"], wanted["per_page"]
        found, total = await people.page(work, _query(work, wanted))
        address = rest_url(request, "/wp/v2/users")
        headers = paging(request, address, total=total, page=page, per_page=per_page, kind=None)
        shown = await bodies(request, work, found, wanted["context"])
        allow = ["GET", "POST"] if work.actor.has("create_users") else ["GET"]
        return answer(request, shown, headers=headers, allow=allow)

    new = post(
        "/wp/v2/users",
        action="user.create",
        status_code=201,
        arguments=subject_meta.with_argument(CREATE, keys),
        **_said(schema),
    )
    edit = subject_meta.with_argument(EDIT, keys)
    return [list_users, new(create_user), *_item_routes(edit, schema)]


def _refuse_hidden_questions(work: UnitOfWork, wanted: dict[str, Any]) -> None:
    """What only those who manage people may ask for, in the order in which WordPress refuses it."""
    if work.actor.has("list_users"):
        return
    may_write = any(
        work.actor.has(one.capability("edit")) for one in work.registry.post_types.values()
    )
    refusals = (
        (wanted.get("roles"), "rest_user_cannot_view", "filter users by role"),
        (wanted.get("capabilities"), "rest_user_cannot_view", "filter users by capability"),
        (wanted["context"] == "edit", "rest_forbidden_context", "edit users"),
        (
            wanted["orderby"] not in _OPEN_ORDERS,
            "rest_forbidden_orderby",
            "order users by this parameter",
        ),
        (
            wanted.get("who") and not may_write,
            "rest_forbidden_who",
            "query users by this parameter",
        ),
    )
    for is_asked, code, what in refusals:
        if is_asked:
            raise RestError(code, f"Sorry, you are not allowed to {what}.", 403)


def _query(work: UnitOfWork, wanted: dict[str, Any]) -> PeopleQuery:
    published = wanted.get("has_published_posts")
    types = public_types(work) if published is True else published or None
    offset = wanted.get("offset")
    if wanted["orderby"] == "include" and not wanted["include"]:
        raise RestError(
            "rest_orderby_include_missing_include",
            "You need to define an include parameter to order by include.",
            400,
        )
    return PeopleQuery(
        sees_all=work.actor.has("list_users"),
        search=wanted.get("search", ""),
        include=wanted["include"],
        exclude=wanted["exclude"],
        slugs=wanted.get("slug", ()),
        roles=wanted.get("roles", ()),
        capabilities=wanted.get("capabilities", ()),
        writes="who" in wanted,
        published_in=types,
        order_by=wanted["orderby"],
        descending=wanted["order"] == "desc",
        limit=wanted["per_page"],
        offset=offset if offset is not None else (wanted["page"] - 1) * wanted["per_page"],
    )


async def create_user(request: Asked, work: UnitOfWork) -> Response[bytes]:
    require(work.actor.has("create_users"), "user.create", "")
    keys = work.registry.subject_meta("user")
    table = subject_meta.with_argument(CREATE, keys)
    wanted = await acf_writing.read(request, work, PEOPLE, table)
    if wanted.get("id"):
        raise RestError("rest_user_exists", "Cannot create existing user.", 400)
    roles = wanted.get("roles", ["subscriber"])
    granted = await granting.capabilities_by_role(work)
    granting.refuse_unknown_roles(roles, granted)
    if "roles" in wanted:
        require(work.actor.has("promote_users"), "user.promote", "")
    granting.require_grantable(work, roles, granted)
    user = await _add(work, wanted, roles)
    if wanted.get("meta"):
        # Checked like everything that is said of a person once she is there.
        await accounts.change_profile(work, user, await _meta(work, user, wanted["meta"]))
    await acf_writing.save_person(request, work, user, wanted)
    headers = {"Location": rest_url(request, f"/wp/v2/users/{user.id}")}
    shown = await body(request, work, user, "edit")
    return answer(request, shown, status=201, headers=headers, allow=["GET", "POST"])


async def _add(work: UnitOfWork, wanted: dict[str, Any], roles: list[str]) -> User:
    login = wanted["username"].lower()
    slug = wanted.get("slug", "")
    if slug and users.nicename_of(slug) != slug:
        raise RestError("rest_user_invalid_slug", "Invalid slug.", 400)
    try:
        user = await users.add_user(
            work,
            login,
            email=wanted["email"],
            display_name=_display_name(wanted),
            roles=roles,
            password=wanted["password"],
            profile=users.Profile(
                nicename=slug,
                url=wanted.get("url", ""),
                description=wanted.get("description", ""),
                locale=wanted.get("locale", "").replace("_", "-"),
                first_name=wanted.get("first_name", ""),
                last_name=wanted.get("last_name", ""),
                nickname=wanted.get("nickname", ""),
            ),
        )
    except InvalidInput as refused:
        raise _in_words_of_wordpress(refused) from refused
    return user


def _display_name(wanted: dict[str, Any]) -> str:
    """Never the login, which WordPress would show to every reader."""
    full = f"{wanted.get('first_name', '')} {wanted.get('last_name', '')}".strip()
    return wanted.get("name") or full or wanted.get("nickname") or "Author"


def _in_words_of_wordpress(refused: InvalidInput) -> Exception:
    """A taken name is WordPress's code, with 409 where WordPress says 500."""
    told = {"login": "that username already exists", "email": "that email address is already used"}
    for field, code in refused.codes.items():
        if field in told and set(refused.faults) <= set(told):
            return RestError(code, f"Sorry, {told[field]}!", 409)
    renamed = {"login": "username"}
    return InvalidInput({renamed.get(name, name): why for name, why in refused.faults.items()})


async def _me_or(request: Asked, work: UnitOfWork) -> int:
    """The id in the address, or one's own at `/users/me`."""
    if "user_id" in request.path_params:
        return int(request.path_params["user_id"])
    if work.actor.user_id is None:
        raise CapabilityMissing("You are not currently logged in.", action="user.read_self")
    return work.actor.user_id


async def read_user(request: Asked, work: UnitOfWork, user_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, acf_writing.reads(work, PEOPLE, ITEM))
    user = await see(work, user_id, wanted["context"])
    shown = await body(request, work, user, wanted["context"])
    return answer(request, shown, allow=_allow(work, user_id))


async def read_me(request: Asked, work: UnitOfWork) -> Response[bytes]:
    return await read_user(request, work, await _me_or(request, work))


async def update_user(request: Asked, work: UnitOfWork, user_id: int) -> Response[bytes]:
    user = await present_user(work, user_id)
    keys = work.registry.subject_meta("user")
    table = subject_meta.with_argument(EDIT, keys)
    wanted = await acf_writing.read(request, work, PEOPLE, table)
    is_own = user_id == work.actor.user_id
    if wanted.get("roles"):
        require(work.actor.has("promote_users"), "user.promote", "")
    # Who only gives roles needs no more than that; an empty list of them is no role.
    if set(wanted) != {"roles"} or not wanted["roles"]:
        require(is_own or work.actor.has("edit_users"), "user.edit", "")
    await work.decide("user.edit_self" if is_own else "user.edit", "user", user_id)
    if wanted.get("roles"):
        await granting.set_roles(work, user, wanted["roles"])
    values = {_COLUMNS[name]: value for name, value in wanted.items() if name in _COLUMNS}
    if "locale" in values:
        values["locale"] = values["locale"].replace("_", "-")
    if wanted.get("meta"):
        values |= await _meta(work, user, wanted["meta"])
    await accounts.change_profile(work, user, values)
    await acf_writing.save_person(request, work, user, wanted)
    shown = await body(request, work, user, "edit")
    return answer(request, shown, allow=_allow(work, user_id))


async def _meta(work: UnitOfWork, user: User, given: dict[str, Any]) -> dict[str, Any]:
    """The columns that hold it: the editor's preferences have one of their own."""
    may_edit = user.id == work.actor.user_id or work.actor.has("edit_users")
    keys = work.registry.subject_meta("user")
    sent = sealed_meta.allowed(work.actor, keys, given)
    meta = subject_meta.changed(work, keys, user.meta, sent, may_edit=may_edit)
    owner = Owner(OwnerKind.USER, user.id)
    return {
        "preferences": given.get("persisted_preferences", user.preferences),
        "meta": await sealed_meta.seal(work, owner, keys, user.meta, meta),
    }


async def update_me(request: Asked, work: UnitOfWork) -> Response[bytes]:
    return await update_user(request, work, await _me_or(request, work))


async def remove_user(request: Asked, work: UnitOfWork, user_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, DELETE)
    user = await present_user(work, user_id)
    require(work.actor.has("delete_users"), "user.delete", "")
    if not wanted["force"]:
        raise RestError(
            "rest_trash_not_supported",
            "Users do not support trashing. Set 'force=true' to delete.",
            501,
        )
    successor = wanted["reassign"]
    if successor is True or successor == user_id or not await _exists(work, successor):
        raise RestError("rest_user_invalid_reassign", "Invalid user ID for reassignment.", 400)
    await granting.require_reach(work, user_id)
    await work.decide("user.delete", "user", user_id)
    previous = await body(request, work, user, "edit")
    del previous["_links"]
    await remove_person(work, user, successor or None)
    return answer(request, {"deleted": True, "previous": previous})


async def remove_me(request: Asked, work: UnitOfWork) -> Response[bytes]:
    return await remove_user(request, work, await _me_or(request, work))


async def _exists(work: UnitOfWork, successor: int) -> bool:
    """False and 0 name nobody, which is right for somebody who owns nothing."""
    if not successor:
        return True
    try:
        await present_user(work, successor)
    except NotFound:
        return False
    return True


def _allow(work: UnitOfWork, user_id: int) -> list[str]:
    writes = user_id == work.actor.user_id or work.actor.has("edit_users")
    return [
        "GET",
        *(["POST", "PUT", "PATCH"] if writes else []),
        *(["DELETE"] if work.actor.has("delete_users") else []),
    ]


_ONE, _ME = "/wp/v2/users/{user_id:int}", "/wp/v2/users/me"


def _item_routes(edit: Table, schema: dict[str, Any]) -> list[HTTPRouteHandler]:
    said = _said(schema)
    writes: dict[str, Any] = {**said, "arguments": edit, "status_code": 200}
    deletes: dict[str, Any] = {**said, "arguments": DELETE, "status_code": 200}
    return [
        get(_ME, action="user.read_self", arguments=ITEM, **said)(read_me),
        get(_ONE, action="user.read", arguments=ITEM, **said)(read_user),
        *(kind(_ME, action="user.edit_self", **writes)(update_me) for kind in (post, put, patch)),
        *(kind(_ONE, action="user.edit", **writes)(update_user) for kind in (post, put, patch)),
        delete(_ME, action="user.delete", **deletes)(remove_me),
        delete(_ONE, action="user.delete", **deletes)(remove_user),
    ]
