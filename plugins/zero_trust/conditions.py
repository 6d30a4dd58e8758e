"""The conditions a compliance officer writes: restricted JSON to Cedar's expression form.

`{"all": […]}`, `{"any": […]}`, `{"not": …}`, or `{"attr": …, "op": …, "value": …}`; `{}` always
holds. A condition on an attribute that is missing does not hold; `present` asks for that itself.
"""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from cms.kernel.declarations import PolicyAttribute
from plugins.zero_trust.schema import Vocabulary

Expression = dict[str, Any]

MAX_DEPTH, MAX_PARTS = 8, 50
ROLES = "roles"
_TRUE: Expression = {"Value": True}
_LONG = range(-(2**63), 2**63)


class ConditionRefused(ValueError):
    """The condition at this path cannot be compiled; the message says why."""


def to_expression(condition: Any, vocabulary: Vocabulary) -> Expression:
    """The Cedar expression of a condition. ConditionRefused names the part that is wrong."""
    return _part(condition, vocabulary, "conditions", MAX_DEPTH)


def context(name: str) -> Expression:
    """`context.name`"""
    return {".": {"left": {"Var": "context"}, "attr": name}}


def has(name: str) -> Expression:
    """`context has name`"""
    return {"has": {"left": {"Var": "context"}, "attr": name}}


def both(left: Expression, right: Expression) -> Expression:
    """`left && right`"""
    return {"&&": {"left": left, "right": right}}


def negated(expression: Expression) -> Expression:
    """`!expression`"""
    return {"!": {"arg": expression}}


def compared(op: str, left: Expression, value: Any) -> Expression:
    """`left op value`, the value being a bool, an integer, a string or a list of strings."""
    return {op: {"left": left, "right": _literal(value)}}


def _part(condition: Any, vocabulary: Vocabulary, path: str, depth: int) -> Expression:
    if not isinstance(condition, Mapping) or depth == 0:
        raise ConditionRefused(f"{path} must be an object, nested at most {MAX_DEPTH} deep")
    keys = frozenset(condition)
    if not keys:
        return _TRUE
    if keys == {"not"}:
        return negated(_part(condition["not"], vocabulary, f"{path}.not", depth - 1))
    for word, operator in (("all", "&&"), ("any", "||")):
        if keys == {word}:
            parts = _parts(condition[word], vocabulary, f"{path}.{word}", depth - 1)
            return _folded(parts, operator)
    if keys == {"attr", "op", "value"}:
        return _leaf(condition, vocabulary, path)
    raise ConditionRefused(
        f"{path} must have either all, any, not, or attr with op and value; it has "
        + ", ".join(sorted(map(str, keys)))
    )


def _parts(conditions: Any, vocabulary: Vocabulary, path: str, depth: int) -> list[Expression]:
    if not isinstance(conditions, list) or not 1 <= len(conditions) <= MAX_PARTS:
        raise ConditionRefused(f"{path} must be a list of 1 to {MAX_PARTS} conditions")
    return [
        _part(condition, vocabulary, f"{path}[{index}]", depth)
        for index, condition in enumerate(conditions)
    ]


def _folded(parts: Sequence[Expression], operator: str) -> Expression:
    # Halved, not chained: Cedar's parser stops at a nesting of about a hundred.
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return {
        operator: {
            "left": _folded(parts[:middle], operator),
            "right": _folded(parts[middle:], operator),
        }
    }


def _leaf(condition: Mapping[str, Any], vocabulary: Vocabulary, path: str) -> Expression:
    name, op, value = condition["attr"], condition["op"], condition["value"]
    if name == ROLES:
        return _on_roles(op, value, path)
    attribute = vocabulary.attributes.get(name) if isinstance(name, str) else None
    if attribute is None:
        known = ", ".join(sorted([ROLES, *vocabulary.attributes]))
        raise ConditionRefused(f"{path}.attr {name!r} is unknown; known are {known}")
    if op == "present":
        _check(isinstance(value, bool), path, "true or false", value)
        return has(name) if value else negated(has(name))
    comparison = _comparison(attribute, op, value, path)
    return comparison if attribute.is_required else both(has(name), comparison)


def _comparison(attribute: PolicyAttribute, op: Any, value: Any, path: str) -> Expression:
    operators = _OPERATORS[attribute.type]
    if not isinstance(op, str) or op not in operators:
        raise ConditionRefused(
            f"{path}.op {op!r} does not fit {attribute.name} ({attribute.type}); "
            f"fitting are {', '.join(operators)}, present"
        )
    return operators[op](context(attribute.name), value, path)


def _on_roles(op: Any, value: Any, path: str) -> Expression:
    words = {"contains": "||", "contains_any": "||", "contains_all": "&&"}
    if op not in words:
        raise ConditionRefused(f"{path}.op {op!r} does not fit roles; use {', '.join(words)}")
    names = _strings([value] if op == "contains" else value, path)
    return _folded([_has_role(name) for name in names], words[op])


def _has_role(name: str) -> Expression:
    role = {"Value": {"__entity": {"type": "Role", "id": name}}}
    return {"in": {"left": {"Var": "principal"}, "right": role}}


# -- values


def _check(is_right: bool, path: str, wanted: str, value: Any) -> None:
    if not is_right:
        raise ConditionRefused(f"{path}.value must be {wanted}, not {value!r}")


def _bool(value: Any, path: str) -> bool:
    _check(isinstance(value, bool), path, "true or false", value)
    return bool(value)


def _long(value: Any, path: str) -> int:
    is_right = isinstance(value, int) and not isinstance(value, bool) and value in _LONG
    _check(is_right, path, "a whole number", value)
    return int(value)


def _string(value: Any, path: str) -> str:
    _check(isinstance(value, str), path, "a text", value)
    return str(value)


def _strings(value: Any, path: str) -> list[str]:
    is_list = isinstance(value, list) and 1 <= len(value) <= MAX_PARTS
    is_right = is_list and all(isinstance(item, str) for item in value)
    _check(is_right, path, f"a list of 1 to {MAX_PARTS} texts", value)
    return list(value)


def _networks(value: Any, path: str) -> list[str]:
    networks = _strings([value] if isinstance(value, str) else value, path)
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise ConditionRefused(f"{path}.value: {error}") from error
    return networks


def _literal(value: Any) -> Expression:
    if isinstance(value, list):
        return {"Set": [_literal(item) for item in value]}
    return {"Value": value}


# -- operators

Operator = Callable[[Expression, Any, str], Expression]


def _compares(op: str, typed: Callable[[Any, str], Any]) -> Operator:
    return lambda left, value, path: compared(op, left, typed(value, path))


def _is_among(left: Expression, value: Any, path: str) -> Expression:
    return {"contains": {"left": _literal(_strings(value, path)), "right": left}}


def _in_network(left: Expression, value: Any, path: str) -> Expression:
    ranges = [
        {"isInRange": [left, {"ip": [{"Value": network}]}]} for network in _networks(value, path)
    ]
    return _folded(ranges, "||")


_OPERATORS: Mapping[str, Mapping[str, Operator]] = {
    "Bool": {"is": _compares("==", _bool)},
    "Long": {
        "is": _compares("==", _long),
        "is_not": _compares("!=", _long),
        "less_than": _compares("<", _long),
        "at_most": _compares("<=", _long),
        "more_than": _compares(">", _long),
        "at_least": _compares(">=", _long),
    },
    "String": {
        "is": _compares("==", _string),
        "is_not": _compares("!=", _string),
        "in": _is_among,
        "not_in": lambda left, value, path: negated(_is_among(left, value, path)),
    },
    "Set<String>": {
        "contains": _compares("contains", _string),
        "contains_any": _compares("containsAny", _strings),
        "contains_all": _compares("containsAll", _strings),
    },
    "ipaddr": {"in_network": _in_network},
}
