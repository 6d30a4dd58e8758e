"""What the web application shows of reviews outside of their own screens: lines of its menu, and
parts of others' pages. Nothing of it is loaded before somebody looks."""

from cms.kernel.screens import ListStep, MenuEntry, Panel

_SCREENS = "plugins.medical_review.screens"
_PANELS = f"{_SCREENS}.panels"

SCREENS = "plugins.medical_review.screens:SCREENS"
MENU = (
    MenuEntry(
        section="review",
        label="Reviews",
        path="/admin/reviews",
        action="review.list",
        icon="check",
        order=10,
    ),
    MenuEntry(
        section="review",
        label="Board of reviews",
        path="/admin/reviews/board",
        action="review.board",
        icon="board",
        order=11,
    ),
    MenuEntry(
        section="review",
        label="Texts to review again",
        path="/admin/reviews/due",
        action="upkeep.list",
        icon="clock",
        order=12,
    ),
    MenuEntry(
        section="review",
        label="Library of literature",
        path="/admin/reviews/library",
        action="reference.list",
        icon="book",
        order=13,
    ),
    MenuEntry(
        section="review",
        label="Workflows",
        path="/admin/reviews/workflows",
        action="workflow.read",
        icon="list",
        order=14,
    ),
    MenuEntry(
        section="review",
        label="Absences and delegates",
        path="/admin/reviews/absences",
        action="review.claim",
        icon="people",
        order=15,
    ),
    MenuEntry(
        section="review",
        label="My keys for signing",
        path="/admin/reviews/keys",
        action="review.claim",
        icon="key",
        order=16,
    ),
)
PANELS = (
    Panel(where="home", draw=f"{_PANELS}:waiting_for_me", order=10),
    Panel(where="home", draw=f"{_SCREENS}.returned:sent_back_to_me", order=5),
    Panel(where="home", draw=f"{_PANELS}:due_again", order=20),
    Panel(where="home", draw=f"{_PANELS}:my_absences", order=80),
    Panel(where="post.edit", draw=f"{_PANELS}:review_of_post", order=10),
    Panel(where="post.edit", draw=f"{_SCREENS}.checks:checks_beside", order=20),
    Panel(where="post.form", draw=f"{_SCREENS}.references:references_of_form", order=10),
)
LIST_STEPS = (
    ListStep(
        name="readers",
        label="Give to another reviewer",
        path="/admin/reviews/many/readers",
        action="review.assign",
        of_reviewed=True,
    ),
    ListStep(
        name="again",
        label="Have reviewed again, also by specialty",
        path="/admin/reviews/many/again",
        action="upkeep.ask",
        of_reviewed=True,
    ),
)
PLACES = {
    "review": "/admin/reviews/{id}",
    "workflow": "/admin/reviews/workflows/{id}",
    "reference": "/admin/reviews/library/{id}",
}
