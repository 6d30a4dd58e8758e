"""What a running WordPress 6.1.9 was seen to accept and to give, read from `tests/rest/data`."""

import json
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parents[1] / "rest" / "data"

ROUTES: dict[str, list[dict[str, Any]]] = json.loads((_DATA / "wordpress-routes.json").read_text())
"""Each route with its endpoints: `methods` and `args`."""

SCHEMAS: dict[str, dict[str, Any]] = json.loads(
    (_DATA / "wordpress-schema-fields.json").read_text()
)

LINKS: dict[str, list[dict[str, Any]]] = {
    name: one.get("links", []) for name, one in SCHEMAS.items()
}
"""The relations that a schema names, by its key, such as `wp_v2_posts`."""


def arguments(route: str, method: str) -> dict[str, Any]:
    """The argument table of a route, e.g. `arguments("/wp/v2/tags", "GET")`."""
    for endpoint in ROUTES[route]:
        if method in endpoint["methods"]:
            table: dict[str, Any] = endpoint["args"]
            return table
    raise LookupError(f"WordPress has no {method} {route}")


def fields(schema: str, context: str = "view") -> dict[str, Any]:
    """The fields of a schema that a context shows, flat with dots: `fields("wp_v2_tags")`."""
    known: dict[str, Any] = SCHEMAS[schema]["fields"]
    return {name: one for name, one in known.items() if context in one.get("context", [context])}


def flat(body: Any, *, deep: frozenset[str] = frozenset()) -> set[str]:
    """The names of a body as `fields` has them; objects are opened only where `deep` says so."""
    names = set()
    for name, value in body.items():
        names.add(name)
        if name in deep and isinstance(value, dict):
            names |= {f"{name}.{inner}" for inner in value}
    return names - {"_links", "_embedded"}
