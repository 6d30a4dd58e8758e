"""The groups of one site, parsed and put together once for each set of versions."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import structlog

from cms.content.faults import Faults
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.field import Field, Group
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
    plans: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What `cms.fields.plans` has worked out for this set of groups."""

    @cached_property
    def by_key(self) -> dict[str, Group]:
        return {group.key: group for group in self.groups}

    @cached_property
    def field_by_key(self) -> dict[str, tuple[Field, Group]]:
        """Every field however deep, with its group."""
        return {one.key: (one, group) for group in self.groups for one in group.every_field()}

    def groups_for(self, place: Place) -> list[Group]:
        """The active groups that apply here, in their order."""
        return [group for group in self.groups if group.is_active and applies(group, place)]

    def fields_for(self, place: Place) -> dict[str, tuple[Field, Group]]:
        """The top-level fields with a value by name; of two of one name the first group's wins."""
        return fields_of(self.groups_for(place))


def fields_of(groups: Iterable[Group]) -> dict[str, tuple[Field, Group]]:
    """The top-level fields with a value by name; of two of one name the first group's wins."""
    found: dict[str, tuple[Field, Group]] = {}
    for group in groups:
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
        types = catalogue(registry)
        declared = [(1, one) for one in registry.each("field_groups")]
        own = [(one.version, one.definition) for one in stored]
        _known[fingerprint] = SiteFields(tuple(_groups([*declared, *own], types)), types)
        while len(_known) > MOST_SITES:
            _known.popitem(last=False)
    return _known[fingerprint]


def _groups(definitions: Iterable[tuple[int, object]], types: Catalogue) -> list[Group]:
    """Parsed, by order and title; a stored group takes the place of a declared one of its key. One
    that this version cannot read is not served, and the rest of the site goes on."""
    found: dict[str, Group] = {}
    for version, definition in definitions:
        faults = Faults()
        group = read_group(definition, types, faults, version=version)  # type: ignore[arg-type]
        if faults.messages:
            log.error(
                "a stored field group cannot be read", group=group.key, faults=faults.messages
            )
            continue
        found[group.key] = group
    return sorted(found.values(), key=lambda group: (group.order, group.title))
