"""Everything below /api/v1/audit: each room brings its routes."""

from plugins.audit_trail.alerts.api import routes as alerts
from plugins.audit_trail.erasing.api import routes as erasing
from plugins.audit_trail.officers.api import routes as officers

routes = [*officers, *alerts, *erasing]
