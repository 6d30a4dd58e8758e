"""/api/v1/audit: each room of the plugin brings its routes."""

from plugins.audit_trail.officers.api import routes as officers_routes
from plugins.audit_trail.retention.api import retention_routes

routes = [*officers_routes, *retention_routes]
