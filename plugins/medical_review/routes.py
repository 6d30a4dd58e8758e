"""Everything below /api/v1/reviews: each room brings its routes."""

from plugins.medical_review.articles.api import routes as articles
from plugins.medical_review.publishing.api import routes as publishing
from plugins.medical_review.rebasing.api import routes as rebasing
from plugins.medical_review.reviewing.api import routes as reviewing
from plugins.medical_review.signing.api import routes as signing

routes = [*reviewing, *signing, *articles, *rebasing, *publishing]
