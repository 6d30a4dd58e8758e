"""Everything below /api/v1/reviews: each room brings its routes."""

from plugins.medical_review.reviewing.api import routes as reviewing
from plugins.medical_review.signing.api import routes as signing
from plugins.medical_review.signing.certificate_api import routes as certificates
from plugins.medical_review.signing.own_key_api import routes as own_keys

routes = [*reviewing, *signing, *own_keys, *certificates]
