"""What the routes of media accept, and what their items are."""

from collections.abc import Mapping
from typing import Any

from cms.kernel.declarations import MetaKey
from cms.rest.post_arguments import CONTEXT, LIST, WRITE, Table, or_null

_IDS = {"type": "array", "items": {"type": "integer"}, "default": []}
_PERCENT = {"type": "number", "minimum": 0, "maximum": 100}

MEDIA_TYPES = ["image", "video", "text", "application", "audio"]

MEDIA_LIST: Table = {
    **{name: schema for name, schema in LIST.items() if name not in {"sticky", "status"}},
    "parent": _IDS,
    "parent_exclude": _IDS,
    "status": {
        "type": "array",
        "items": {"type": "string", "enum": ["inherit", "private", "trash"]},
        "default": ["inherit"],
    },
    "media_type": {"type": "string", "enum": MEDIA_TYPES},
    "mime_type": {"type": "string", "maxLength": 100},
}

ITEM: Table = {"context": CONTEXT}

_WRITTEN = (
    "date", "date_gmt", "slug", "status", "title", "author", "comment_status", "ping_status",
    "template",
)  # fmt: skip
MEDIA_WRITE: Table = {
    **{name: WRITE[name] for name in _WRITTEN},
    "alt_text": {"type": "string", "maxLength": 2000},
    "caption": {"type": "text"},
    "description": {"type": "text"},
    "post": {"type": "integer", "minimum": 0},
    "focal_point": {
        "type": ["object", "null"],
        "properties": {"x": {**_PERCENT, "required": True}, "y": {**_PERCENT, "required": True}},
    },
}

EDIT: Table = {
    "src": {"type": "string", "format": "uri", "required": True, "maxLength": 2000},
    "modifiers": {"type": "array", "items": {"type": "object"}, "maxItems": 20},
    "rotation": {"type": "integer", "minimum": 0, "maximum": 360},
    "x": _PERCENT,
    "y": _PERCENT,
    "width": _PERCENT,
    "height": _PERCENT,
}

POST_PROCESS: Table = {
    "action": {"type": "string", "enum": ["create-image-subsizes"], "required": True}
}


def write_table(meta_keys: list[MetaKey]) -> Table:
    """The body of an upload or an update, with the registered meta keys."""
    if not meta_keys:
        return MEDIA_WRITE
    properties = {key.name: or_null(key.schema) for key in meta_keys}
    return {**MEDIA_WRITE, "meta": {"type": "object", "properties": properties}}


_VEM, _VE, _E = ["view", "edit", "embed"], ["view", "edit"], ["edit"]
_RENDERED = {"type": "string", "context": _VEM, "readonly": True}
_RENDERED_VE = {"type": "string", "context": _VE, "readonly": True}
_RAW = {"type": "string", "context": _E}


def _words(context: list[str], rendered: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "context": context, "properties": {"raw": _RAW, "rendered": rendered}}


def _read(kind: str, context: list[str], **more: Any) -> dict[str, Any]:
    return {"type": kind, "context": context, "readonly": True, **more}


_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_CHOICE = {"type": "string", "enum": ["open", "closed"], "context": _VE}

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "attachment",
    "type": "object",
    "properties": {
        "date": {**_MOMENT, "context": _VEM},
        "date_gmt": {**_MOMENT, "context": _VE},
        "guid": {
            **_read("object", _VE),
            "properties": {"raw": {**_RAW, "readonly": True}, "rendered": _RENDERED_VE},
        },
        "id": _read("integer", _VEM),
        "link": _read("string", _VEM, format="uri"),
        "modified": _read("string", _VE, format="date-time"),
        "modified_gmt": _read("string", _VE, format="date-time"),
        "slug": {"type": "string", "context": _VEM},
        "status": {**WRITE["status"], "context": _VE},
        "type": _read("string", _VEM),
        "permalink_template": _read("string", _E),
        "generated_slug": _read("string", _E),
        "title": _words(_VEM, _RENDERED),
        "author": {"type": "integer", "context": _VEM},
        "comment_status": _CHOICE,
        "ping_status": _CHOICE,
        "meta": {"type": "object", "context": _VE},
        "template": {"type": "string", "context": _VE},
        "alt_text": {"type": "string", "context": _VEM},
        "caption": _words(_VEM, _RENDERED),
        "description": _words(_VE, _RENDERED_VE),
        "media_type": _read("string", _VEM, enum=["image", "file"]),
        "mime_type": _read("string", _VEM),
        "media_details": _read("object", _VEM),
        "post": {"type": "integer", "context": _VE},
        "source_url": _read("string", _VEM, format="uri"),
        "missing_image_sizes": _read("array", _E, items={"type": "string"}),
        "focal_point": {**MEDIA_WRITE["focal_point"], "context": _VE},
    },
}
