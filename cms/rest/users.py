"""Profiles: everyone sees those of people who have published; each person sees her own."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import select

from cms.api.routing import get
from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.identity.models import User
from cms.identity.profiles import UserBody
from cms.identity.users import get_user, roles_of
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.schemas import USER
from cms.rest.shape import answer, rest_url, site_url

Asked = Request[Any, Any, Any]
_ITEM: Table = {"context": CONTEXT}


@get("/wp/v2/users/me", action="user.read_self", resource="user", arguments=_ITEM, schema=USER)
async def read_me(request: Asked, work: UnitOfWork) -> Response[bytes]:
    if work.actor.user_id is None:
        raise CapabilityMissing("You are not currently logged in.", action="user.read_self")
    wanted = await arguments.read(request, _ITEM)
    user = await get_user(work, work.actor.user_id)
    return answer(request, await _body(request, work, user, wanted["context"]))


@get(
    "/wp/v2/users/{user_id:int}", action="user.read", resource="user", arguments=_ITEM, schema=USER
)
async def read_user(request: Asked, work: UnitOfWork, user_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, _ITEM)
    user = await get_user(work, user_id)
    is_known = user_id == work.actor.user_id or work.actor.has("list_users")
    is_shown = is_known or (wanted["context"] != "edit" and await _has_published(work, user_id))
    if not is_shown:
        raise RestError("rest_user_cannot_view", "Sorry, you are not allowed to list users.", 403)
    return answer(request, await _body(request, work, user, wanted["context"]))


async def _has_published(work: UnitOfWork, user_id: int) -> bool:
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    row = await work.one(
        select(Post.id)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.author_id == user_id,
            Post.post_type.in_(public),
            Post.status == Status.PUBLISH.value,
        )
        .limit(1)
    )
    return row is not None


async def _body(request: Asked, work: UnitOfWork, user: User, context: str) -> dict[str, Any]:
    own = rest_url(request, f"/wp/v2/users/{user.id}")
    body: dict[str, Any] = {"id": user.id}
    if context == "edit":
        body["username"] = user.login
    body["name"] = user.display_name
    if context == "edit":
        body |= {"email": user.email, "roles": await roles_of(work, user.id)}
        body["registered_date"] = user.created_at.isoformat(timespec="seconds")
        if user.id == work.actor.user_id:
            body["capabilities"] = dict.fromkeys(sorted(work.actor.capabilities), True)
    body |= {
        "url": user.url,
        "description": user.description,
        "link": f"{site_url(request)}/author/{user.nicename}/",
        "slug": user.nicename,
        # No avatar service is asked: it would learn who reads what.
        "avatar_urls": {},
        "meta": [],
    }
    links = {"self": [{"href": own}], "collection": [{"href": rest_url(request, "/wp/v2/users")}]}
    shaped = await work.shape(UserBody(user.id, context, body))
    return {**shaped.fields, "_links": links}


USER_ROUTES: list[HTTPRouteHandler] = [read_me, read_user]
