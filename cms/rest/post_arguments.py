"""What the routes of posts accept; in the form and with the defaults of WordPress's own table."""

from collections.abc import Mapping
from typing import Any

from cms.content.statuses import Status
from cms.kernel.declarations import MetaKey, PostType, RestField, Taxonomy

Table = dict[str, Mapping[str, Any]]

_IDS = {"type": "array", "items": {"type": "integer"}, "default": []}
_DATE = {"type": "string", "format": "date-time"}
CONTEXT = {"type": "string", "enum": ["view", "embed", "edit"], "default": "view"}
PAGING: Table = {
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "per_page": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
}
ORDERS = [
    "author", "date", "id", "include", "modified", "parent", "relevance", "slug",
    "include_slugs", "title",
]  # fmt: skip
STATUSES = [*(status.value for status in Status), "any"]
WRITABLE_STATUSES = ["publish", "future", "draft", "pending", "private"]

LIST: Table = {
    "context": CONTEXT,
    **PAGING,
    "search": {"type": "string", "maxLength": 500},
    "after": _DATE,
    "modified_after": _DATE,
    "author": _IDS,
    "author_exclude": _IDS,
    "before": _DATE,
    "modified_before": _DATE,
    "exclude": _IDS,
    "include": _IDS,
    "offset": {"type": "integer", "minimum": 0},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "desc"},
    "orderby": {"type": "string", "enum": ORDERS, "default": "date"},
    "slug": {"type": "array", "items": {"type": "string"}},
    "status": {
        "type": "array",
        "items": {"type": "string", "enum": STATUSES},
        "default": ["publish"],
    },
    "sticky": {"type": "boolean"},
}

ITEM: Table = {"context": CONTEXT, "password": {"type": "string"}}

WRITE: Table = {
    "date": {"type": ["string", "null"], "format": "date-time"},
    "date_gmt": {"type": ["string", "null"], "format": "date-time"},
    "slug": {"type": "string", "maxLength": 1000},
    "status": {"type": "string", "enum": WRITABLE_STATUSES},
    "password": {"type": "string", "maxLength": 255},
    "title": {"type": "text"},
    "content": {"type": "text"},
    "excerpt": {"type": "text"},
    "author": {"type": "integer", "minimum": 1},
    "featured_media": {"type": "integer"},
    "comment_status": {"type": "string", "enum": ["open", "closed"]},
    "ping_status": {"type": "string", "enum": ["open", "closed"]},
    "sticky": {"type": "boolean"},
    "template": {
        "type": "string",
        "maxLength": 200,
        "pattern": r"[A-Za-z0-9_./-]*",
        "accepted": "the name of a template file",
    },
}

DELETE: Table = {"force": {"type": "boolean", "default": False}}


def list_table(taxonomies: list[Taxonomy]) -> Table:
    """The arguments of a collection, with two for each taxonomy of the type."""
    table = dict(LIST)
    for taxonomy in taxonomies:
        table[taxonomy.rest_base] = {"type": "array", "items": {"type": "integer"}}
        table[f"{taxonomy.rest_base}_exclude"] = {"type": "array", "items": {"type": "integer"}}
    return table


def write_table(
    post_type: PostType,
    taxonomies: list[Taxonomy],
    fields: list[RestField],
    meta_keys: list[MetaKey],
) -> Table:
    """The body of create and update: the common fields, taxonomies, and what plugins add."""
    table = dict(WRITE)
    if "sticky" not in post_type.supports:
        table.pop("sticky")
    for taxonomy in taxonomies:
        table[taxonomy.rest_base] = {"type": "array", "items": {"type": "integer"}}
    for field in fields:
        if field.part is not None:
            table[field.name] = field.schema
    properties = {key.name: _or_null(key.schema) for key in meta_keys}
    table["meta"] = {"type": "object", "properties": properties}
    return table


def _or_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Null takes a meta value away, as in WordPress."""
    return {**schema, "type": ["null", schema.get("type", "string")]}
