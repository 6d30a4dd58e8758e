"""Cases: a lost registration, what carries the name, and what was done about it."""

from collections.abc import Awaitable
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.professional_registry import case_actions, cases, listing, registrations
from plugins.professional_registry.carried import carried_at_opening, carried_by
from plugins.professional_registry.case_actions import Deed
from plugins.professional_registry.case_models import Case, CaseState
from plugins.professional_registry.permissions import MANAGE, reviewers_of
from plugins.professional_registry.screens.words import words_of

_A_PAGE = 50


@screen("/admin/registry/cases", action="case.list", resource="case")
async def list_cases(
    work: UnitOfWork, page: Page, only: str = "open", after: int | None = None
) -> Response[bytes]:
    """Everybody's for officers, for others their own."""
    state = only if only in set(CaseState) else None
    found = await cases.listed(work, state=state, limit=_A_PAGE, after=after)
    following = f"/admin/registry/cases?only={only}&after={found[-1].id}" if found else ""
    return page.render(
        "professional_registry/cases.html",
        cases=found,
        chosen=only,
        names=await listing.names_of(work, [case.user_id for case in found]),
        first=f"/admin/registry/cases?only={only}" if after else "",
        next=following if len(found) == _A_PAGE else "",
        **words_of(page),
    )


@screen("/admin/registry/cases/{case_id:int}", action="case.read", resource="case")
async def show_case(work: UnitOfWork, page: Page, case_id: int) -> Response[bytes]:
    """One case with everything that a decision needs."""
    return await _shown(work, page, await cases.get(work, case_id), {})


async def _shown(
    work: UnitOfWork, page: Page, case: Case, faults: Any, status: int = 200
) -> Response[bytes]:
    done = await case_actions.actions_of(work, case.id)
    is_manager = work.actor.has(MANAGE)
    successors = await listing.may_sign(work) if is_manager else []
    people = [case.user_id, case.reviewed_by, *(one.by_user_id for one in done)]
    return page.render(
        "professional_registry/case.html",
        status=status,
        case=case,
        person=await registrations.get(work, case.professional_id),
        texts=await carried_by(work, case.user_id),
        texts_at_opening=await carried_at_opening(work, case.id),
        done=done,
        reviewers=await reviewers_of(work, case.user_id),
        successors=[one for one in successors if one.person.user_id != case.user_id],
        names=await listing.names_of(work, people),
        is_manager=is_manager,
        is_own=case.user_id == work.actor.user_id,
        faults=faults,
        given=dict(page.form.pairs()),
        **words_of(page),
    )


async def _done(
    work: UnitOfWork, page: Page, case_id: int, step: Awaitable[Any], told: str
) -> Response[bytes]:
    """Take the step and show the case; or show it again with what is wrong, and what was typed."""
    try:
        await step
    except InvalidInput as refused:
        return await _shown(work, page, await cases.get(work, case_id), refused.faults, 422)
    return page.redirect(f"/admin/registry/cases/{case_id}", told)


@form("/admin/registry/cases/{case_id:int}/actions", action="case.act", resource="case")
async def act(work: UnitOfWork, page: Page, case_id: int) -> Response[bytes]:
    """Do something about a text of the case."""
    sent = page.form
    kind = sent.text("kind")
    deed = Deed(
        kind,
        sent.number("post_id"),
        sent.number("to_user_id") if kind == "reassign" else None,
        sent.text("detail"),
    )
    step = case_actions.act(work, case_id, deed)
    return await _done(work, page, case_id, step, page.say("It is done, and noted in the case."))


@form("/admin/registry/cases/{case_id:int}/contest", action="case.contest", resource="case")
async def contest(work: UnitOfWork, page: Page, case_id: int) -> Response[bytes]:
    """The person says why the suspension is wrong."""
    step = cases.contest(work, case_id, page.form.text("contest"))
    return await _done(work, page, case_id, step, page.say("Your objection is kept."))


@form("/admin/registry/cases/{case_id:int}/review", action="case.review", resource="case")
async def review(work: UnitOfWork, page: Page, case_id: int) -> Response[bytes]:
    """Somebody else judges it."""
    step = cases.review(work, case_id, page.form.text("outcome"), page.form.text("reason"))
    return await _done(work, page, case_id, step, page.say("The case is reviewed."))


@form("/admin/registry/cases/{case_id:int}/close", action="case.close", resource="case")
async def close(work: UnitOfWork, page: Page, case_id: int) -> Response[bytes]:
    """Nothing is left to do."""
    step = cases.close(work, case_id)
    return await _done(work, page, case_id, step, page.say("The case is closed."))


CASE_SCREENS: list[Any] = [list_cases, show_case, act, contest, review, close]
