"""Everything that this room declares, for the plugin."""

from plugins.medical_review.aftercare.actions import (
    AMENDING_ACTIONS,
    INHERITED_ACTIONS,
    UPKEEP_ACTIONS,
)
from plugins.medical_review.aftercare.amending_events import AMENDING_EVENTS
from plugins.medical_review.aftercare.duties import UPKEEP_JOBS
from plugins.medical_review.aftercare.events import AFTERCARE_EVENTS
from plugins.medical_review.aftercare.fields import REST_FIELDS
from plugins.medical_review.aftercare.lost_licences import REOPENING_JOBS
from plugins.medical_review.aftercare.messages import NOTICES
from plugins.medical_review.aftercare.models import MODELS
from plugins.medical_review.aftercare.scanning import SCAN_JOBS

ACTIONS = (*UPKEEP_ACTIONS, *INHERITED_ACTIONS, *AMENDING_ACTIONS)
EVENTS = (*AFTERCARE_EVENTS, *AMENDING_EVENTS)
JOBS = (*UPKEEP_JOBS, *REOPENING_JOBS, *SCAN_JOBS)

__all__ = ["ACTIONS", "EVENTS", "JOBS", "MODELS", "NOTICES", "REST_FIELDS"]
