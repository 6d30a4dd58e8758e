"""Which plugins there are, what each brings, and how it is set."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.kernel.plugin import Plugin

_COUNTED = ("actions", "jobs", "roles", "post_types", "field_types", "policies", "health")


@dataclass(frozen=True)
class Setting:
    """`value` is a number or a switch; what is text may hold a secret and is only said to be set.
    `is_usual`: nobody has set it."""

    name: str
    value: bool | float | None
    is_set: bool
    is_usual: bool


@screen("/admin/system/plugins", action="plugin.read", resource="plugin")
async def list_plugins(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Every enabled plugin; which run is decided by the installation, not here."""
    is_allowed = not work.actor.is_anonymous and work.actor.has("activate_plugins")
    require(is_allowed, "plugin.read", "Plugins are for those who may switch them.")
    shown = [(one, _brought(one), _settings(work, one)) for one in work.registry.plugins]
    return page.render("system/plugins.html", plugins=shown)


def _brought(plugin: Plugin) -> list[tuple[str, int]]:
    return [(name, len(getattr(plugin, name))) for name in _COUNTED if getattr(plugin, name)]


def _settings(work: UnitOfWork, plugin: Plugin) -> list[Setting]:
    values = work.registry.settings(plugin.settings)
    usual = {one.name: one.default for one in msgspec.structs.fields(plugin.settings)}
    return [_setting(name, getattr(values, name), usual[name]) for name in usual]


def _setting(name: str, value: Any, usual: Any) -> Setting:
    is_plain = isinstance(value, (bool, int, float))
    is_usual = value == usual or (usual is msgspec.NODEFAULT and not value)
    return Setting(name, value if is_plain else None, bool(value), is_usual)


PLUGIN_SCREENS: list[Any] = [list_plugins]
