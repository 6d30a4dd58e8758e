"""Everything below /api/v1/reviews: each room brings its routes."""

from plugins.medical_review.aftercare.amendments_api import amendment_routes
from plugins.medical_review.aftercare.api import upkeep_routes
from plugins.medical_review.aftercare.inherited_api import inherited_routes
from plugins.medical_review.articles.api import routes as articles
from plugins.medical_review.checks.api import routes as checks
from plugins.medical_review.checks.rules_api import routes as rules
from plugins.medical_review.comparing.api import routes as comparing
from plugins.medical_review.discussion.api import routes as discussion
from plugins.medical_review.inviting.api import routes as inviting
from plugins.medical_review.publishing.api import routes as publishing
from plugins.medical_review.rebasing.api import routes as rebasing
from plugins.medical_review.references.api import routes as references
from plugins.medical_review.references.text_api import routes as text_references
from plugins.medical_review.reviewing.api import routes as reviewing
from plugins.medical_review.reviewing.course_api import routes as course
from plugins.medical_review.signing.routes import routes as signing
from plugins.medical_review.workflows.api import routes as workflows

routes = [
    *reviewing,
    *course,
    *inviting,
    *workflows,
    *signing,
    *checks,
    *rules,
    *comparing,
    *discussion,
    *references,
    *text_references,
    *upkeep_routes,
    *inherited_routes,
    *amendment_routes,
    *articles,
    *rebasing,
    *publishing,
]
