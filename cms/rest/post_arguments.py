"""What the routes of posts accept; in the form and with the defaults of WordPress's own table."""

from collections.abc import Mapping
from typing import Any

from cms.content.features import has
from cms.content.formats import FORMATS
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
# Of requests about personal data, which WordPress keeps among its posts; no post here has them.
_OF_REQUESTS = ["request-pending", "request-confirmed", "request-failed", "request-completed"]
STATUSES = [*(status.value for status in Status), *_OF_REQUESTS, "any"]
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
    "fields": {"type": "object"},
    "slug": {"type": "array", "items": {"type": "string"}},
    "status": {
        "type": "array",
        "items": {"type": "string", "enum": STATUSES},
        "default": ["publish"],
    },
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
    "template": {
        "type": "string",
        "maxLength": 200,
        "pattern": r"[A-Za-z0-9_./-]*",
        "accepted": "the name of a template file",
    },
}

DELETE: Table = {"force": {"type": "boolean", "default": False}}


# Which arguments of a write need which feature of the type.
_OF_FEATURES = {
    "title": "title",
    "content": "editor",
    "excerpt": "excerpt",
    "author": "author",
    "featured_media": "thumbnail",
    "comment_status": "comments",
    "ping_status": "comments",
}


def list_table(post_type: PostType, taxonomies: list[Taxonomy]) -> Table:
    """The arguments of a collection, with two for each taxonomy of the type."""
    table = dict(LIST)
    if not has(post_type, "author"):
        del table["author"], table["author_exclude"]
    if has(post_type, "page-attributes"):
        table["menu_order"] = {"type": "integer"}
        orders = {**table["orderby"], "enum": [*ORDERS, "menu_order"]}
        table["orderby"] = orders
    if post_type.is_hierarchical:
        table |= {"parent": _IDS, "parent_exclude": _IDS}
    if taxonomies:
        table["tax_relation"] = {"type": "string", "enum": ["AND", "OR"]}
    for taxonomy in taxonomies:
        table[taxonomy.rest_base] = _term_filter(taxonomy, is_exclusion=False)
        table[f"{taxonomy.rest_base}_exclude"] = _term_filter(taxonomy, is_exclusion=True)
    if post_type.has_sticky:
        table["sticky"] = {"type": "boolean"}
    return table


def _term_filter(taxonomy: Taxonomy, *, is_exclusion: bool) -> Mapping[str, Any]:
    """Ids, or an object with ids and how they are meant."""
    ids = {"type": "array", "items": {"type": "integer"}}
    properties: dict[str, Any] = {"terms": {**ids, "default": []}}
    if taxonomy.is_hierarchical:
        properties["include_children"] = {"type": "boolean", "default": False}
    if not is_exclusion:
        operators = {"type": "string", "enum": ["AND", "OR"], "default": "OR"}
        properties["operator"] = operators
    query = {"title": "Term ID Taxonomy Query", "type": "object", "properties": properties}
    return {"type": ["object", "array"], "oneOf": [{"title": "Term ID List", **ids}, query]}


def write_table(
    post_type: PostType,
    taxonomies: list[Taxonomy],
    fields: list[RestField],
    meta_keys: list[MetaKey],
) -> Table:
    """The body of create and update: the common fields, taxonomies, and what plugins add."""
    table = {
        name: schema
        for name, schema in WRITE.items()
        if name not in _OF_FEATURES or has(post_type, _OF_FEATURES[name])
    }
    if post_type.is_hierarchical:
        table["parent"] = {"type": "integer"}
    if has(post_type, "page-attributes"):
        smallest, largest = -(2**31), 2**31 - 1
        table["menu_order"] = {"type": "integer", "minimum": smallest, "maximum": largest}
    if post_type.has_sticky:
        table["sticky"] = {"type": "boolean"}
    if has(post_type, "post-formats"):
        table["format"] = {"type": "string", "enum": FORMATS}
    for taxonomy in taxonomies:
        table[taxonomy.rest_base] = {"type": "array", "items": {"type": "integer"}}
    for field in fields:
        if field.part is not None:
            table[field.name] = field.schema
    if has(post_type, "custom-fields"):
        properties = {key.name: or_null(key.schema) for key in meta_keys}
        table["meta"] = {"type": "object", "properties": properties}
    return table


def or_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Null takes a meta value away, as in WordPress."""
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **choices, "type": ["null", schema.get("type", "string")]}
