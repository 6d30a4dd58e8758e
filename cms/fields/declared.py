"""Groups that plugins declare in code, looked at before anything starts; and stored ones that this
version cannot read."""

from collections.abc import Mapping

from cms.content.faults import Faults
from cms.errors import InvalidInput
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.field import Definition
from cms.fields.group_settings import Notices
from cms.fields.site_fields import of_code, site_fields
from cms.fields.soundness import find_faults_of_sources, find_taken_keys, refuse_unkeepable
from cms.kernel.registry import PluginProblem, Registry
from cms.kernel.tenant import Tenant


def check_groups(registry: Registry) -> None:
    """PluginProblem names the plugin, the group, the place in it and the field of the first fault:
    a wrong group stops the start, and not the first request that needs it."""
    before: dict[str, tuple[str, Definition]] = {}
    types = catalogue(registry)
    for _, plugin, definition in of_code(registry):
        faults, notices = Faults(), Notices()
        try:
            refuse_unkeepable(definition)
        except InvalidInput as refused:
            faults.take(refused)
        else:
            group = read_group(definition, types, faults, notices=notices)
            others = [(name, one) for name, (_, one) in before.items() if name != group.key]
            find_taken_keys(group, others, faults)
            find_faults_of_sources(registry, group, faults)
        key = str(definition.get("key", "without a key"))
        if key in before:
            faults.add("key", f"the plugin {before[key][0]!r} declares it too")
        told = {**{one.place: one.message for one in notices.found}, **faults.messages}
        for place, fault in told.items():
            raise PluginProblem(
                f"plugin {plugin!r} declares the field group {key!r}, which cannot be used: "
                f"{place}{_named(definition, place)} {fault}"
            )
        before[key] = (plugin, definition)


def _named(definition: Definition, place: str) -> str:
    """The key of the field at the top that a place lies in."""
    number = place.removeprefix("fields[").partition("]")[0]
    fields = definition.get("fields")
    if not place.startswith("fields[") or not isinstance(fields, list):
        return ""
    one = fields[int(number)]
    return f" ({one.get('key')})" if isinstance(one, Mapping) else ""


def unreadable_groups(registry: Registry, tenant: Tenant) -> list[str]:
    """The stored groups of a site that this version cannot read, each with its faults."""
    site = site_fields(registry.with_declared(tenant.declared), tenant)
    return [
        f"{tenant.slug}: {key} ({'; '.join(f'{place} {fault}' for place, fault in faults.items())})"
        for key, faults in site.unreadable.items()
    ]
