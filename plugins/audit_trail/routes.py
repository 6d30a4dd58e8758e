"""Everything below /api/v1/audit: each room brings its routes."""

from plugins.audit_trail.alerts.api import routes as alerts
from plugins.audit_trail.erasing.api import routes as erasing
from plugins.audit_trail.exports.api import routes as exports
from plugins.audit_trail.officers.api import routes as officers
from plugins.audit_trail.retention.api import retention_routes
from plugins.audit_trail.rounds.api import routes as rounds

routes = [*officers, *alerts, *erasing, *exports, *retention_routes, *rounds]
