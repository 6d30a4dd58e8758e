"""Short ways to bind workflows and to speak in reviews, for the tests of this folder."""

from typing import Any

from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.support.clinic import Person

WORKFLOWS = f"{REVIEWS}/workflows"
MEDICAL, LEGAL = "approve_medical_content", "approve_legal_content"


def stage(name: str = "medical", people: int = 1, **more: Any) -> dict[str, Any]:
    """A stage with one seat for so many medical reviewers."""
    seats = [{"name": name, "capability": MEDICAL, "people": people}]
    return {"name": name, "label": {"en": name, "pt": name}, "seats": seats, **more}


def workflow(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The stages one after the other."""
    names = [one["name"] for one in stages]
    steps = [{"from": a, "to": b} for a, b in zip(names, [*names[1:], "approved"], strict=True)]
    return {"label": {"en": "W", "pt": "W"}, "stages": [*stages], "transitions": steps, **more}


async def bound(newsroom: Newsroom, definition: dict[str, Any], slug: str = "ours") -> None:
    """Make the workflow and bind every text to it."""
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    made = await admin.post(WORKFLOWS, {"slug": slug, "definition": definition})
    assert made.status_code == 201, made.text
    await bind(newsroom, workflow=slug)


async def bind(newsroom: Newsroom, **binding: Any) -> dict[str, Any]:
    admin = await newsroom.cms.person("dona.marina", ["administrator"])
    done = await newsroom.cms.http.put(f"{WORKFLOWS}/bindings", json=binding, headers=admin.bearer)
    assert done.status_code == 200, done.text
    body: dict[str, Any] = done.json()
    return body


async def clinician(newsroom: Newsroom, login: str, *more: str) -> Person:
    """A reviewer whose registration the roster confirms."""
    return await newsroom.physician(login, ("content_reviewer", *more))
