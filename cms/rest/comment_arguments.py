"""What the routes of comments accept, and the schema of a comment; as in WordPress's tables."""

from typing import Any

from cms.content.comment_reading import STATUSES
from cms.content.comments import SETTABLE
from cms.rest.post_arguments import CONTEXT, PAGING, Table
from cms.rest.user_arguments import AVATARS

_IDS = {"type": "array", "items": {"type": "integer"}}
_DATE = {"type": "string", "format": "date-time"}
_EMAIL = {
    "type": "string",
    "format": "email",
    "maxLength": 100,
    "pattern": r"([^@\s<>]+@[^@\s<>]+\.[^@\s<>]+)?",
    "accepted": "an e-mail address",
}
_PASSWORD = {"type": "string", "maxLength": 255}
ORDERS = ["date", "date_gmt", "id", "include", "post", "parent", "type"]

LIST: Table = {
    "context": CONTEXT,
    **PAGING,
    "search": {"type": "string", "maxLength": 200},
    "after": _DATE,
    "author": _IDS,
    "author_exclude": _IDS,
    "author_email": {**_EMAIL, "type": ["string", "null"], "default": None},
    "before": _DATE,
    "exclude": {**_IDS, "default": []},
    "include": {**_IDS, "default": []},
    "offset": {"type": "integer", "minimum": 0},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "desc"},
    "orderby": {"type": "string", "enum": ORDERS, "default": "date_gmt"},
    "parent": {**_IDS, "default": []},
    "parent_exclude": {**_IDS, "default": []},
    "post": {**_IDS, "default": []},
    "status": {
        "type": "string",
        "pattern": "|".join(STATUSES),
        "accepted": "one of approve, hold, spam, trash, all",
        "default": "approve",
    },
    "type": {"type": "string", "maxLength": 20, "default": "comment"},
    "password": _PASSWORD,
}
ITEM: Table = {"context": CONTEXT, "password": _PASSWORD}
DELETE: Table = {"force": {"type": "boolean", "default": False}, "password": _PASSWORD}
EDIT: Table = {
    "author": {"type": "integer", "minimum": 0},
    "author_email": _EMAIL,
    "author_ip": {
        "type": "string",
        "format": "ip",
        "pattern": r"[0-9a-fA-F.:]{2,45}",
        "accepted": "an IP address",
    },
    "author_name": {"type": "string", "maxLength": 245},
    "author_url": {
        "type": "string",
        "format": "uri",
        "maxLength": 200,
        "pattern": r"(https?://[^\s<>\"']+)?",
        "accepted": "an address that begins with https:// or http://",
    },
    "author_user_agent": {"type": "string", "maxLength": 300},
    "content": {"type": "text"},
    "date": _DATE,
    "date_gmt": _DATE,
    "parent": {"type": "integer", "minimum": 0},
    "post": {"type": "integer", "minimum": 0},
    "status": {
        "type": "string",
        "pattern": "|".join(SETTABLE),
        "accepted": "one of approve, hold, spam, unspam, trash, untrash",
    },
    "type": {"type": "string", "maxLength": 20},
    "meta": {"type": "object"},
}
CREATE: Table = {
    **EDIT,
    "id": {"type": "integer"},
    "parent": {**EDIT["parent"], "default": 0},
    "post": {**EDIT["post"], "default": 0},
    "password": _PASSWORD,
}

_ALL, _FULL, _EDIT = ["view", "edit", "embed"], ["view", "edit"], ["edit"]


def _field(kind: str, contexts: list[str], description: str, **more: Any) -> dict[str, Any]:
    return {"description": description, "type": kind, "context": contexts, **more}


SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "comment",
    "type": "object",
    "properties": {
        "id": _field("integer", _ALL, "Unique identifier for the comment.", readonly=True),
        "author": _field("integer", _ALL, "The ID of the user object, if author was a user."),
        "author_email": _field(
            "string", _EDIT, "Email address for the comment author.", format="email"
        ),
        "author_ip": _field("string", _EDIT, "IP address for the comment author.", format="ip"),
        "author_name": _field("string", _ALL, "Display name for the comment author."),
        "author_url": _field("string", _ALL, "URL for the comment author.", format="uri"),
        "author_user_agent": _field("string", _EDIT, "User agent for the comment author."),
        "content": _field(
            "object",
            _ALL,
            "The content for the comment.",
            properties={
                "raw": _field("string", _EDIT, "Content for the comment, as it exists."),
                "rendered": _field(
                    "string", _ALL, "HTML content for the comment.", readonly=True
                ),
            },
        ),
        "date": _field(
            "string", _ALL, "The date the comment was published.", format="date-time"
        ),
        "date_gmt": _field(
            "string", _FULL, "The date the comment was published, as GMT.", format="date-time"
        ),
        "link": _field("string", _ALL, "URL to the comment.", format="uri", readonly=True),
        "parent": _field("integer", _ALL, "The ID for the parent of the comment.", default=0),
        "post": _field("integer", _FULL, "The ID of the associated post object.", default=0),
        "status": _field("string", _FULL, "State of the comment."),
        "type": _field("string", _ALL, "Type of the comment.", readonly=True),
        "author_avatar_urls": {
            **AVATARS, "description": "Avatar URLs for the comment author."
        },
        "meta": _field("object", _FULL, "Meta fields.", properties={}),
    },
}  # fmt: skip
