"""/api/v1/audit: each room of the plugin brings its routes."""

from plugins.audit_trail.exports.api import routes as exports
from plugins.audit_trail.officers.api import routes as officers

routes = [*officers, *exports]
