"""The groups of one site, parsed and put together once for each set of versions."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from cms.content.faults import Faults
from cms.fields import cloning
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.field import Definition, Field, Group
from cms.fields.locations import Place, applies, may_apply
from cms.fields.marks import Marked, marked
from cms.fields.settling import needed_rows
from cms.fields.type import Catalogue
from cms.kernel.actions import ActionTable
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant

log = structlog.get_logger()

MOST_SITES = 64
OF_CODE = 0
"""The version of a group that a plugin declares; those that a site keeps begin with 1."""


@dataclass(frozen=True)
class SiteFields:
    """Every group of a site: those in its database and those that plugins declare. `unreadable` are
    stored ones that this version cannot read, with their faults."""

    groups: tuple[Group, ...]
    types: Catalogue
    unreadable: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    plans: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What `cms.fields.plans` has worked out for this set of groups."""
    _of_kind: dict[str, tuple[Group, ...]] = field(default_factory=dict, compare=False, repr=False)
    _asked: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def by_key(self) -> dict[str, Group]:
        return {group.key: group for group in self.groups}

    @cached_property
    def field_by_key(self) -> dict[str, tuple[Field, Group]]:
        """Every field however deep, with its group."""
        return {one.key: (one, group) for group in self.groups for one in group.every_field()}

    @cached_property
    def marked(self) -> Marked:
        """What lists filter by and what the search finds."""
        return marked(self.groups, self.types)

    def asked_of(self, kind: str) -> frozenset[str]:
        """What rules ask about places of this kind, so that nothing else is loaded."""
        if kind not in self._asked:
            self._asked[kind] = frozenset(
                rule.param
                for group in self._candidates(kind)
                for rules in group.location
                for rule in rules
            )
        return self._asked[kind]

    @cached_property
    def has_duties(self) -> bool:
        """Whether any group asks that something is there before a post is published."""
        return any(
            one.is_required or needed_rows(one)
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
        return [group for group in self._candidates(place.kind) if applies(group, place)]

    def _candidates(self, kind: str) -> tuple[Group, ...]:
        if kind not in self._of_kind:
            of_kind = (one for one in self.groups if one.is_active and may_apply(one, kind))
            self._of_kind[kind] = tuple(of_kind)
        return self._of_kind[kind]

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


_Sites = OrderedDict[tuple[object, ...], SiteFields]
# By what the code declares: views of a registry for single sites share their table of actions.
_known: WeakKeyDictionary[ActionTable, _Sites] = WeakKeyDictionary()


def site_fields(registry: Registry, tenant: Tenant) -> SiteFields:
    """The fields of this tenant's site."""
    stored = tenant.declared.field_groups
    sites = _known.setdefault(registry.actions, OrderedDict())
    versions = ((one.key, one.version) for one in stored)
    fingerprint = (tenant.id, tenant.language, *versions)
    if fingerprint not in sites:
        own = [(one.version, one.definition) for one in stored]
        sites[fingerprint] = fields_with(registry, own, tenant.language)
        while len(sites) > MOST_SITES:
            sites.popitem(last=False)
    return sites[fingerprint]


def fields_with(
    registry: Registry, own: Iterable[tuple[int, Definition]], language: str
) -> SiteFields:
    """What a site has with these versions of groups of its own."""
    types = catalogue(registry)
    stored = [(version, "", definition) for version, definition in own]
    groups, unreadable = _groups([*of_code(registry), *stored], types, language)
    return SiteFields(groups, types, unreadable)


def of_code(registry: Registry) -> list[tuple[int, str, Definition]]:
    """The groups that plugins declare, each with the version 0 and the plugin's name."""
    return [
        (OF_CODE, plugin.slug, one) for plugin in registry.plugins for one in plugin.field_groups
    ]


def _groups(
    definitions: Iterable[tuple[int, str, Definition]], types: Catalogue, language: str
) -> tuple[tuple[Group, ...], dict[str, dict[str, str]]]:
    """Parsed, by order and title; a stored group takes the place of a declared one of its key. One
    that this version cannot read is not served, and the rest of the site goes on."""
    found: dict[str, Group] = {}
    unreadable: dict[str, Any] = {}
    for version, plugin, definition in definitions:
        faults, key = Faults(), str(definition.get("key", ""))
        group = read_group(
            definition, types, faults, version=version, language=language, declared_by=plugin
        )
        if faults.messages:
            log.error("a stored field group cannot be read", group=key, faults=faults.messages)
            found.pop(key, None)
            unreadable[key] = dict(faults.messages)
            continue
        found[group.key] = group
    resolved = cloning.resolve(list(found.values()), _say)
    ordered = sorted(resolved, key=lambda group: (group.order, group.title))
    return tuple(ordered), unreadable


def _say(clone: str, message: str) -> None:
    log.error("a clone is not served as it is defined", field=clone, fault=message)
