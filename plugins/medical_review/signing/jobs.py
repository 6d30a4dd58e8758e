"""What the worker does for signatures."""

from cms.kernel.declarations import Job
from plugins.medical_review.signing.certificates import CERTIFY, certify_published

JOBS = (Job(CERTIFY, certify_published),)
