"""Everything that this room declares, for the plugin."""

from plugins.medical_review.aftercare.actions import UPKEEP_ACTIONS
from plugins.medical_review.aftercare.duties import UPKEEP_JOBS
from plugins.medical_review.aftercare.events import EVENTS
from plugins.medical_review.aftercare.fields import REST_FIELDS
from plugins.medical_review.aftercare.lost_licences import REOPENING_JOBS
from plugins.medical_review.aftercare.models import MODELS

ACTIONS = UPKEEP_ACTIONS
JOBS = (*UPKEEP_JOBS, *REOPENING_JOBS)

__all__ = ["ACTIONS", "EVENTS", "JOBS", "MODELS", "REST_FIELDS"]
