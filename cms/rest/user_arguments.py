"""What the routes of people accept, and the schema of a person; as in WordPress's own tables."""

from typing import Any

from cms.identity.secrets import LONGEST_PASSWORD
from cms.kernel.registry import Registry
from cms.rest.post_arguments import CONTEXT, PAGING, Table

_IDS = {"type": "array", "items": {"type": "integer"}, "default": []}
_NAMES = {"type": "array", "items": {"type": "string"}}
_ALL, _EDIT = ["embed", "view", "edit"], ["edit"]
ORDERS = [
    "id", "include", "name", "registered_date", "slug", "include_slugs", "email", "url",
]  # fmt: skip
LOCALE = {
    "type": "string",
    "pattern": r"([a-z]{2,3}([_-][A-Z]{2})?)?",
    "accepted": "a language such as pt_BR, or empty for that of the site",
}
_ADDRESS = {
    "type": "string",
    "format": "uri",
    "maxLength": 200,
    "pattern": r"(https?://[^\s<>\"']+)?",
    "accepted": "an address that begins with https:// or http://",
}
_META = {
    "type": "object",
    "properties": {"persisted_preferences": {"type": "object", "default": {}}},
}
ITEM: Table = {"context": CONTEXT}
DELETE: Table = {
    "force": {"type": "boolean", "default": False},
    "reassign": {"type": ["integer", "boolean"], "required": True},
}
EDIT: Table = {
    "username": {"type": "string", "maxLength": 60},
    "name": {"type": "string", "maxLength": 250},
    "first_name": {"type": "string", "maxLength": 250},
    "last_name": {"type": "string", "maxLength": 250},
    "email": {"type": "string", "format": "email", "maxLength": 100},
    "url": _ADDRESS,
    "description": {"type": "string", "maxLength": 10_000},
    "locale": LOCALE,
    "nickname": {"type": "string", "maxLength": 250},
    "slug": {"type": "string", "maxLength": 50},
    "roles": _NAMES,
    "password": {"type": "string", "maxLength": LONGEST_PASSWORD},
    "meta": _META,
}
CREATE: Table = {
    name: {**one, "required": True} if name in {"username", "email", "password"} else one
    for name, one in EDIT.items()
} | {"id": {"type": "integer"}}


def list_table(registry: Registry) -> Table:
    """The arguments of the collection."""
    types = sorted(registry.post_types)
    return {
        "context": CONTEXT,
        **PAGING,
        "search": {"type": "string", "maxLength": 200},
        "exclude": _IDS,
        "include": _IDS,
        "offset": {"type": "integer", "minimum": 0},
        "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
        "orderby": {"type": "string", "enum": ORDERS, "default": "name"},
        "slug": _NAMES,
        "roles": _NAMES,
        "capabilities": _NAMES,
        "who": {"type": "string", "enum": ["authors"]},
        "has_published_posts": {
            "type": ["boolean", "array"],
            "items": {"type": "string", "enum": types},
        },
    }


def _field(
    kind: str, contexts: list[str], description: str, *, readonly: bool = False, **more: Any
) -> dict[str, Any]:
    field = {"description": description, "type": kind, "context": contexts, **more}
    return {**field, "readonly": True} if readonly else field


AVATARS: dict[str, Any] = _field(
    "object",
    _ALL,
    "Avatar URLs for the user.",
    readonly=True,
    properties={
        size: {
            "description": f"Avatar URL with image size of {size} pixels.",
            "type": "string",
            "format": "uri",
            "context": _ALL,
        }
        for size in ("24", "48", "96")
    },
)
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "user",
    "type": "object",
    "properties": {
        "id": _field("integer", _ALL, "Unique identifier for the user.", readonly=True),
        "username": _field("string", _EDIT, "Login name for the user.", required=True),
        "name": _field("string", _ALL, "Display name for the user."),
        "first_name": _field("string", _EDIT, "First name for the user."),
        "last_name": _field("string", _EDIT, "Last name for the user."),
        "email": _field(
            "string", _EDIT, "The email address for the user.", format="email", required=True
        ),
        "url": _field("string", _ALL, "URL of the user.", format="uri"),
        "description": _field("string", _ALL, "Description of the user."),
        "link": _field("string", _ALL, "Author URL of the user.", readonly=True, format="uri"),
        "locale": _field("string", _EDIT, "Locale for the user."),
        "nickname": _field("string", _EDIT, "The nickname for the user."),
        "slug": _field("string", _ALL, "An alphanumeric identifier for the user."),
        "registered_date": _field(
            "string", _EDIT, "Registration date for the user.", readonly=True, format="date-time"
        ),
        "roles": _field("array", _EDIT, "Roles assigned to the user.", items={"type": "string"}),
        "password": _field("string", [], "Password for the user (never included).", required=True),
        "capabilities": _field(
            "object", _EDIT, "All capabilities assigned to the user.", readonly=True
        ),
        "extra_capabilities": _field(
            "object", _EDIT, "Any extra capabilities assigned to the user.", readonly=True
        ),
        "avatar_urls": AVATARS,
        "meta": _field(
            "object",
            ["view", "edit"],
            "Meta fields.",
            properties={
                "persisted_preferences": {
                    "type": "object",
                    "context": _EDIT,
                    "default": [],
                    "properties": {"_modified": {"type": "string", "format": "date-time"}},
                    "additionalProperties": True,
                }
            },
        ),
    },
}
