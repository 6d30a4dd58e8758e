"""What the data protection officer does for a person: a report of everything, and the erasure of
what is sealed. Who it is travels in forms, never in an address."""

from datetime import date
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput
from cms.kernel.lawfulness import DataSubject
from plugins.audit_trail.erasing.erase import ERASE, erase
from plugins.audit_trail.erasing.orders import ErasureGround, Order, subject_of
from plugins.audit_trail.erasing.report import report
from plugins.audit_trail.officers.opening import OPEN
from plugins.audit_trail.screens.question import pairs_of, shown
from plugins.audit_trail.screens.words import GROUNDS

_PATH = "/admin/audit/subjects"


@screen(_PATH, action="audit.report", resource="audit_trail")
async def show_subjects(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The two forms."""
    if not (work.actor.has(OPEN) or work.actor.has(ERASE)):
        raise CapabilityMissing(
            f"A report of personal values needs the capability {OPEN}.", action="audit.report"
        )
    return _forms(page, {})


def _forms(page: Page, faults: Any, status: int = 200) -> Response[bytes]:
    return page.render(
        "audit_trail/subjects.html",
        status=status,
        faults=faults,
        given=dict(page.form.pairs()),
        grounds=GROUNDS,
        pairs=pairs_of(page),
        may_report=page.work.actor.has(OPEN),
        may_erase=page.work.actor.has(ERASE),
    )


@form(f"{_PATH}/report", action="audit.report", resource="audit_trail")
async def report_of_person(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Everything that the trail tells of a person, the oldest first, to print or to keep."""
    try:
        person = _person(page)
    except InvalidInput as refused:
        return _forms(page, refused.faults, 422)
    parts = await report(work, person)
    return page.render(
        "audit_trail/report.html",
        subject=page.form.text("subject"),
        parts=parts,
        **shown(page, None),
    )


@form(f"{_PATH}/erase", action="audit.erase", resource="audit_trail")
async def erase_person(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Say first what will be lost for ever; only the second form erases."""
    if not work.actor.has(ERASE):
        raise CapabilityMissing(
            f"Erasing needs the capability {ERASE}; the data protection officer has it.",
            action="audit.erase",
        )
    try:
        person, order = _person(page), _order(page)
    except InvalidInput as refused:
        return _forms(page, refused.faults, 422)
    given = dict(page.form.pairs())
    if not page.form.has("confirmed"):
        return page.render("audit_trail/erasing.html", given=given, grounds=GROUNDS)
    erased = await erase(work, person, order)
    told = page.say(
        "Erased: the personal values of %(events)s events. Every event and every proof stays.",
        events=erased.events,
    )
    return page.redirect(_PATH, told)


def _person(page: Page) -> DataSubject:
    """A number, an e-mail address, or either as the API writes it."""
    said = page.form.text("subject")
    if said.isascii() and said.isdigit():
        said = f"user:{said}"
    elif "@" in said and ":" not in said:
        said = f"email:{said}"
    return subject_of(said)


def _order(page: Page) -> Order:
    faults = dict[str, str]()
    sent = page.form
    ordered_on = sent.read("ordered_on", date.fromisoformat, faults)
    ground = sent.read("ground", ErasureGround, faults)
    if ordered_on is None or ground is None:
        raise InvalidInput(dict.fromkeys(faults, "is to be chosen"))
    order = Order(
        authority=sent.text("authority"),
        reference=sent.text("reference"),
        ordered_on=ordered_on,
        ground=ground,
    )
    order.refuse_faults(page.work.now.date())
    return order


SUBJECT_SCREENS: list[Any] = [show_subjects, report_of_person, erase_person]
