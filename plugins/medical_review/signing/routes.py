"""Everything of this room below /api/v1/reviews."""

from plugins.medical_review.signing.api import routes as signatures
from plugins.medical_review.signing.certificate_api import routes as certificates
from plugins.medical_review.signing.own_key_api import routes as own_keys

routes = [*signatures, *own_keys, *certificates]
