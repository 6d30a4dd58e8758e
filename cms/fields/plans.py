"""Which fields somebody gets of a kind of thing: worked out once for each set of versions, because
every body of every list asks for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cms.fields.drafts import fields_of_site
from cms.fields.field import Field, Group
from cms.fields.kinds import POST, Kind, Subject
from cms.fields.locations import Outcome, Place, applies, outcome
from cms.fields.places import place_of_type
from cms.fields.rights import Fields, named_capabilities, visible_fields
from cms.fields.site_fields import SiteFields, fields_of
from cms.kernel.actors import Actor
from cms.kernel.work import ReadableWork

# Sets of groups and rights that are remembered for a site; a site has a handful.
_MOST = 512
# Which form of WordPress it is nobody knows here: rules about it are fulfilled for everybody.
_NOBODY_KNOWS = frozenset({"user_form"})


@dataclass(frozen=True)
class Possible:
    """The groups that may apply to things of a kind. `asks`: what their rules want to know of each
    of them; where that is nothing, the groups apply to all of them alike."""

    groups: tuple[Group, ...]
    asks: frozenset[str]
    capabilities: frozenset[str]
    has_secrets: bool
    is_in_rest: bool

    def at(self, place: Place | None) -> tuple[Group, ...]:
        """Those that apply to the thing at this place; None is one like all of its kind."""
        if place is None:
            return self.groups
        return tuple(group for group in self.groups if applies(group, place))


@dataclass(frozen=True, eq=False)
class Plan:
    """The fields that an actor gets of things to which the same groups apply."""

    fields: Fields
    shown: tuple[Field, ...]


NOTHING = Plan({}, ())


def possible(work: ReadableWork, kind: Kind) -> Possible:
    """What may apply to things of this kind on this site."""
    site = fields_of_site(work)
    found: Possible | None = site.plans.get(kind)
    if found is None:
        place = place_of_type(work, kind.name) if kind.subject == POST else kind.place()
        groups = tuple(site.groups_for(place))
        rules = [rule for group in groups for rules in group.location for rule in rules]
        asks = frozenset(r.param for r in rules if outcome(r, place) is Outcome.UNKNOWN)
        found = Possible(
            groups,
            asks - _NOBODY_KNOWS,
            named_capabilities(groups),
            any(one.is_secret for group in groups for one in group.every_field()),
            any(group.is_shown_in_rest for group in groups),
        )
        _remember(site, kind, found)
    return found


def plans_of(
    work: ReadableWork, kind: Kind, subjects: Sequence[Subject], *, rest_only: bool = True
) -> list[Plan]:
    """The fields that the actor gets of each thing. `rest_only`: of groups that REST shows."""
    found = possible(work, kind)
    common: dict[bool, Plan] = {}
    plans = []
    for subject in subjects:
        edits = found.has_secrets and subject.edits()
        if subject.is_closed:
            plans.append(NOTHING)
        elif subject.place is not None:
            groups = found.at(subject.place)
            plans.append(plan(work, found, groups, edits=edits, rest_only=rest_only))
        else:
            if edits not in common:
                groups = found.groups
                common[edits] = plan(work, found, groups, edits=edits, rest_only=rest_only)
            plans.append(common[edits])
    return plans


def plan(
    work: ReadableWork,
    found: Possible,
    groups: tuple[Group, ...],
    *,
    edits: bool,
    rest_only: bool,
) -> Plan:
    """The fields of these groups for the actor, who may change the thing itself (`edits`) or
    not."""
    site, actor = fields_of_site(work), work.actor
    key = (tuple(map(id, groups)), *_standing(actor, found, edits=edits), rest_only)
    made: Plan | None = site.plans.get(key)
    if made is None:
        fields = visible_fields(actor, fields_of(groups), edits=edits)
        kept = {n: one for n, one in fields.items() if one[1].is_shown_in_rest or not rest_only}
        made = Plan(kept, tuple(one for one, _ in kept.values()))
        _remember(site, key, made)
    return made


def _standing(actor: Actor, found: Possible, *, edits: bool) -> tuple[Any, ...]:
    """What of an actor decides about these fields."""
    held = frozenset(name for name in found.capabilities if actor.has(name))
    return held, actor.is_anonymous and bool(found.capabilities), edits and found.has_secrets


def writable_names(groups: Iterable[Group]) -> frozenset[str]:
    """The names that a request through /wp-json may write: of groups that it shows."""
    return frozenset(
        name for name, (_, group) in fields_of(groups).items() if group.is_shown_in_rest
    )


def _remember(site: SiteFields, key: Any, value: Any) -> None:
    if len(site.plans) >= _MOST:
        site.plans.clear()
    site.plans[key] = value
