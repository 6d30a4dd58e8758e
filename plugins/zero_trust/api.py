"""`/api/v1/zero-trust`: read the policies, and ask what they would say."""

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from plugins.zero_trust import explaining
from plugins.zero_trust.explaining import ExplanationOut, PolicySetOut, QuestionIn


@get("/policies", action="policy.list", resource="policy")
async def list_policies(work: UnitOfWork) -> PolicySetOut:
    """The policies in force, with their text and the version that decisions name."""
    return await explaining.policies_in_force(work)


@post("/explain", action="policy.explain", resource="policy", status_code=200)
async def explain(data: QuestionIn, work: UnitOfWork) -> ExplanationOut:
    """What would be decided for somebody, and why; nothing is done and nothing is logged."""
    return await explaining.explain(work, data)


routes = [list_policies, explain]
