"""/api/v1/audit: what the data protection officer does for a person. Who it is stands in the body,
never in an address."""

from datetime import date

import msgspec

from cms.api.routing import post
from cms.database.work import UnitOfWork
from plugins.audit_trail.erasing.erase import Erased, erase
from plugins.audit_trail.erasing.orders import ErasureGround, Order, subject_of
from plugins.audit_trail.erasing.report import Part, report


class ErasureIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose values, and the order: `subject` is `user:7` or `email:ana@example.org`."""

    subject: str
    authority: str
    reference: str
    ordered_on: date
    ground: ErasureGround


class ReportIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose events: `user:7` or `email:ana@example.org`."""

    subject: str


@post("/erasures", action="audit.erase", resource="audit_trail")
async def erase_person(data: ErasureIn, work: UnitOfWork) -> Erased:
    """Erase what the trail holds sealed of a person. Every event and every proof stays."""
    order = Order(
        authority=data.authority,
        reference=data.reference,
        ordered_on=data.ordered_on,
        ground=data.ground,
    )
    return await erase(work, subject_of(data.subject), order)


@post("/access-reports", action="audit.report", resource="audit_trail", status_code=200)
async def report_of_person(data: ReportIn, work: UnitOfWork) -> list[Part]:
    """Everything that the trail tells of a person, and what she did herself, the oldest first."""
    return await report(work, subject_of(data.subject))


routes = [erase_person, report_of_person]
