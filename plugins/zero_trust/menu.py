"""Where policies stand in the web application. Its words are in `screens/translations`."""

from cms.kernel.screens import MenuEntry


def _line(label: str, path: str, action: str, icon: str, order: int) -> MenuEntry:
    return MenuEntry(
        section="compliance", label=label, path=path, action=action, icon=icon, order=order
    )


MENU = (
    _line("Policies", "/admin/policies", "policy.list", "shield", 50),
    _line("Decisions", "/admin/policies/decisions", "policy.decisions", "check", 51),
    _line("Try a case", "/admin/policies/try", "policy.explain", "search", 52),
    MenuEntry(
        section="work",
        label="Why can't I?",
        path="/admin/why",
        action="policy.why",
        icon="shield",
        order=95,
    ),
)
PLACES = {"policy": "/admin/policies/tenant.{id}", "refusal": "/admin/why?action={id}"}
