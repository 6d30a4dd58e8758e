"""Everything below /api/v1/reviews: each room brings its routes."""

from plugins.medical_review.aftercare.api import upkeep_routes
from plugins.medical_review.aftercare.inherited_api import inherited_routes
from plugins.medical_review.reviewing.api import routes as reviewing

routes = [*reviewing, *upkeep_routes, *inherited_routes]
