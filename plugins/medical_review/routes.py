"""Everything below /api/v1/reviews: each room brings its routes."""

from plugins.medical_review.inviting.api import routes as inviting
from plugins.medical_review.reviewing.api import routes as reviewing
from plugins.medical_review.reviewing.course_api import routes as course
from plugins.medical_review.signing.api import routes as signing
from plugins.medical_review.workflows.api import routes as workflows

routes = [*reviewing, *course, *inviting, *workflows, *signing]
