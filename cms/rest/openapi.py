"""The OpenAPI 3.1 description of the WordPress door, from the tables that make its index."""

import re
from collections.abc import Mapping
from typing import Any

from cms import __version__
from cms.rest.description import Route, args_of, places

Json = dict[str, Any]

_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_WORD = re.compile(r"[A-Za-z0-9]+")
_ERROR: Json = {
    "type": "object",
    "required": ["code", "message", "data"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "data": {
            "type": ["object", "null"],
            "properties": {"status": {"type": "integer"}},
            "additionalProperties": True,
        },
    },
}
_FAILED = {
    "description": "An error in WordPress's form.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
# Words of draft 4 and of WordPress that say something else, or nothing, in JSON schema 2020-12.
_DROPPED = frozenset({"$schema", "context", "readonly", "required", "title", "links"})


def describe_api(routes: Mapping[str, Route], title: str, address: str) -> Json:
    """The document. `address` is where the door is, without a slash at the end."""
    schemas: Json = {"Error": _ERROR}
    paths: Json = {}
    for route in routes.values():
        if route.schema is not None:
            schemas[_name(route.schema["title"])] = json_schema(route.schema)
        path = _GROUP.sub(r"{\1}", route.path)
        paths[path] = {method.lower(): _operation(route, method) for method in route.methods}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: WordPress REST API", "version": __version__},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "applicationPassword": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
        "security": [{}, {"applicationPassword": []}, {"token": []}],
    }


def _operation(route: Route, method: str) -> Json:
    handler = route.handlers[method]
    args = args_of(route.arguments(method))
    in_path = places(route.path)
    writes = method in {"POST", "PUT", "PATCH"}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": json_schema(one)}
        for name, one in in_path.items()
    ]
    if not writes:
        parameters += [_in_query(name, one) for name, one in args.items() if name not in in_path]
    operation: Json = {
        "operationId": _operation_id(route.path, method),
        "tags": [route.namespace or "index"],
        "parameters": parameters,
        "responses": {
            str(handler.status_code): _answered(route, "per_page" in args),
            "default": _FAILED,
        },
    }
    if writes and args:
        body = {"type": "object", "properties": args}
        operation["requestBody"] = {"content": {"application/json": {"schema": json_schema(body)}}}
    return operation


def _in_query(name: str, one: Mapping[str, Any]) -> Json:
    required = {"required": True} if one.get("required") else {}
    # A list is written with commas, as WordPress takes it.
    style = {"style": "form", "explode": False} if one.get("type") == "array" else {}
    return {"name": name, "in": "query", **required, **style, "schema": json_schema(one)}


def _answered(route: Route, is_list: bool) -> Json:
    if route.schema is None:
        return {"description": "The answer.", "content": {"application/json": {"schema": {}}}}
    item: Json = {"$ref": f"#/components/schemas/{_name(route.schema['title'])}"}
    # Types, statuses and taxonomies are listed as an object by their names.
    shown = {"type": "array", "items": item} if is_list else item
    return {"description": "The answer.", "content": {"application/json": {"schema": shown}}}


def json_schema(schema: Mapping[str, Any]) -> Json:
    """A schema as WordPress writes it, in the words of JSON schema 2020-12."""
    result: Json = {word: value for word, value in schema.items() if word not in _DROPPED}
    if result.get("type") == "text":
        result["type"] = ["string", "object"]
    if schema.get("readonly"):
        result["readOnly"] = True
    if schema.get("context"):
        result["x-context"] = list(schema["context"])
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        result["properties"] = {name: json_schema(one) for name, one in properties.items()}
        required = [name for name, one in properties.items() if one.get("required") is True]
        # What is required of a write need not be shown in every context.
        if required and not any("context" in one for one in properties.values()):
            result["required"] = required
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), Mapping):
            result[word] = json_schema(schema[word])
    for word in ("oneOf", "anyOf"):
        if word in schema:
            result[word] = [json_schema(one) for one in schema[word]]
    return result


def _operation_id(path: str, method: str) -> str:
    words = _WORD.findall(_GROUP.sub(r"by-\1", path)) or ["index"]
    return method.lower() + "".join(word.capitalize() for word in words)


def _name(title: str) -> str:
    return "".join(word.capitalize() for word in _WORD.findall(title))
