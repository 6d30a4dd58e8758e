"""/api/v1/audit: the routes of the rooms."""

from plugins.audit_trail.alerts.api import ROUTES as ALERT_ROUTES
from plugins.audit_trail.officers.api import routes as officers_routes

routes = [*officers_routes, *ALERT_ROUTES]
