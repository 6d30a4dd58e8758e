"""The groups of one site, parsed and put together once for each set of versions."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import structlog

from cms.content.faults import Faults
from cms.fields import cloning
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.field import Definition, Field, Group
from cms.fields.locations import Place, applies
from cms.fields.type import Catalogue
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant

log = structlog.get_logger()

MOST_SITES = 64


@dataclass(frozen=True)
class SiteFields:
    """Every group of a site: those in its database and those that plugins declare."""

    groups: tuple[Group, ...]
    types: Catalogue
    _found: dict[Place, tuple[Group, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def by_key(self) -> dict[str, Group]:
        return {group.key: group for group in self.groups}

    @cached_property
    def field_by_key(self) -> dict[str, tuple[Field, Group]]:
        """Every field however deep, with its group."""
        return {one.key: (one, group) for group in self.groups for one in group.every_field()}

    @cached_property
    def has_duties(self) -> bool:
        """Whether any group asks that something is there before a post is published."""
        return any(
            one.is_required or one.setting("min")
            for group in self.groups
            if group.is_active
            for one in group.every_field()
        )

    def versions(self, keys: Iterable[str]) -> dict[str, int]:
        """The versions of these groups, and of those whose fields they clone."""
        named = {key for one in keys for key in (one, *self._cloned_from[one])}
        return {key: self.by_key[key].version for key in sorted(named)}

    @cached_property
    def _cloned_from(self) -> dict[str, set[str]]:
        """The groups whose fields stand in others: a key of a clone ends with that of its field."""
        found: dict[str, set[str]] = {}
        for group in self.groups:
            origins = {origin for one in group.every_field() for origin in cloning.origins(one.key)}
            found[group.key] = {
                self.field_by_key[one][1].key for one in origins if one in self.field_by_key
            }
        return found

    def groups_for(self, place: Place) -> list[Group]:
        """The active groups that apply here, in their order."""
        return [group for group in self.groups if group.is_active and applies(group, place)]

    def fields_for(self, place: Place) -> dict[str, tuple[Field, Group]]:
        """The top-level fields with a value by name; of two of one name the first group's wins."""
        found: dict[str, tuple[Field, Group]] = {}
        for group in self.groups_for(place):
            for one in group.fields:
                if one.name:
                    found.setdefault(one.name, (one, group))
        return found


_known: OrderedDict[tuple[object, ...], SiteFields] = OrderedDict()


def site_fields(registry: Registry, tenant: Tenant) -> SiteFields:
    """The fields of this tenant's site."""
    stored = tenant.declared.field_groups
    fingerprint = (id(registry.actions), tenant.id, *((one.key, one.version) for one in stored))
    if fingerprint not in _known:
        own = [(one.version, one.definition) for one in stored]
        _known[fingerprint] = fields_of(registry, own)
        while len(_known) > MOST_SITES:
            _known.popitem(last=False)
    return _known[fingerprint]


def fields_of(registry: Registry, own: Iterable[tuple[int, Definition]]) -> SiteFields:
    """What a site with these versions of groups of its own has, and what plugins declare."""
    types = catalogue(registry)
    groups = cloning.resolve(parsed(registry, own), _say)
    return SiteFields(tuple(sorted(groups, key=lambda one: (one.order, one.title))), types)


def parsed(registry: Registry, own: Iterable[tuple[int, Definition]]) -> list[Group]:
    """Groups with their clones as they are defined; a stored one takes the place of a declared
    one. What this version cannot read is not served, and the rest of the site goes on."""
    types = catalogue(registry)
    declared = [(1, one) for one in registry.each("field_groups")]
    found: dict[str, Group] = {}
    for version, definition in [*declared, *own]:
        faults = Faults()
        group = read_group(definition, types, faults, version=version)
        if faults.messages:
            log.error(
                "a stored field group cannot be read", group=group.key, faults=faults.messages
            )
            continue
        found[group.key] = group
    return list(found.values())


def _say(clone: str, message: str) -> None:
    log.error("a clone is not served as it is defined", field=clone, fault=message)
