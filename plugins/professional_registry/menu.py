"""Where registrations stand in the web application. Its words are in `screens/translations`."""

from cms.kernel.screens import MenuEntry, Panel
from plugins.professional_registry.permissions import VIEW

_PANELS = "plugins.professional_registry.screens.panels"


def _line(label: str, path: str, action: str, icon: str, order: int) -> MenuEntry:
    return MenuEntry(
        section="compliance",
        label=label,
        path=path,
        action=action,
        capability=VIEW,
        icon=icon,
        order=order,
    )


MENU = (
    _line("Registrations", "/admin/registry", "registration.list", "badge", 30),
    _line("Registry cases", "/admin/registry/cases", "case.list", "scale", 31),
    _line("Sources", "/admin/registry/sources", "registration.list", "book", 32),
    _line("The clinic", "/admin/registry/clinic", "clinic.read", "home", 33),
)

PANELS = (
    Panel(where="profile", draw=f"{_PANELS}:own_registrations", order=20),
    Panel(where="home", draw=f"{_PANELS}:cases_waiting", order=20),
    Panel(where="home", draw=f"{_PANELS}:registrations_ending", order=25),
)

PLACES = {
    "registration": "/admin/registry/{id}",
    "case": "/admin/registry/cases/{id}",
    "roster": "/admin/registry/sources",
    "clinic": "/admin/registry/clinic",
}
