"""Rules of a form, alternatives of which one must hold in all of its rules: as the form sent them,
and turned by its buttons, which save nothing yet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cms.admin.forms import Form

PREFIX = "rule."
Rule = dict[str, str]
Alternatives = list[list[Rule]]


def sent(form: Form) -> Alternatives:
    """The rules in the order of their numbers: `rule.0.1.value` is of the second rule of the first
    alternative."""
    found: dict[int, dict[int, Rule]] = {}
    for name, value in form.below(PREFIX).items():
        either, _, rest = name.partition(".")
        both, _, part = rest.partition(".")
        if either.isdigit() and both.isdigit() and part:
            found.setdefault(int(either), {}).setdefault(int(both), {})[part] = value.strip()
    return [[rules[at] for at in sorted(rules)] for _, rules in sorted(found.items())]


def turn(rules: Alternatives, step: str, blank: Rule) -> bool:
    """What a button asks for: `or`, `and:0`, `without:0:1`. Whether it was one of these."""
    verb, *places = step.split(":")
    numbers = [int(one) for one in places if one.isdigit()]
    if verb == "or":
        rules.append([blank])
    elif verb == "and" and len(numbers) == 1 and numbers[0] < len(rules):
        rules[numbers[0]].append(blank)
    elif verb == "without" and _is_rule(rules, numbers):
        rules[numbers[0]].pop(numbers[1])
        rules[:] = [one for one in rules if one]
    else:
        return False
    return True


def _is_rule(rules: Alternatives, numbers: Sequence[int]) -> bool:
    return len(numbers) == 2 and numbers[0] < len(rules) and numbers[1] < len(rules[numbers[0]])


def plain(found: Iterable[Any], names: Sequence[str]) -> Alternatives:
    """Rules of a definition as a form shows them: texts of these parts."""
    return [
        [
            {name: _text(one.get(name)) for name in names}
            for one in rules
            if isinstance(one, Mapping)
        ]
        for rules in found
        if isinstance(rules, list)
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)
