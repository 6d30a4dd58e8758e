"""The officer's screens: who did what, what proves it, and how long it is kept."""

from typing import Any

from plugins.audit_trail.screens.alerts import ALERT_SCREENS
from plugins.audit_trail.screens.event import EVENT_SCREENS
from plugins.audit_trail.screens.explorer import EXPLORER_SCREENS
from plugins.audit_trail.screens.exports import EXPORT_SCREENS
from plugins.audit_trail.screens.figures import FIGURE_SCREENS
from plugins.audit_trail.screens.keeping import KEEPING_SCREENS
from plugins.audit_trail.screens.log import LOG_SCREENS
from plugins.audit_trail.screens.searches import SEARCH_SCREENS
from plugins.audit_trail.screens.sign_ins import SIGN_IN_SCREENS
from plugins.audit_trail.screens.stories import STORY_SCREENS
from plugins.audit_trail.screens.subjects import SUBJECT_SCREENS

SCREENS: list[Any] = [
    *EXPLORER_SCREENS,
    *EVENT_SCREENS,
    *STORY_SCREENS,
    *SEARCH_SCREENS,
    *FIGURE_SCREENS,
    *SIGN_IN_SCREENS,
    *LOG_SCREENS,
    *ALERT_SCREENS,
    *EXPORT_SCREENS,
    *KEEPING_SCREENS,
    *SUBJECT_SCREENS,
]
