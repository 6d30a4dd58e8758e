"""/api/v1/audit/verifications: an officer has the log verified, and sees how far it is."""

from uuid import UUID

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from plugins.audit_trail.rounds import asking
from plugins.audit_trail.rounds.asking import Asked, Verification


@post("/verifications", action="audit.verify", resource="audit_log", status_code=202)
async def ask_verification(data: Asked, work: UnitOfWork) -> Verification:
    """Queue a verification; a worker takes it up within seconds."""
    return await asking.ask(work, data)


@get("/verifications/{verification_id:uuid}", action="audit.verify", resource="audit_log")
async def show_verification(verification_id: UUID, work: UnitOfWork) -> Verification:
    """How far it is, and its report. One of this site, or of the nightly round."""
    return await asking.read(work, verification_id)


routes = [ask_verification, show_verification]
