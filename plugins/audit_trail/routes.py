"""Below /api/v1/audit: each room that answers requests brings its handlers."""

from plugins.audit_trail.officers.api import routes as officers
from plugins.audit_trail.rounds.api import routes as rounds

routes = [*officers, *rounds]
