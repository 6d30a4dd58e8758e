"""Where a group applies: its rules against a place, such as a post or a term."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.fields.field import Group, LocationRule


@dataclass(frozen=True)
class Place:
    """Something that can have fields. `kind` is post, term, user, comment or option; `facts` are
    what rules ask about, by their `param`, such as `{"post_type": {"page"}, "page": {"12"}}`. A
    parameter that is not in `facts` is not known, and a rule about it is taken as fulfilled: so a
    list of possible fields can be made before a thing exists."""

    kind: str
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)


def applies(group: Group, place: Place) -> bool:
    """Whether any of the alternatives holds in all of its rules."""
    return any(rules and all(_holds(rule, place) for rule in rules) for rules in group.location)


def _holds(rule: LocationRule, place: Place) -> bool:
    known = place.facts.get(rule.param)
    if known is None:
        return KINDS.get(rule.param) == place.kind
    is_so = rule.value in known or rule.value == "all"
    return is_so if rule.operator == "==" else not is_so


# Which kind of place each parameter speaks of.
KINDS: Mapping[str, Any] = {
    "post_type": "post",
    "post_format": "post",
    "attachment": "post",
    "taxonomy": "term",
    "user_form": "user",
    "user_role": "user",
    "comment": "comment",
    "options_page": "option",
}
