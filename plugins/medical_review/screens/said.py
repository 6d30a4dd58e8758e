"""How reviews, and what belongs to them, are called on screens."""

from collections.abc import Mapping
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.translating import N_
from plugins.medical_review.signing.signatures import is_intact

NAMES: Mapping[str, Mapping[str, str]] = {
    "state": {
        "open": N_("Under review"),
        "sent_back": N_("Sent back"),
        "approved": N_("Approved"),
        "withdrawn": N_("Taken back by its author"),
    },
    "verdict": {"approve": N_("Approved"), "send_back": N_("Sent back")},
    "meaning": {
        "approval": N_("Approval: I have read this text and approve it"),
        "review": N_("Review: I have read this text and send it back"),
        "responsibility": N_("Responsibility: I answer for this"),
        "authorship": N_("Authorship: I wrote this"),
    },
    "level": {
        "simple": N_("simple signature"),
        "advanced": N_("advanced signature"),
        "qualified": N_("qualified signature"),
    },
    "risk": {
        "low": N_("low risk"),
        "normal": N_("normal risk"),
        "high": N_("high risk"),
        "medium": N_("medium risk"),
    },
    "priority": {
        "normal": N_("normal priority"),
        "high": N_("high priority"),
        "urgent": N_("urgent"),
    },
    "severity": {
        "note": N_("note"),
        "must_fix": N_("must be fixed"),
        "blocker": N_("blocker"),
        "warning": N_("warning"),
    },
    "thread": {
        "open": N_("open"),
        "resolved": N_("resolved"),
        "accepted": N_("accepted"),
        "rejected": N_("refused"),
        "withdrawn": N_("taken back"),
    },
    "found": {
        "moved": N_("the passage has moved"),
        "changed": N_("the passage reads otherwise now"),
        "orphaned": N_("the passage is not in this text any more"),
    },
    "notice": {
        "retracted": N_("retracted"),
        "concern": N_("expression of concern"),
        "corrected": N_("corrected"),
    },
    "origin": {
        "hand": N_("typed by hand"),
        "import": N_("imported from a file"),
        "crossref": "Crossref",
        "pubmed": "PubMed",
        "europe_pmc": "Europe PMC",
    },
    "status": {
        "draft": N_("draft"),
        "auto-draft": N_("draft"),
        "pending": N_("handed over"),
        "future": N_("scheduled"),
        "publish": N_("published"),
        "private": N_("private"),
        "trash": N_("in the bin"),
    },
    "reopened": {
        "overdue": N_("its review is overdue"),
        "reference": N_("a publication that it rests on was taken back"),
        "licence": N_("who answers for it may not sign any more"),
        "asked": N_("somebody asked for a new review"),
        "planned": N_("a new review was planned"),
    },
    "follows": {
        "queue": N_("it goes into the queue of reviews"),
        "open_review": N_("it stays in the review that is open"),
        "newer_text": N_("it is reviewed when its author hands over the newer text in work"),
        "asked": N_("nothing: its new review was asked for already"),
        "not_live": N_("nothing: readers do not have it"),
    },
    "amendment": {
        "correction": N_("Correction"),
        "retraction": N_("Retraction"),
        "reinstatement": N_("Reinstatement"),
    },
    "mode": {"parallel": N_("in any order"), "in_turn": N_("one after the other")},
}


class Said:
    """The names of things in the language of the page's reader; a value without a name is shown as
    it is, because sites may have more of them than this list."""

    def __init__(self, page: Page) -> None:
        self._words = page.words

    def __call__(self, kind: str, value: str) -> str:
        return self._words.gettext(NAMES[kind].get(value, value))

    def choices(self, kind: str) -> list[tuple[str, str]]:
        """Every value of a kind with its name."""
        return [(value, self(kind, value)) for value in NAMES[kind]]

    def label(self, label: Mapping[str, str], otherwise: str = "") -> str:
        """What a workflow calls a thing, in the reader's language if it has it."""
        return label.get(self._words.language) or label.get("en") or otherwise


def show(page: Page, name: str, *, status: int = 200, **facts: Any) -> Response[bytes]:
    """A template of this package with the names of things."""
    return page.render(f"medical_review/{name}.html", status=status, **_with_names(page, facts))


def draw(page: Page, name: str, **facts: Any) -> str:
    """The same for a part of somebody else's page."""
    return page.draw(f"medical_review/{name}.html", **_with_names(page, facts))


def _with_names(page: Page, facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, "said": Said(page), "intact": is_intact}
