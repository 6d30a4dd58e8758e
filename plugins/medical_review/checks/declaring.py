"""What the room of checks adds to the plugin."""

from plugins.medical_review.checks.actions import CHECK_ACTIONS
from plugins.medical_review.checks.events import CHECK_EVENTS
from plugins.medical_review.checks.models import CHECK_MODELS
from plugins.medical_review.checks.scanning import SCAN_JOBS

ACTIONS, EVENTS, MODELS, JOBS = CHECK_ACTIONS, CHECK_EVENTS, CHECK_MODELS, SCAN_JOBS
