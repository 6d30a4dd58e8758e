"""Where the trail stands in the web application. Its words are in `screens/translations`."""

from cms.kernel.screens import MenuEntry, Panel


def _line(label: str, path: str, action: str, icon: str, order: int) -> MenuEntry:
    return MenuEntry(
        section="compliance", label=label, path=path, action=action, icon=icon, order=order
    )


MENU = (
    _line("Audit trail", "/admin/audit", "audit.read", "list", 10),
    _line("Figures", "/admin/audit/figures", "audit.read", "pulse", 11),
    _line("Sign-ins", "/admin/audit/sign-ins", "audit.read", "key", 12),
    _line("Alerts", "/admin/audit/alerts", "audit.alerts", "bell", 13),
    _line("Proof of the log", "/admin/audit/log", "audit.read", "chain", 14),
    _line("Evidence", "/admin/audit/exports", "audit.fetch_export", "send", 15),
    _line("Retention", "/admin/audit/retention", "audit_retention.read", "clock", 16),
    _line("Data subjects", "/admin/audit/subjects", "audit.report", "person", 17),
)

PANELS = (Panel(where="home", draw="plugins.audit_trail.screens.panels:open_alerts", order=30),)

PLACES = {
    "audit_alert": "/admin/audit/alerts/{id}",
    "audit_alert_rule": "/admin/audit/alerts#rule-{id}",
    "audit_hold": "/admin/audit/retention#hold-{id}",
    "audit_retention": "/admin/audit/retention",
    "audit_log": "/admin/audit/log",
}
