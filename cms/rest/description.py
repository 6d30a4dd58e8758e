"""Routes as WordPress describes them: in the index, and in the OPTIONS answer of each address."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from inspect import signature
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from cms.database.work import UnitOfWork
from cms.rest.shape import Asked, rest_url

_PLACE = re.compile(r"\{(\w+):(\w+)\}")
_GROUP = re.compile(r"\(\?P<(\w+)>((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_FORMS = {"int": r"[\d]+", "str": r"[\w-]+"}
_THEME = r'[^\/:<>\*\?"\|]+(?:\/[^\/:<>\*\?"\|]+)?'
_KEY = "[a-zA-Z0-9_-]+"
# Places that WordPress names or writes otherwise than by their type here.
_NAMED = {
    "stylesheet": ("stylesheet", _THEME),
    "template": ("id", rf"({_THEME})[\/\w-]+"),
    "styles": ("id", r"[\/\w-]+"),
    "plugin": ("plugin", r"[^.\/]+(?:\/[^.\/]+)?"),
    "type_id": ("id", _KEY),
    "namespace": ("namespace", _KEY),
    "name": ("name", _KEY),
    "sidebar": ("id", r"[\w-]+"),
    "widget_id": ("id", r"[\w\-]+"),
    "uuid": ("uuid", r"[\w\-]+"),
}
_PASSWORDS = r"/wp/v2/users/(?P<user_id>(?:[\d]+|me))/application-passwords"
# Whole addresses, or their beginnings, that differ in more than one place.
_BEGINNINGS = {
    "/wp/v2/users/{user_id:int}/application-passwords": _PASSWORDS,
    "/wp/v2/users/me/application-passwords": _PASSWORDS,
    "/wp/v2/block-renderer/{namespace:str}/{name:str}": (
        "/wp/v2/block-renderer/(?P<name>[a-z0-9-]+/[a-z0-9-]+)"
    ),
    "/wp/v2/menu-items/{item_id:int}/autosaves/": r"/wp/v2/menu-items/(?P<parent>[\d]+)/autosaves/",
    "/wp/v2/types/{name:str}": r"/wp/v2/types/(?P<type>[\w-]+)",
    "/wp/v2/taxonomies/{name:str}": r"/wp/v2/taxonomies/(?P<taxonomy>[\w-]+)",
    "/wp/v2/statuses/{name:str}": r"/wp/v2/statuses/(?P<status>[\w-]+)",
}
_ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
# The keywords of WordPress's argument tables; others are of our validator alone.
_KEYWORDS = (
    "title", "description", "default", "type", "format", "enum", "items", "properties",
    "additionalProperties", "oneOf", "anyOf", "minimum", "maximum", "minLength", "maxLength",
    "pattern", "minItems", "maxItems", "uniqueItems", "readonly",
)  # fmt: skip
_TEXT = {
    "type": "object",
    "properties": {"raw": {"type": "string"}, "rendered": {"type": "string", "readonly": True}},
}


@dataclass(frozen=True)
class Added:
    """What a site adds to a route: properties of its schema, and arguments of what reads and of
    what writes."""

    properties: Mapping[str, Any] = field(default_factory=dict)
    reads: Mapping[str, Any] = field(default_factory=dict)
    writes: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Route:
    """One address with what it accepts and gives. `handlers` by method."""

    path: str
    handlers: dict[str, HTTPRouteHandler] = field(default_factory=dict)
    added: Added = field(default_factory=Added)

    def with_added(self, added: Added) -> "Route":
        """The same route on a site that adds to it."""
        return replace(self, added=added)

    @property
    def namespace(self) -> str:
        """The first two parts, as in `wp/v2`; the index and the batch door belong to none."""
        parts = self.path.strip("/").split("/")
        return "/".join(parts[:2]) if len(parts) > 1 and self.path != "/batch/v1" else ""

    @property
    def has_places(self) -> bool:
        return "(?P<" in self.path

    @property
    def methods(self) -> list[str]:
        return [method for method in _ORDER if method in self.handlers]

    @property
    def schema(self) -> Mapping[str, Any] | None:
        declared: Mapping[str, Any] | None = self.said("schema")
        if declared is None or not self.added.properties:
            return declared
        properties = {**declared.get("properties", {}), **self.added.properties}
        return {**declared, "properties": properties}

    def said(self, name: str) -> Any:
        """What the first of its handlers that says anything says under this name."""
        declared = (self.handlers[method].opt.get(name) for method in self.methods)
        return next((one for one in declared if one), None)

    def arguments(self, method: str) -> Mapping[str, Mapping[str, Any]]:
        """The table of a method, with what the site adds."""
        table: Mapping[str, Mapping[str, Any]] = self.handlers[method].opt.get("arguments") or {}
        if method == "DELETE" or not self.handlers[method].opt.get("fields"):
            return table
        return {**table, **(self.added.reads if method == "GET" else self.added.writes)}

    async def read(self, request: Asked, work: UnitOfWork) -> Any:
        """What GET of the address answers to this person, asked inside a unit of work; LookupError
        where there is nothing to read, or not by the address alone."""
        handler = self.handlers.get("GET")
        if handler is None or "inside" not in handler.opt:
            raise LookupError(f"nothing is read at {self.path}")
        await work.decide(handler.opt["action"], handler.opt["resource"])
        known = {
            "request": request,
            "work": work,
            "secret": request.app.state.host.secret,
            **request.path_params,
        }
        wanted = signature(handler.opt["inside"]).parameters
        if not set(wanted) <= set(known):
            raise LookupError(f"{self.path} is not read by its address alone")
        return await handler.opt["inside"](**{name: known[name] for name in wanted})

    def endpoints(self) -> list[dict[str, Any]]:
        """Methods that accept the same arguments are one endpoint."""
        grouped: dict[int, list[str]] = {}
        for method in self.methods:
            table = self.handlers[method].opt.get("arguments")
            key = id(table) if table is not None else hash(method)
            grouped.setdefault(key, []).append(method)
        return [self._endpoint(methods) for methods in grouped.values()]

    def _endpoint(self, methods: list[str]) -> dict[str, Any]:
        said = self.handlers[methods[0]].opt
        batch = {"allow_batch": {"v1": True}} if said.get("allow_batch") else {}
        args = {**places(self.path), **args_of(self.arguments(methods[0]))}
        return {"methods": methods, **batch, "args": args}

    def described(self, request: Asked) -> dict[str, Any]:
        """The entry of the index."""
        body: dict[str, Any] = {
            "namespace": self.namespace,
            "methods": self.methods,
            "endpoints": self.endpoints(),
        }
        return body if self.has_places else {**body, "_links": self._links(request)}

    def options(self, request: Asked) -> dict[str, Any]:
        """The OPTIONS answer: the entry with the schema of what lives at the address."""
        entry = self.described(request)
        links = entry.pop("_links", None)
        if self.schema is not None:
            entry["schema"] = schema = schema_of(self.schema)
            if "links" in schema:
                schema["links"] = [
                    {**one, "href": rest_url(request, one["href"])} for one in schema["links"]
                ]
        return entry if links is None else {**entry, "_links": links}

    def _links(self, request: Asked) -> dict[str, Any]:
        return {"self": [{"href": rest_url(request, self.path)}]}


def routes_of(registered: Iterable[Any]) -> dict[str, Route]:
    """Every address below /wp-json by its form in WordPress, in order."""
    found: dict[str, Route] = {}
    for route in registered:
        if not isinstance(route, HTTPRoute) or not route.path.startswith("/wp-json"):
            continue
        for handler in route.route_handlers:
            methods = handler.http_methods - {"OPTIONS"}
            path = handler.opt.get("route") or as_wordpress(route.path)
            for method in sorted(methods):
                found.setdefault(path, Route(path)).handlers[method] = handler
    return dict(sorted(found.items()))


def as_wordpress(path: str) -> str:
    """`/wp-json/wp/v2/posts/{post_id:int}` as `/wp/v2/posts/(?P<id>[\\d]+)`."""
    rest = path.removeprefix("/wp-json")
    for beginning, written in _BEGINNINGS.items():
        if rest.startswith(beginning):
            return written + _PLACE.sub(_as_group, rest.removeprefix(beginning))
    return _PLACE.sub(_as_group, rest) or "/"


def _as_group(place: re.Match[str]) -> str:
    name, form = place.groups()
    named = _NAMED.get(name)
    if named is None:
        named = ("id" if name.endswith("_id") else name, _FORMS[form])
    return f"(?P<{named[0]}>{named[1]})"


def places(path: str) -> dict[str, Any]:
    """The arguments that stand in the path."""
    return {
        name: {"type": "integer" if form == r"[\d]+" else "string", "required": False}
        for name, form in _GROUP.findall(path)
    }


def args_of(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A table of our validator in the form of WordPress's."""
    return {
        name: {**_argument(schema), "required": bool(schema.get("required"))}
        for name, schema in table.items()
    }


def _argument(schema: Mapping[str, Any]) -> dict[str, Any]:
    if schema.get("type") == "text":
        about = {"description": schema["description"]} if "description" in schema else {}
        return {**about, **_TEXT}
    shown = {word: schema[word] for word in _KEYWORDS if word in schema}
    if isinstance(shown.get("properties"), Mapping):
        shown["properties"] = {n: _argument(one) for n, one in shown["properties"].items()}
    if isinstance(shown.get("items"), Mapping):
        shown["items"] = _argument(shown["items"])
    return shown


def schema_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's schema, its plugin fields in words that JSON schema knows."""
    properties = {
        name: {**one, **_argument(one)} if one.get("type") == "text" else dict(one)
        for name, one in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties}
