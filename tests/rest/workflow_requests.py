"""Requests about workflows and around a review, each with the budget of its statements."""

from datetime import UTC, datetime, timedelta

from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.quorums import WORKFLOWS, stage, workflow

ONE, BINDINGS = f"{REVIEWS}/{{review_id:int}}", f"{WORKFLOWS}/bindings"
ABSENCES, DELEGATIONS = f"{REVIEWS}/absences", f"{REVIEWS}/delegations"

# Who asks costs two statements. A board of any length costs what an empty one does.
BUDGETS = {
    ("GET", WORKFLOWS): 3,
    ("POST", WORKFLOWS): 6,
    ("POST", f"{WORKFLOWS}/validate"): 2,
    ("GET", BINDINGS): 3,
    ("PUT", BINDINGS): 6,
    ("DELETE", f"{BINDINGS}/{{binding_id:int}}"): 5,
    ("GET", f"{REVIEWS}/board"): 5,
    ("GET", f"{REVIEWS}/board/{{stage:str}}"): 5,
    ("GET", f"{REVIEWS}/lifecycle"): 4,
    ("GET", f"{REVIEWS}/lifecycle/{{column:str}}"): 3,
    ("GET", f"{REVIEWS}/mine"): 4,
    ("GET", f"{REVIEWS}/actions/{{post_id:int}}"): 26,
    ("POST", f"{ONE}/claim"): 16,
    ("POST", f"{ONE}/release"): 8,
    ("POST", f"{ONE}/assignment"): 22,
    ("PATCH", f"{ONE}/schedule"): 8,
    ("POST", f"{ONE}/withdrawal"): 19,
    ("GET", f"{ONE}/candidates"): 8,
    ("GET", f"{ONE}/invitations"): 3,
    ("GET", ABSENCES): 3,
    ("POST", ABSENCES): 8,
    ("DELETE", f"{ABSENCES}/{{absence_id:int}}"): 6,
    ("GET", DELEGATIONS): 3,
    ("POST", DELEGATIONS): 9,
    ("DELETE", f"{DELEGATIONS}/{{delegation_id:int}}"): 6,
}

# They need a mail server; their stories are in the tests of invitations.
BY_MAIL = {
    ("POST", f"{ONE}/invitations"),
    ("DELETE", f"{REVIEWS}/invitations/{{invitation_id:int}}"),
    *(("POST", f"{REVIEWS}/external/{what}") for what in ("text", "code", "decision")),
    *(("POST", f"/review-invitation{step}") for step in ("", "/code", "/decision")),
}


async def about_workflows(newsroom, admin, author):
    """(method, template, address, body) of each, by somebody who may do all of it."""
    definition = workflow(stage(people=2))
    yield "POST", f"{WORKFLOWS}/validate", f"{WORKFLOWS}/validate", _named(definition)
    yield "POST", WORKFLOWS, WORKFLOWS, _named(definition)
    yield "GET", WORKFLOWS, WORKFLOWS, None
    bound = (await newsroom.cms.http.put(
        BINDINGS, json={"workflow": "ours", "risk": "low"}, headers=admin.bearer
    )).json()  # fmt: skip
    yield "GET", BINDINGS, BINDINGS, None
    yield "PUT", BINDINGS, BINDINGS, {"workflow": "ours", "risk": "high"}
    yield "DELETE", f"{BINDINGS}/{{binding_id:int}}", f"{BINDINGS}/{bound['id']}", None
    post = await newsroom.article(author, title="Pela mesa")
    review = await newsroom.submit(post, author)
    async for request in _around(newsroom, post, review):
        yield request
    async for request in _people(admin, author):
        yield request


def _named(definition):
    return {"slug": "ours", "definition": definition}


async def _around(newsroom, post, review):
    own = f"{REVIEWS}/{review['id']}"
    other = await newsroom.reviewer("outra.revisora")
    yield "GET", f"{REVIEWS}/board", f"{REVIEWS}/board", None
    yield "GET", f"{REVIEWS}/board/{{stage:str}}", f"{REVIEWS}/board/medical", None
    yield "GET", f"{REVIEWS}/lifecycle", f"{REVIEWS}/lifecycle", None
    yield "GET", f"{REVIEWS}/lifecycle/{{column:str}}", f"{REVIEWS}/lifecycle/draft", None
    yield "GET", f"{REVIEWS}/mine", f"{REVIEWS}/mine", None
    template = f"{REVIEWS}/actions/{{post_id:int}}"
    yield "GET", template, f"{REVIEWS}/actions/{post['id']}", None
    yield "GET", f"{ONE}/candidates", f"{own}/candidates", None
    yield "POST", f"{ONE}/claim", f"{own}/claim", None
    yield "POST", f"{ONE}/release", f"{own}/release", None
    yield "POST", f"{ONE}/assignment", f"{own}/assignment", {"to_user_id": other.id}
    yield "PATCH", f"{ONE}/schedule", f"{own}/schedule", {"priority": "high"}
    yield "GET", f"{ONE}/invitations", f"{own}/invitations", None
    yield "POST", f"{ONE}/withdrawal", f"{own}/withdrawal", None


async def _people(admin, author):
    later = [(datetime.now(UTC) + timedelta(days=days)).isoformat() for days in (1, 3)]
    away = {"from_at": later[0], "to_at": later[1]}
    yield "POST", ABSENCES, ABSENCES, away
    yield "GET", ABSENCES, ABSENCES, None
    noted = (await admin.get(ABSENCES)).json()[0]["id"]
    yield "DELETE", f"{ABSENCES}/{{absence_id:int}}", f"{ABSENCES}/{noted}", None
    yield "POST", DELEGATIONS, DELEGATIONS, {"to_user_id": author.id, "ends_at": later[1]}
    yield "GET", DELEGATIONS, DELEGATIONS, None
    made = (await admin.get(DELEGATIONS)).json()[0]["id"]
    yield "DELETE", f"{DELEGATIONS}/{{delegation_id:int}}", f"{DELEGATIONS}/{made}", None
