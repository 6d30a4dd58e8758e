"""How many statements each screen of reviews may cost, whatever the site holds."""

from plugins.medical_review.screens.absences import ABSENCE_SCREENS
from plugins.medical_review.screens.aftercare import AFTERCARE_SCREENS
from plugins.medical_review.screens.asking import ASKING_SCREENS
from plugins.medical_review.screens.deciding import DECISION_SCREENS
from plugins.medical_review.screens.keys import KEY_SCREENS
from plugins.medical_review.screens.library import LIBRARY_SCREENS
from plugins.medical_review.screens.many import MANY_SCREENS
from plugins.medical_review.screens.published import PUBLISHED_SCREENS
from plugins.medical_review.screens.queue import QUEUE_SCREENS
from plugins.medical_review.screens.talking import TALKING_SCREENS
from plugins.medical_review.screens.workflows import WORKFLOW_SCREENS

REVIEWS = "/admin/reviews"
ONE = f"{REVIEWS}/{{review_id:int}}"

# Three of them find the session, what the registry knows of its person, and how she reads.
BUDGETS = {
    ("GET", REVIEWS): 7,
    ("GET", f"{REVIEWS}/board"): 7,
    ("GET", f"{REVIEWS}/board/{{stage:str}}"): 6,
    ("GET", f"{REVIEWS}/places/{{place:str}}"): 5,
    ("GET", f"{REVIEWS}/due"): 6,
    ("GET", f"{REVIEWS}/reopened"): 4,
    ("GET", f"{REVIEWS}/many/readers"): 7,
    ("GET", f"{REVIEWS}/many/again"): 7,
    ("GET", f"{REVIEWS}/library"): 4,
    ("GET", f"{REVIEWS}/library/{{reference_id:int}}"): 7,
    ("GET", f"{REVIEWS}/workflows"): 5,
    ("GET", f"{REVIEWS}/workflows/{{slug:str}}"): 4,
    ("GET", f"{REVIEWS}/absences"): 6,
    ("GET", f"{REVIEWS}/keys"): 7,
    ("GET", ONE): 20,
    ("GET", f"{ONE}/invite"): 6,
    ("GET", f"{REVIEWS}/of-post/{{post_id:int}}"): 12,
    ("GET", f"{REVIEWS}/certificates/{{name:str}}"): 12,
}
PARTS = {"changes": 18, "checks": 19, "references": 19, "people": 22, "history": 19}

_WITH_FORMS = (
    *QUEUE_SCREENS,
    *DECISION_SCREENS,
    *TALKING_SCREENS,
    *ASKING_SCREENS,
    *KEY_SCREENS,
    *ABSENCE_SCREENS,
    *AFTERCARE_SCREENS,
    *PUBLISHED_SCREENS,
    *WORKFLOW_SCREENS,
    *LIBRARY_SCREENS,
    *MANY_SCREENS,
)
FORMS = {("POST", path) for one in _WITH_FORMS if "POST" in one.http_methods for path in one.paths}
"""Each costs what its request of the API does, which has a budget."""
