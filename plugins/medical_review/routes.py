"""Everything below /api/v1/reviews: each room brings its routes."""

from plugins.medical_review.checks.api import routes as checks
from plugins.medical_review.checks.rules_api import routes as rules
from plugins.medical_review.reviewing.api import routes as reviewing
from plugins.medical_review.signing.api import routes as signing

routes = [*reviewing, *signing, *checks, *rules]
