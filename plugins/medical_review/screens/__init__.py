"""The screens of reviews: what a reviewer does, and who gives her the work."""

from typing import Any

from plugins.medical_review.screens.absences import ABSENCE_SCREENS
from plugins.medical_review.screens.aftercare import AFTERCARE_SCREENS
from plugins.medical_review.screens.asking import ASKING_SCREENS
from plugins.medical_review.screens.board import BOARD_SCREENS
from plugins.medical_review.screens.checks import CHECK_SCREENS
from plugins.medical_review.screens.deciding import DECISION_SCREENS
from plugins.medical_review.screens.keys import KEY_SCREENS
from plugins.medical_review.screens.library import LIBRARY_SCREENS
from plugins.medical_review.screens.many import MANY_SCREENS
from plugins.medical_review.screens.published import PUBLISHED_SCREENS
from plugins.medical_review.screens.queue import QUEUE_SCREENS
from plugins.medical_review.screens.references import REFERENCE_SCREENS
from plugins.medical_review.screens.review import REVIEW_SCREENS
from plugins.medical_review.screens.suggestions import SUGGESTION_SCREENS
from plugins.medical_review.screens.talking import TALKING_SCREENS
from plugins.medical_review.screens.workflows import WORKFLOW_SCREENS

SCREENS: list[Any] = [
    *QUEUE_SCREENS,
    *BOARD_SCREENS,
    *REVIEW_SCREENS,
    *DECISION_SCREENS,
    *TALKING_SCREENS,
    *SUGGESTION_SCREENS,
    *ASKING_SCREENS,
    *KEY_SCREENS,
    *ABSENCE_SCREENS,
    *AFTERCARE_SCREENS,
    *PUBLISHED_SCREENS,
    *WORKFLOW_SCREENS,
    *LIBRARY_SCREENS,
    *MANY_SCREENS,
    *CHECK_SCREENS,
    *REFERENCE_SCREENS,
]
