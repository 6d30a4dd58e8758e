"""Which fields somebody gets of a kind of thing: worked out once for each set of versions, because
every body of every list asks for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cms.fields.field import Field, Group
from cms.fields.kinds import Facts, Kind, Subject, of_actor
from cms.fields.locations import applies
from cms.fields.rights import Fields, named_capabilities, visible_fields
from cms.fields.site_fields import SiteFields, fields_of
from cms.kernel.actors import Actor

# Sets of groups and rights that are remembered for a site; a site has a handful.
_MOST = 512


@dataclass(frozen=True)
class Possible:
    """The groups that may apply to things of a kind. `asks`: what their rules want to know of each
    of them; where that is nothing, the groups apply to all of them alike."""

    groups: tuple[Group, ...]
    asks: frozenset[str]
    capabilities: frozenset[str]
    has_secrets: bool

    @property
    def is_in_rest(self) -> bool:
        """Whether any of it is ever shown through /wp-json."""
        return any(group.is_shown_in_rest for group in self.groups)

    def of(self, kind: Kind, actor: Actor, facts: Callable[[], Facts]) -> tuple[Group, ...]:
        """Those that apply to the one with these facts."""
        if not self.asks:
            return self.groups
        place = kind.place({**of_actor(actor), **facts()})
        return tuple(group for group in self.groups if applies(group, place))


@dataclass(frozen=True, eq=False)
class Plan:
    """The fields that an actor gets of things to which the same groups apply."""

    fields: Fields
    shown: tuple[Field, ...]


def possible(site: SiteFields, kind: Kind) -> Possible:
    """What may apply to things of this kind."""
    found: Possible | None = site.plans.get(kind)
    if found is None:
        place = kind.place()
        groups = tuple(site.groups_for(place))
        rules = (rule for group in groups for rules in group.location for rule in rules)
        found = Possible(
            groups,
            frozenset(rule.param for rule in rules) - set(place.facts),
            named_capabilities(groups),
            any(one.is_secret for group in groups for one in group.every_field()),
        )
        _remember(site, kind, found)
    return found


def plan(
    site: SiteFields,
    found: Possible,
    groups: tuple[Group, ...],
    actor: Actor,
    *,
    edits: bool,
    rest_only: bool,
) -> Plan:
    """The fields of these groups for this actor, who may change the thing itself (`edits`) or not.
    `rest_only`: of groups that are shown in REST."""
    held = frozenset(name for name in found.capabilities if actor.has(name))
    sees_secrets = edits and found.has_secrets
    key = (tuple(map(id, groups)), held, actor.is_anonymous, sees_secrets, rest_only)
    made: Plan | None = site.plans.get(key)
    if made is None:
        fields = visible_fields(actor, fields_of(groups), edits=sees_secrets)
        kept = {n: one for n, one in fields.items() if one[1].is_shown_in_rest or not rest_only}
        made = Plan(kept, tuple(one for one, _ in kept.values()))
        _remember(site, key, made)
    return made


_NOTHING = Plan({}, ())


def plan_of(
    site: SiteFields,
    kind: Kind,
    actor: Actor,
    subject: Subject,
    *,
    rest_only: bool = True,
) -> Plan:
    """The fields that this actor gets of one thing."""
    if subject.is_closed:
        return _NOTHING
    found = possible(site, kind)
    edits = subject.edits() if found.has_secrets else False
    groups = found.of(kind, actor, subject.facts)
    return plan(site, found, groups, actor, edits=edits, rest_only=rest_only)


def applying(site: SiteFields, kind: Kind, actor: Actor, facts: Facts) -> tuple[Group, ...]:
    """The groups that apply to the one with these facts."""
    return possible(site, kind).of(kind, actor, lambda: facts)


def writable_names(groups: Iterable[Group]) -> frozenset[str]:
    """The names that a request through /wp-json may write: of groups that it shows."""
    return frozenset(
        name for name, (_, group) in fields_of(groups).items() if group.is_shown_in_rest
    )


def _remember(site: SiteFields, key: Any, value: Any) -> None:
    if len(site.plans) >= _MOST:
        site.plans.clear()
    site.plans[key] = value
