"""How long events are kept, what holds them back, and what is due to go."""

from datetime import datetime
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.audit_trail.retention import approving, holds, rules
from plugins.audit_trail.retention.rules import Order
from plugins.audit_trail.screens.question import days_of
from plugins.audit_trail.screens.words import CLASSES, STATE_KINDS, STATES

_PATH = "/admin/audit/retention"


@screen(_PATH, action="audit_retention.read", resource="audit_retention")
async def show_retention(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The rules, what is due, and the holds."""
    return await _shown(work, page)


async def _shown(
    work: UnitOfWork, page: Page, status: int = 200, **refused: Any
) -> Response[bytes]:
    facts = {"faults": {}, "given": {}, **refused}
    return page.render(
        "audit_trail/retention.html",
        status=status,
        rules=await rules.rules(work),
        holds=await holds.holds(work),
        prunings=await approving.prunings(work),
        people=approving.PEOPLE,
        states=STATES,
        state_kinds=STATE_KINDS,
        classes=CLASSES,
        **facts,
    )


@screen(f"{_PATH}/{{class_name:str}}", action="audit_retention.read", resource="audit_retention")
async def show_rule(work: UnitOfWork, page: Page, class_name: str) -> Response[bytes]:
    """The form for the rule of one class."""
    return await _rule(work, page, class_name, {})


@form(f"{_PATH}/{{class_name:str}}", action="audit_retention.set", resource="audit_retention")
async def set_rule(work: UnitOfWork, page: Page, class_name: str) -> Response[bytes]:
    """Keep events of the class for so many months from now on."""
    sent = page.form
    order = None
    if sent.text("reference") or sent.text("ground"):
        order = Order(reference=sent.text("reference"), ground=sent.text("ground"))
    try:
        # A number that is none is refused by the use case, with its bounds.
        months = sent.number("months") or 0
        await rules.set_months(work, class_name, months, sent.text("reason"), order)
    except InvalidInput as refused:
        faults = {name.removeprefix("order."): said for name, said in refused.faults.items()}
        return await _rule(work, page, class_name, faults, status=422)
    return page.redirect(_PATH, page.say("The rule is kept."))


async def _rule(
    work: UnitOfWork, page: Page, class_name: str, faults: Any, status: int = 200
) -> Response[bytes]:
    known = {rule.class_name: rule for rule in await rules.rules(work)}
    if class_name not in known:
        raise InvalidInput({"class_name": f"is none of {', '.join(known)}"})
    return page.render(
        "audit_trail/retention_rule.html",
        status=status,
        rule=known[class_name],
        called=page.words.gettext(CLASSES.get(class_name, class_name)),
        faults=faults,
        given=dict(page.form.pairs()),
        least=rules.LEAST_MONTHS,
        most=rules.MOST_MONTHS,
    )


@form("/admin/audit/holds", action="audit_hold.place", resource="audit_hold")
async def place_hold(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Hold events back."""
    try:
        await holds.place(work, _wanted(page))
    except InvalidInput as refused:
        given = dict(page.form.pairs())
        return await _shown(work, page, 422, faults=refused.faults, given=given)
    return page.redirect(_PATH, page.say("The events are held."))


def _wanted(page: Page) -> holds.Wanted:
    sent = page.form
    days = days_of(page, {name: sent.text(name) for name in ("from", "to")})
    moments: dict[str, Any] = {name: datetime.fromisoformat(said) for name, said in days.items()}
    if sent.text("resource_id") and sent.number("resource_id") is None:
        raise InvalidInput({"resource_id": "must be a whole number"})
    return holds.Wanted(
        reason=sent.text("reason"),
        resource_type=sent.text("resource_type") or None,
        resource_id=sent.number("resource_id"),
        **moments,
    )


@form(
    "/admin/audit/holds/{hold_id:int}/release", action="audit_hold.release", resource="audit_hold"
)
async def release_hold(work: UnitOfWork, page: Page, hold_id: int) -> Response[bytes]:
    """Let go of what was held."""
    await holds.release(work, hold_id, page.form.text("reason"))
    return page.redirect(_PATH, page.say("The hold is released."))


@form(
    "/admin/audit/prunings/{pruning_id:int}/approve",
    action="audit_range.approve",
    resource="audit_range",
)
async def approve_pruning(work: UnitOfWork, page: Page, pruning_id: int) -> Response[bytes]:
    """Agree, as one of two people, that a range may go."""
    await approving.approve(work, pruning_id)
    return page.redirect(_PATH, page.say("You have agreed that the range may go."))


KEEPING_SCREENS: list[Any] = [
    show_retention,
    show_rule,
    set_rule,
    place_hold,
    release_hold,
    approve_pruning,
]
