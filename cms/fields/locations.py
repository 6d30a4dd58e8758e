"""Where a group applies: its rules against a place, such as a post or a term."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cms.content.faults import Faults
from cms.fields.field import Group, LocationRule
from cms.fields.group_settings import Notices

OPERATORS = ("==", "!=")
ALL = "all"
NONE = "0"
"""Stands in a set of facts where there is nothing, such as a page without a parent."""


@dataclass(frozen=True)
class Place:
    """Something that can have fields. `kind` is post (media are posts), term, user, comment or
    option; menu, menu_item, widget and block have rules and no values here. `facts` are what rules
    ask about, by their `param`, such as `{"post_type": {"page"}, "page": {"12"}}`. A parameter that
    is not in `facts` is not known, and a rule about it is taken as fulfilled: so a list of possible
    fields can be made before a thing exists. One whose set is empty does not fit the place, and no
    rule about it is fulfilled."""

    kind: str
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    @property
    def is_media(self) -> bool:
        return "attachment" in self.facts.get("post_type", ())


@dataclass(frozen=True)
class Parameter:
    """What a rule may ask: of which kind of place, empty for all of them."""

    name: str
    label: str
    category: str
    kind: str


PARAMETERS: Mapping[str, Parameter] = {
    one.name: one
    for one in (
        Parameter("post_type", "Post Type", "post", "post"),
        Parameter("post_template", "Post Template", "post", "post"),
        Parameter("post_status", "Post Status", "post", "post"),
        Parameter("post_format", "Post Format", "post", "post"),
        Parameter("post_category", "Post Category", "post", "post"),
        Parameter("post_taxonomy", "Post Taxonomy", "post", "post"),
        Parameter("post", "Post", "post", "post"),
        Parameter("page_template", "Page Template", "page", "post"),
        Parameter("page_type", "Page Type", "page", "post"),
        Parameter("page_parent", "Page Parent", "page", "post"),
        Parameter("page", "Page", "page", "post"),
        Parameter("current_user", "Current User", "user", ""),
        Parameter("current_user_role", "Current User Role", "user", ""),
        Parameter("user_form", "User Form", "user", "user"),
        Parameter("user_role", "User Role", "user", "user"),
        Parameter("taxonomy", "Taxonomy", "forms", "term"),
        Parameter("attachment", "Attachment", "forms", "post"),
        Parameter("comment", "Comment", "forms", "comment"),
        Parameter("widget", "Widget", "forms", "widget"),
        Parameter("nav_menu", "Menu", "forms", "menu"),
        Parameter("nav_menu_item", "Menu Item", "forms", "menu_item"),
        Parameter("options_page", "Options Page", "forms", "option"),
        Parameter("block", "Block", "forms", "block"),
    )
}
KINDS = ("post", "term", "user", "comment", "option", "menu", "menu_item", "widget", "block")
# What a rule about a post may ask of a media file, which is one.
_OF_MEDIA = frozenset({"attachment", "post_type", "current_user", "current_user_role"})


class Outcome(StrEnum):
    """What became of a rule; one that asks what nobody knows yet is taken as fulfilled."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


def outcome(rule: LocationRule, place: Place) -> Outcome:
    """Whether the rule holds here."""
    param = PARAMETERS.get(rule.param)
    if param is None or param.kind not in {"", place.kind} or not _fits(rule, place):
        return Outcome.FAILS
    known = place.facts.get(rule.param)
    if known is None:
        return Outcome.UNKNOWN
    if not known:
        return Outcome.FAILS
    is_so = rule.value in known or rule.value == ALL
    return Outcome.HOLDS if is_so is (rule.operator == "==") else Outcome.FAILS


def _fits(rule: LocationRule, place: Place) -> bool:
    """Media have rules of their own: `post_type != page` does not mean them."""
    if not place.is_media:
        return rule.param != "attachment" or "post_type" not in place.facts
    if rule.param == "post_type":
        return rule.operator == "==" and rule.value == "attachment"
    return rule.param in _OF_MEDIA


def applies(group: Group, place: Place) -> bool:
    """Whether any of the alternatives holds in all of its rules."""
    return any(
        rules and all(outcome(rule, place) is not Outcome.FAILS for rule in rules)
        for rules in group.location
    )


def may_apply(group: Group, kind: str) -> bool:
    """Whether the group could ever apply to something of this kind."""
    return any(
        rules and all(_param_kind(rule) in {"", kind} for rule in rules) for rules in group.location
    )


def _param_kind(rule: LocationRule) -> str | None:
    param = PARAMETERS.get(rule.param)
    return param.kind if param is not None else None


def read_location(
    found: Any, faults: Faults, notices: Notices
) -> tuple[tuple[LocationRule, ...], ...]:
    """The rules of a group: OR of AND. A parameter that nobody here knows is kept, and told."""
    # PHP writes a list whose first keys were taken out as an object.
    rows = list(found.values()) if isinstance(found, Mapping) else found
    if not isinstance(rows, list):
        if rows not in ("", None, False, 0):
            faults.add("location", "must be a list of lists of rules")
        return ()
    return tuple(
        _alternative(rules, f"location[{i}]", faults, notices) for i, rules in enumerate(rows)
    )


def _alternative(
    found: Any, place: str, faults: Faults, notices: Notices
) -> tuple[LocationRule, ...]:
    rows = list(found.values()) if isinstance(found, Mapping) else found
    if not isinstance(rows, list):
        faults.add(place, "must be a list of rules")
        return ()
    read = (_rule(row, f"{place}[{i}]", faults, notices) for i, row in enumerate(rows))
    return tuple(rule for rule in read if rule is not None)


def _rule(found: Any, place: str, faults: Faults, notices: Notices) -> LocationRule | None:
    if not isinstance(found, Mapping) or not isinstance(found.get("param"), str):
        faults.add(place, "must be an object with param, operator and value")
        return None
    rule = LocationRule(
        found["param"], str(found.get("operator", "==")), str(found.get("value", ""))
    )
    if rule.param not in PARAMETERS:
        message = f"nothing here can be asked for {rule.param!r:.60}; the rule never holds"
        notices.add(f"{place}.param", "unknown_parameter", message)
    elif rule.operator not in OPERATORS:
        faults.add(f"{place}.operator", "must be == or !=")
    elif not rule.value:
        faults.add(f"{place}.value", "must name what is compared, or all")
    return rule
