"""Conditional logic: whether a field shows, asked of the values as they are after the change.

As in ACF's editor a rule may speak of a field beside its own or around it, compares texts without
regard to case, and is no rule when its field is not there.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from cms.fields.defining import as_flag, as_number
from cms.fields.field import Condition, Field

RELATIONAL = frozenset({"page_link", "user", "relationship", "post_object", "taxonomy"})
MOMENTS = frozenset({"date_picker", "date_time_picker", "time_picker"})
PATTERN_SECONDS = 0.5
LONGEST_TEXT = 10_000
LONGEST_PATTERN = 1_000

_NO_DIGIT = re.compile(r"\D")


@dataclass
class Patterns:
    """Compiled once for a walk, which has little time for all of them: a pattern of a form must
    never hold the server up. One that finds no time matches nothing."""

    seconds_left: float = PATTERN_SECONDS
    _known: dict[str, Any] = field(default_factory=dict)

    def matches(self, pattern: str, text: str) -> bool:
        if pattern not in self._known:
            self._known[pattern] = _compiled(pattern)
        compiled = self._known[pattern]
        if compiled is None or self.seconds_left <= 0:
            return False
        # By the clock of this thread, as the library counts: a busy machine takes no time away.
        started = time.thread_time()
        try:
            found = compiled.search(text[:LONGEST_TEXT], timeout=self.seconds_left)
        except TimeoutError:
            found = None
        self.seconds_left -= time.thread_time() - started
        return found is not None


def _compiled(pattern: str) -> Any:
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        return regex.compile(pattern, regex.IGNORECASE)
    except (regex.error, RecursionError, OverflowError):
        return None


@dataclass(frozen=True)
class Scope:
    """The values of one level by name, its fields by key, and the level around it."""

    fields: Mapping[str, Field]
    values: Mapping[str, Any]
    around: "Scope | None" = None
    patterns: Patterns = field(default_factory=Patterns)

    def within(self, fields: Mapping[str, Field], values: Mapping[str, Any]) -> "Scope":
        """The level of a group or a row inside."""
        return Scope(fields, values, self, self.patterns)

    def shows(self, one: Field) -> bool:
        """Whether a field of this level shows: any alternative holds in all of its rules."""
        if not one.conditions:
            return True
        return any(all(self._holds(rule) for rule in rules) for rules in one.conditions)

    def _holds(self, rule: Condition) -> bool:
        scope: Scope | None = self
        while scope is not None:
            asked = scope.fields.get(rule.field)
            if asked is not None:
                value = scope.values.get(asked.name)
                return holds(asked.type, value, rule.operator, rule.value, self.patterns)
            scope = scope.around
        return True


def holds(kind: str, value: Any, operator: str, wanted: Any, patterns: Patterns) -> bool:
    """Whether a stored value of a field of this type fulfils a rule; an operator that nobody knows
    is no rule."""
    is_so = True
    match _OPPOSITES.get(operator, operator):
        case "==empty":
            is_so = is_empty(value)
        case "==":
            is_so = _equals(kind, value, wanted)
        case "==contains":
            is_so = _contains(value, wanted)
        case "==pattern":
            is_so = any(patterns.matches(_text(wanted), one) for one in _texts(value))
        case "<" | ">":
            is_so = _compares(kind, value, operator, wanted)
    return is_so != (operator in _OPPOSITES)


_OPPOSITES = {
    "!=empty": "==empty",
    "!=": "==",
    "!==": "==",
    "!=contains": "==contains",
    "!=pattern": "==pattern",
}


def is_empty(value: Any) -> bool:
    """No text, no choice, not ticked; 0 is a number like any other."""
    return value is None or value is False or value in ("", [], {})


def _equals(kind: str, value: Any, wanted: Any) -> bool:
    if kind == "true_false":
        return bool(value) == as_flag(wanted)
    if kind in MOMENTS:
        return not is_empty(value) and _digits(value) == _digits(wanted)
    if kind in RELATIONAL and isinstance(value, list):
        return len(value) == 1 and _is_same(value[0], wanted)
    if isinstance(value, list):
        return any(_is_same(one, wanted) for one in value)
    return _is_same(value, wanted)


def _is_same(value: Any, wanted: Any) -> bool:
    number = as_number(wanted)
    if number is not None:
        return as_number(value) == number
    return _text(value).casefold() == _text(wanted).casefold()


def _contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, list):
        return any(_is_same(one, wanted) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _is_same(value, wanted)
    return _text(wanted) in _text(value)


def _compares(kind: str, value: Any, operator: str, wanted: Any) -> bool:
    limit = as_number(_digits(wanted) if kind in MOMENTS else wanted)
    if isinstance(value, list):
        found: Any = len(value)
    elif kind in RELATIONAL or kind in _CHOICES:
        found = 0 if is_empty(value) else 1
    elif kind in MOMENTS:
        found = as_number(_digits(value))
    else:
        found = as_number(value)
    if found is None or limit is None:
        return False
    return bool(found < limit if operator == "<" else found > limit)


_CHOICES = frozenset({"select", "checkbox", "radio", "button_group"})


def _digits(value: Any) -> str:
    """A date as ACF writes it in rules and as it is stored differ in their marks only."""
    return _NO_DIGIT.sub("", _text(value))


def _texts(value: Any) -> Sequence[str]:
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value) if isinstance(value, int | float) else ""
