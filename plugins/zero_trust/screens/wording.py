"""A policy in words: whom it is about, what, and when. Read from Cedar's JSON form, so it is what
decides that is shown, whoever wrote it and in which form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cms.admin.translating import N_
from plugins.zero_trust.policies import Statement
from plugins.zero_trust.screens.words import ATTRIBUTES, OBLIGATIONS

Say = Callable[..., str]

_PRINCIPALS = {
    "User": N_("people who signed in"),
    "Anonymous": N_("strangers"),
    "System": N_("jobs and commands"),
}
_GROUPS = {
    "read": N_("everything that only reads"),
    "write": N_("everything that changes something"),
    "public_read": N_("everything that anybody may read"),
    "sign_in": N_("signing in"),
    "comment": N_("commenting"),
}
_VARIABLES = {
    "principal": N_("whoever asks"),
    "resource": N_("the thing"),
    "action": N_("the action"),
    "context": N_("the request"),
}
# A language may join the two: "of the thing" is "da coisa".
_MEMBERS = {
    "principal": N_("the %(name)s of whoever asks"),
    "resource": N_("the %(name)s of the thing"),
    "action": N_("the %(name)s of the action"),
}
_COMPARED = {
    "==": N_("%(left)s is %(right)s"),
    "!=": N_("%(left)s is not %(right)s"),
    "<": N_("%(left)s is less than %(right)s"),
    "<=": N_("%(left)s is at most %(right)s"),
    ">": N_("%(left)s is more than %(right)s"),
    ">=": N_("%(left)s is at least %(right)s"),
    "in": N_("%(left)s belongs to %(right)s"),
    "contains": N_("%(left)s contain %(right)s"),
    "containsAny": N_("%(left)s contain one of %(right)s"),
    "containsAll": N_("%(left)s contain all of %(right)s"),
}
_JOINED = {"&&": "all", "||": "any"}


@dataclass(frozen=True)
class Part:
    """A condition: `kind` is leaf, with its words, or all, any, not, with the parts below it."""

    kind: str
    text: str = ""
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Reading:
    """`does`: permit, forbid or require. `unless` are what lifts a forbid."""

    does: str
    who: str
    actions: tuple[str, ...]
    things: str
    when: tuple[Part, ...]
    unless: tuple[Part, ...]


class Wording:
    """Reads statements in one language."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def read(self, statement: Statement) -> Reading:
        est = statement.est
        conditions = est["conditions"]
        does = "require" if statement.layer == "R" else est["effect"]
        return Reading(
            does,
            self._scope(est["principal"], _PRINCIPALS, N_("everybody")),
            self._actions(est["action"]),
            self._scope(est["resource"], {}, N_("everything")),
            tuple(self._part(one["body"]) for one in conditions if one["kind"] == "when"),
            tuple(self._part(one["body"]) for one in conditions if one["kind"] == "unless"),
        )

    def _scope(self, scope: Mapping[str, Any], known: Mapping[str, str], every: str) -> str:
        if scope["op"] == "All":
            return self._say(every)
        if scope["op"] == "is":
            name = scope["entity_type"]
            return self._say(known[name]) if name in known else str(name)
        return self._entity(scope.get("entity", {}))

    def _actions(self, scope: Mapping[str, Any]) -> tuple[str, ...]:
        if scope["op"] == "All":
            return (self._say(N_("every action")),)
        entities = scope.get("entities") or [scope["entity"]]
        names = [str(entity["id"]) for entity in entities]
        return tuple(self._say(_GROUPS[name]) if name in _GROUPS else name for name in names)

    def _part(self, expression: Any) -> Part:
        ((op, inner),) = expression.items() if len(expression) == 1 else (("", expression),)
        if op in _JOINED:
            return self._joined(op, inner)
        if op == "!":
            return Part("not", parts=(self._part(inner["arg"]),))
        return Part("leaf", self._leaf(op, inner))

    def _joined(self, op: str, inner: Mapping[str, Any]) -> Part:
        """What stands in one chain is one list, however it was halved."""
        found: list[Part] = []
        for side in (inner["left"], inner["right"]):
            part = self._part(side)
            found.extend(part.parts if part.kind == _JOINED[op] else (part,))
        return Part(_JOINED[op], parts=tuple(found))

    def _leaf(self, op: str, inner: Any) -> str:
        if op in _COMPARED:
            left, right = self._value(inner["left"]), self._value(inner["right"])
            if op == "contains" and "Set" in inner["left"]:
                return self._say(N_("%(left)s is one of %(right)s"), left=right, right=left)
            return self._say(_COMPARED[op], left=left, right=right)
        if op == "has":
            return self._say(N_("%(name)s is known"), name=self._attribute(inner["attr"]))
        if op == "isInRange":
            left, right = map(self._value, inner)
            return self._say(N_("%(left)s lies in %(right)s"), left=left, right=right)
        if op == ".":
            return self._say(N_("%(name)s holds"), name=self._value({".": inner}))
        return self._value({op: inner} if op else inner)

    def _value(self, expression: Any) -> str:
        ((op, inner),) = expression.items()
        if op == "Value":
            return self._literal(inner)
        if op == "Set":
            return ", ".join(map(self._value, inner))
        if op == "Var":
            return self._say(_VARIABLES[inner])
        if op == ".":
            return self._member(inner)
        if op == "ip":
            return ", ".join(map(self._value, inner))
        return str(expression)

    def _member(self, inner: Mapping[str, Any]) -> str:
        name = self._attribute(inner["attr"])
        if inner["left"] == {"Var": "context"}:
            return name
        variable = inner["left"].get("Var")
        if variable in _MEMBERS:
            return self._say(_MEMBERS[variable], name=name)
        whose = self._value(inner["left"])
        return self._say(N_("the %(name)s of %(whose)s"), name=name, whose=whose)

    def _attribute(self, name: str) -> str:
        return self._say(ATTRIBUTES[name]) if name in ATTRIBUTES else name

    def _literal(self, value: Any) -> str:
        if isinstance(value, bool):
            return self._say(N_("yes")) if value else self._say(N_("no"))
        if isinstance(value, Mapping) and "__entity" in value:
            return self._entity(value["__entity"])
        if value in OBLIGATIONS:
            return f"“{self._say(OBLIGATIONS[value])}”"
        return str(value)

    def _entity(self, entity: Mapping[str, Any]) -> str:
        if entity.get("type") == "Role":
            return self._say(N_("the role %(name)s"), name=entity["id"])
        return str(entity.get("id", ""))
