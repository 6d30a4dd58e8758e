"""People as WordPress shows them: keys in its order, by context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request

from cms.content import sealed_meta
from cms.content.people import shown_to_all, some
from cms.content.permalinks import author_path
from cms.database.work import UnitOfWork
from cms.identity.granting import capabilities_by_role, held_roles
from cms.identity.models import User
from cms.identity.profiles import UserBodies, UserBody
from cms.identity.users import present_user
from cms.rest import acf, subject_meta
from cms.rest.embedding import Embeddable
from cms.rest.errors import RestError
from cms.rest.shape import front_url, rest_url

Asked = Request[Any, Any, Any]

# A drawing that comes with the answer: an avatar service would learn who reads what.
_SILHOUETTE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{0}' "
    "viewBox='0 0 24 24'%3E%3Cpath fill='%23ccc' d='M0 0h24v24H0z'/%3E%3Cpath fill='%23fff' "
    "d='M12 12a4 4 0 100-8 4 4 0 000 8zm-8 9c0-5 4-7 8-7s8 2 8 7v3H4z'/%3E%3C/svg%3E"
).replace(" ", "%20")
AVATAR_URLS = {str(size): _SILHOUETTE.format(size) for size in (24, 48, 96)}


async def bodies(
    request: Asked, work: UnitOfWork, users: Sequence[User], context: str
) -> list[dict[str, Any]]:
    """One body for each person; roles and what plugins add are asked for all of them at once."""
    held: dict[int, _Rights] = {}
    if context == "edit" and users:
        granted = await capabilities_by_role(work)
        roles = await held_roles(work, [user.id for user in users])
        held = {user_id: _Rights.of(names, granted) for user_id, names in roles.items()}
    site, language = front_url(request, work.tenant.site), work.tenant.language
    keys = work.registry.subject_meta("user")
    added = await acf.of_people(request, work, users)
    metas = await sealed_meta.readable(work, keys, [user.meta for user in users])
    made = [
        UserBody(
            user.id,
            context,
            {
                **_fields(
                    user,
                    context,
                    held.get(user.id, _Rights()),
                    site,
                    language,
                    meta=subject_meta.shown(keys, meta, context),
                ),
                **fields.fields,
            },
        )
        for user, fields, meta in zip(users, added, metas, strict=True)
    ]
    shaped = await work.shape(UserBodies(made)) if made else UserBodies(())
    links = {user.id: one for user, one in zip(users, added, strict=True)}
    return [
        {**body.fields, "_links": links[body.user_id].beside(_links(request, body.user_id))}
        for body in shaped.bodies
    ]


async def body(request: Asked, work: UnitOfWork, user: User, context: str) -> dict[str, Any]:
    return (await bodies(request, work, [user], context))[0]


@dataclass(frozen=True)
class _Rights:
    """The roles of a person and what they grant, sorted by name."""

    roles: Sequence[str] = ()
    capabilities: Sequence[str] = ()

    @classmethod
    def of(cls, roles: Sequence[str], granted: Mapping[str, frozenset[str]]) -> "_Rights":
        reach = frozenset[str]().union(*(granted.get(role, ()) for role in roles))
        return cls(roles, sorted(reach))


def _fields(
    user: User,
    context: str,
    rights: _Rights,
    site: str,
    language: str,
    *,
    meta: Mapping[str, Any],
) -> dict[str, Any]:
    shows = {"view": "v", "edit": "e", "embed": "m"}[context]
    fields: list[tuple[str, str, Any]] = [
        ("id", "vem", user.id),
        ("username", "e", user.login),
        ("name", "vem", user.display_name),
        ("first_name", "e", user.first_name),
        ("last_name", "e", user.last_name),
        ("email", "e", user.email),
        ("url", "vem", user.url),
        ("description", "vem", user.description),
        ("link", "vem", site + author_path(user)),
        ("locale", "e", (user.locale or language).replace("-", "_")),
        ("nickname", "e", user.nickname or user.display_name),
        ("slug", "vem", user.nicename),
        ("roles", "e", list(rights.roles)),
        ("registered_date", "e", user.created_at.isoformat(timespec="seconds")),
        ("capabilities", "e", dict.fromkeys([*rights.capabilities, *rights.roles], True)),
        ("extra_capabilities", "e", dict.fromkeys(rights.roles, True)),
        ("avatar_urls", "vem", AVATAR_URLS),
        # PHP has one kind of array: an empty object leaves as an empty list, and clients know.
        ("meta", "v", meta or []),
        ("meta", "e", {"persisted_preferences": user.preferences or [], **meta}),
    ]
    return {name: value for name, contexts, value in fields if shows in contexts}


def _links(request: Asked, user_id: int) -> dict[str, Any]:
    return {
        "self": [{"href": rest_url(request, f"/wp/v2/users/{user_id}")}],
        "collection": [{"href": rest_url(request, "/wp/v2/users")}],
    }


async def see(work: UnitOfWork, user_id: int, context: str) -> User:
    """The person, if this reader may see her in this context; NotFound or a refusal otherwise."""
    user = await present_user(work, user_id)
    if user_id == work.actor.user_id or work.actor.has("list_users"):
        return user
    if context == "edit":
        raise RestError(
            "rest_forbidden_context", "Sorry, you are not allowed to edit this user.", 403
        )
    if user_id not in await shown_to_all(work, [user_id]):
        raise not_shown()
    return user


def not_found() -> RestError:
    return RestError("rest_user_invalid_id", "Invalid user ID.", 404)


def not_shown() -> RestError:
    return RestError("rest_user_cannot_view", "Sorry, you are not allowed to list users.", 403)


async def load_users(
    request: Asked, work: UnitOfWork, user_ids: Sequence[int]
) -> Mapping[int, Any]:
    """Authors of a whole page, with one statement."""
    people = await some(work, user_ids)
    is_open, own = work.actor.has("list_users"), work.actor.user_id
    shown = [one for one, is_shown in people if is_shown or is_open or one.id == own]
    made = await bodies(request, work, shown, "embed")
    known = {one.id for one, _ in people}
    found: dict[int, Any] = {
        user_id: not_shown() if user_id in known else not_found() for user_id in user_ids
    }
    return found | {one["id"]: one for one in made}


EMBEDS = (Embeddable("/wp/v2/users/{id}", load_users),)
