"""The Cedar schema, from what the host and its plugins declare.

Each action stands in groups that a policy may name: `Action::"read"` if it only reads, else
`Action::"write"`; `Action::"public_read"` if it reads and asks for no capability; and signing in
stands in `Action::"sign_in"`, commenting in `Action::"comment"`, whoever brings them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from cedarpy import Schema

from cms.kernel.actions import Action, ActionTable
from cms.kernel.declarations import PolicyAttribute
from plugins.zero_trust.errors import PolicyRefused

PRINCIPALS = ("User", "Anonymous", "System")
GROUPS = ("read", "write", "public_read", "sign_in", "comment")
SIGN_IN = frozenset({"auth.sign_in"})
COMMENT = frozenset({"comment.create"})

CORE = (
    PolicyAttribute("tenant_id", "Long", "The tenant whose host name was asked.", True),
    PolicyAttribute("method", "String", "How the actor proved who it is.", True),
    PolicyAttribute("factors", "Set<String>", "Its factors, by their RFC 8176 names.", True),
    PolicyAttribute("signed_in", "Bool", "By a token with a factor, within 12 hours.", True),
    PolicyAttribute("authentication_age_seconds", "Long", "Seconds since that proof.", True),
    PolicyAttribute("channel", "String", "The door: rest, api, admin, worker, cli.", True),
    PolicyAttribute("hour", "Long", "Hour of the day, 0 to 23, UTC.", True),
    PolicyAttribute("trust_score", "Long", "0 to 100; trust.py says from what.", True),
    PolicyAttribute("satisfied", "Set<String>", "Obligations that the actor has met.", True),
    PolicyAttribute("ip", "ipaddr", "The network address, where it is known."),
)

_TYPES: Mapping[str, dict[str, Any]] = {
    "Bool": {"type": "Boolean"},
    "Long": {"type": "Long"},
    "String": {"type": "String"},
    "Set<String>": {"type": "Set", "element": {"type": "String"}},
    "ipaddr": {"type": "Extension", "name": "ipaddr"},
}
_TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
_TENANT = {"type": "Record", "attributes": {"tenant": {"type": "Long"}}}


def entity_type(resource: str) -> str:
    """The Cedar type of a resource type: `application_password` is `ApplicationPassword`."""
    words = re.split(r"[_.\- ]+", resource)
    return "".join(word[:1].upper() + word[1:] for word in words)


def groups_of(action: Action) -> tuple[str, ...]:
    """The action groups that a policy may name in place of the action."""
    is_public = action.reads and action.capability is None
    chosen = {
        "read": action.reads,
        "write": not action.reads,
        "public_read": is_public,
        "sign_in": action.name in SIGN_IN,
        "comment": action.name in COMMENT,
    }
    return tuple(group for group in GROUPS if chosen[group])


@dataclass(frozen=True)
class Vocabulary:
    """Everything a policy may speak of: actions, resource types and attributes of the context."""

    actions: ActionTable
    attributes: Mapping[str, PolicyAttribute]

    @classmethod
    def of(cls, actions: ActionTable, declared: Iterable[PolicyAttribute]) -> "Vocabulary":
        """PolicyRefused when two attributes contradict each other, or one has a type Cedar lacks.

        Two plugins may speak of the same fact; only one may compute it.
        """
        attributes = {attribute.name: attribute for attribute in CORE}
        for attribute in declared:
            if attribute.type not in _TYPES:
                wanted = ", ".join(_TYPES)
                raise PolicyRefused(
                    attribute.name, f"its type {attribute.type!r} is none of {wanted}"
                )
            attributes[attribute.name] = _agreed(attributes.get(attribute.name), attribute)
        return cls(actions, attributes)

    @cached_property
    def document(self) -> bytes:
        """The schema in Cedar's JSON form, the same bytes for the same declarations."""
        return msgspec.json.encode({"": self._namespace()}, order="deterministic")

    @cached_property
    def handle(self) -> Schema:
        """The parsed schema; parsing costs milliseconds, so it is done once."""
        try:
            return Schema.from_json_str(self.document.decode())
        except ValueError as error:
            raise PolicyRefused("schema", str(error)) from error

    def _namespace(self) -> dict[str, Any]:
        context = {
            name: {**_TYPES[attribute.type], "required": attribute.is_required}
            for name, attribute in self.attributes.items()
        }
        groups: dict[str, Any] = {name: {} for name in GROUPS}
        return {
            "commonTypes": {"Circumstances": {"type": "Record", "attributes": context}},
            "entityTypes": self._entity_types(),
            "actions": groups | {action.name: _action(action) for action in self.actions},
        }

    def _entity_types(self) -> dict[str, Any]:
        names = {"Role", *PRINCIPALS, *(entity_type(action.resource) for action in self.actions)}
        for name in names:
            if not _TYPE_NAME.fullmatch(name) or name == "Action":
                raise PolicyRefused("schema", f"{name!r} cannot be the name of a resource type")
        types: dict[str, Any] = {name: {"shape": _TENANT} for name in names}
        types["User"] = {"shape": _TENANT, "memberOfTypes": ["Role"]}
        return types


def _agreed(known: PolicyAttribute | None, new: PolicyAttribute) -> PolicyAttribute:
    if known is None:
        return new
    facts = (known.type, known.is_required)
    if known in CORE or facts != (new.type, new.is_required) or (known.provide and new.provide):
        raise PolicyRefused(new.name, "it is an attribute already, declared in another way")
    return new if new.provide else known


def _action(action: Action) -> dict[str, Any]:
    return {
        "memberOf": [{"id": group} for group in groups_of(action)],
        "appliesTo": {
            "principalTypes": list(PRINCIPALS),
            "resourceTypes": [entity_type(action.resource)],
            "context": {"type": "Circumstances"},
        },
    }
