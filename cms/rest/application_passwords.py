"""Application passwords of a person: hers to see and revoke, and of those who manage people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import LARGEST_ID, delete, get, patch, post, put
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, NotFound
from cms.identity import application_passwords
from cms.identity.granting import require_reach
from cms.identity.models import ApplicationPassword
from cms.identity.secrets import SecretKey
from cms.identity.users import present_user
from cms.kernel.actors import Method
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import answer, rest_url

Asked = Request[Any, Any, Any]

_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_EDIT: Table = {
    "app_id": {
        "type": "string",
        "format": "uuid",
        "pattern": f"({_UUID})?",
        "accepted": "a UUID",
    },
    "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": r".*\S.*",
        "accepted": "a name of one line that is not only spaces",
    },
}
_CREATE: Table = {**_EDIT, "name": {**_EDIT["name"], "required": True}}
_ITEM: Table = {"context": CONTEXT}
_ALL = ["view", "edit", "embed"]
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "application-password",
    "type": "object",
    "properties": {
        "uuid": {
            "description": "The unique identifier for the application password.",
            "type": "string",
            "format": "uuid",
            "context": _ALL,
            "readonly": True,
        },
        "app_id": {
            "description": "A UUID provided by the application to uniquely identify it.",
            "type": "string",
            "format": "uuid",
            "context": _ALL,
        },
        "name": {
            "description": "The name of the application password.",
            "type": "string",
            "required": True,
            "context": _ALL,
            "minLength": 1,
            "pattern": r".*\S.*",
        },
        "password": {
            "description": "The generated password. Only available after adding an application.",
            "type": "string",
            "context": ["edit"],
            "readonly": True,
        },
        "created": {
            "description": "The GMT date the application password was created.",
            "type": "string",
            "format": "date-time",
            "context": ["view", "edit"],
            "readonly": True,
        },
        "last_used": {
            "description": "The GMT date the application password was last used.",
            "type": ["string", "null"],
            "format": "date-time",
            "context": ["view", "edit"],
            "readonly": True,
        },
        "last_ip": {
            "description": "The IP address the application password was last used by.",
            "type": ["string", "null"],
            "format": "ip",
            "context": ["view", "edit"],
            "readonly": True,
        },
    },
}


async def list_passwords(request: Asked, work: UnitOfWork) -> Response[bytes]:
    user_id = await _whose(request, work, "list")
    wanted = await arguments.read(request, _ITEM)
    found = await application_passwords.of_user(work, user_id)
    return answer(
        request,
        [_body(request, record, wanted["context"]) for record in found],
        allow=["GET", "POST", "DELETE"],
    )


async def create_password(request: Asked, work: UnitOfWork, secret: SecretKey) -> Response[bytes]:
    user_id = await _whose(request, work, "create")
    await require_reach(work, user_id)
    wanted = await arguments.read(request, _CREATE)
    user = await present_user(work, user_id)
    record, password = await application_passwords.create(
        work, secret, user, wanted["name"].strip(), wanted.get("app_id", "")
    )
    shown = _body(request, record, "edit", password)
    headers = {
        "Location": shown["_links"]["self"][0]["href"],
        # It is shown this once, and no cache may keep it.
        "Cache-Control": "no-store",
    }
    return answer(request, shown, status=201, headers=headers, allow=["GET", "POST", "DELETE"])


async def revoke_passwords(request: Asked, work: UnitOfWork) -> Response[bytes]:
    user_id = await _whose(request, work, "delete")
    count = await application_passwords.revoke_all(work, user_id)
    return answer(request, {"deleted": True, "count": count}, allow=["GET", "POST", "DELETE"])


async def read_password(request: Asked, work: UnitOfWork) -> Response[bytes]:
    user_id = await _whose(request, work, "read")
    wanted = await arguments.read(request, _ITEM)
    record = await _named(request, work, user_id)
    return _one(request, record, wanted["context"])


async def update_password(request: Asked, work: UnitOfWork) -> Response[bytes]:
    user_id = await _whose(request, work, "edit")
    wanted = await arguments.read(request, _EDIT)
    record = await _named(request, work, user_id)
    name = wanted["name"].strip() if "name" in wanted else None
    await application_passwords.change(work, record, name=name, app_id=wanted.get("app_id"))
    return _one(request, record, "edit")


async def revoke_password(request: Asked, work: UnitOfWork) -> Response[bytes]:
    user_id = await _whose(request, work, "revoke")
    record = await _named(request, work, user_id)
    previous = _body(request, record, "edit")
    del previous["_links"]
    await application_passwords.revoke(work, record)
    return answer(request, {"deleted": True, "previous": previous})


async def introspect(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """The application password that this very request came with."""
    user_id = await _whose(request, work, "introspect")
    wanted = await arguments.read(request, _ITEM)
    proof = work.actor.authentication
    if user_id != work.actor.user_id:
        raise RestError(
            "rest_cannot_introspect_app_password_for_non_authenticated_user",
            "The authenticated application password can only be introspected for the current user.",
            403,
        )
    if proof.method is not Method.APPLICATION_PASSWORD or proof.credential is None:
        raise RestError(
            "rest_no_authenticated_app_password",
            "Cannot introspect Application Password.",
            404,
        )
    record = await application_passwords.one_of(work, user_id, UUID(proof.credential))
    return _one(request, record, wanted["context"])


_REFUSED = {
    "list": "list_application_passwords|list application passwords for this user",
    "read": "read_application_password|read this application password",
    "introspect": "read_application_password|read this application password",
    "create": "create_application_passwords|create application passwords for this user",
    "edit": "edit_application_password|edit this application password",
    "revoke": "delete_application_password|delete this application password",
    "delete": "delete_application_passwords|delete application passwords for this user",
}


async def _whose(request: Asked, work: UnitOfWork, verb: str) -> int:
    """The person in the address, if this actor may do that with her application passwords."""
    if work.actor.user_id is None:
        raise CapabilityMissing("You are not currently logged in.", action="user.read_self")
    user_id = int(request.path_params.get("user_id", work.actor.user_id))
    if user_id > LARGEST_ID:
        raise NotFound("user", user_id)
    await present_user(work, user_id)
    if user_id != work.actor.user_id and not work.actor.has("edit_users"):
        code, _, what = _REFUSED[verb].partition("|")
        raise RestError(f"rest_cannot_{code}", f"Sorry, you are not allowed to {what}.", 403)
    return user_id


async def _named(request: Asked, work: UnitOfWork, user_id: int) -> ApplicationPassword:
    written = str(request.path_params["uuid"])
    try:
        password_id = UUID(written)
    except ValueError as error:
        raise NotFound(application_passwords.KIND, written[:40]) from error
    return await application_passwords.one_of(work, user_id, password_id)


def _one(request: Asked, record: ApplicationPassword, context: str) -> Response[bytes]:
    allow = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return answer(request, _body(request, record, context), allow=allow)


def _body(
    request: Asked, record: ApplicationPassword, context: str, password: str | None = None
) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "uuid": str(record.id), "app_id": record.app_id, "name": record.name
    }  # fmt: skip
    if context != "embed":
        shown |= {
            "created": _utc(record.created_at),
            "last_used": _utc(record.last_used),
            "last_ip": record.last_ip,
        }
    if password is not None:
        shown["password"] = password
    own = f"/wp/v2/users/{record.user_id}/application-passwords/{record.id}"
    return {**shown, "_links": {"self": [{"href": rest_url(request, own)}]}}


def _utc(value: datetime | None) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%S") if value is not None else None


def _routes_of(person: str) -> list[HTTPRouteHandler]:
    base = f"{person}/application-passwords"
    own: dict[str, Any] = {"resource": "application_password", "schema": SCHEMA}
    lists: dict[str, Any] = {**own, "action": "application_password.list", "arguments": _ITEM}
    edits: dict[str, Any] = {
        **own, "action": "application_password.edit", "arguments": _EDIT, "status_code": 200
    }  # fmt: skip
    deletes: dict[str, Any] = {
        **own, "action": "application_password.delete", "arguments": {}, "status_code": 200
    }  # fmt: skip
    creates = post(
        base,
        action="application_password.create",
        arguments=_CREATE,
        status_code=201,
        **own,
    )
    return [
        get(base, **lists)(list_passwords),
        creates(create_password),
        delete(base, **deletes)(revoke_passwords),
        get(f"{base}/introspect", **lists)(introspect),
        get(f"{base}/{{uuid:str}}", **lists)(read_password),
        *(kind(f"{base}/{{uuid:str}}", **edits)(update_password) for kind in (post, put, patch)),
        delete(f"{base}/{{uuid:str}}", **deletes)(revoke_password),
    ]


APPLICATION_PASSWORD_ROUTES: list[HTTPRouteHandler] = [
    *_routes_of("/wp/v2/users/{user_id:int}"),
    *_routes_of("/wp/v2/users/me"),
]
