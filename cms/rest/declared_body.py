"""What is common to types, taxonomies and statuses: objects keyed by slug, reduced by context."""

from collections.abc import Mapping
from typing import Any

from litestar import Request

from cms.database.work import UnitOfWork
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import CURIES, rest_url

Asked = Request[Any, Any, Any]
Property = Mapping[str, Any]

CONTEXT_ONLY: Table = {"context": CONTEXT}
ALWAYS = ["view", "edit", "embed"]
NOT_EMBEDDED = ["view", "edit"]
EDIT = ["edit"]


def property_of(kind: Any, contexts: list[str], description: str, **more: Any) -> Property:
    return {
        "description": description,
        "type": kind,
        "context": contexts,
        "readonly": True,
        **more,
    }


def schema_of(title: str, properties: Mapping[str, Property]) -> dict[str, Any]:
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": title,
        "type": "object",
        "properties": dict(properties),
    }


def in_context(
    body: Mapping[str, Any], properties: Mapping[str, Property], context: str
) -> dict[str, Any]:
    """The fields that the context shows, in the order of the body."""
    return {name: value for name, value in body.items() if context in properties[name]["context"]}


def item_links(request: Asked, kind: str, rest_base: str) -> dict[str, Any]:
    """The links of a type or a taxonomy."""
    return {
        "collection": [{"href": rest_url(request, f"/wp/v2/{kind}")}],
        "wp:items": [{"href": rest_url(request, f"/wp/v2/{rest_base}")}],
        "curies": CURIES,
    }


def may_edit_some(work: UnitOfWork) -> bool:
    """Whether the person may edit posts of any type."""
    types = work.registry.post_types.values()
    return not work.actor.is_anonymous and any(
        work.actor.has(one.capability("edit")) for one in types
    )
