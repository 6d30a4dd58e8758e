"""What the registry shows on others' screens."""

from typing import Any

from cms.admin.page import Page
from plugins.professional_registry import cases, listing
from plugins.professional_registry.permissions import MANAGE, holders, oversees
from plugins.professional_registry.rechecking import PAUSE
from plugins.professional_registry.screens.words import words_of
from plugins.professional_registry.standing import standing_of

_A_FEW = 5


async def own_registrations(page: Page, **_: Any) -> str:
    """One's own registrations and how they stand; to a person without any, who adds one."""
    work = page.work
    if work.actor.user_id is None:
        return ""
    found = await listing.of_user(work, work.actor.user_id)
    standing = {one.id: await standing_of(work, one) for one in found}
    rested = {
        one.id
        for one in found
        if one.last_validation_check is None or work.now - one.last_validation_check >= PAUSE
    }
    return page.draw(
        "professional_registry/panel_own.html",
        registrations=found,
        standing=standing,
        rested=rested,
        officers=[] if found else (await holders(work, [MANAGE]))[:_A_FEW],
        may_manage=work.actor.has(MANAGE),
        **words_of(page),
    )


async def cases_waiting(page: Page, **_: Any) -> str:
    """Open cases: everybody's for officers, for others their own."""
    work = page.work
    if work.actor.user_id is None:
        return ""
    contested = await cases.listed(work, state="contested", limit=_A_FEW)
    found = [*contested, *await cases.listed(work, state="open", limit=_A_FEW + 1)]
    if not found:
        return ""
    return page.draw(
        "professional_registry/panel_cases.html",
        cases=found[:_A_FEW],
        has_more=len(found) > _A_FEW,
        names=await listing.names_of(work, [case.user_id for case in found]),
        **words_of(page),
    )


async def registrations_ending(page: Page, **_: Any) -> str:
    """Registrations whose verification counts for two weeks at most."""
    work = page.work
    if work.actor.user_id is None:
        return ""
    found = await listing.ending_soon(work, limit=_A_FEW, own=not oversees(work))
    if not found:
        return ""
    return page.draw("professional_registry/panel_ending.html", rows=found, **words_of(page))
