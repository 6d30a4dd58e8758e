"""Everything below /api/v1/reviews: each room brings its routes."""

from plugins.medical_review.aftercare.amendments_api import amendment_routes
from plugins.medical_review.aftercare.api import upkeep_routes
from plugins.medical_review.aftercare.inherited_api import inherited_routes
from plugins.medical_review.reviewing.api import routes as reviewing
from plugins.medical_review.signing.api import routes as signing

routes = [*reviewing, *signing, *upkeep_routes, *inherited_routes, *amendment_routes]
