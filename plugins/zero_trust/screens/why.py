"""Why one could not do something: the answer for everybody, about requests of one's own."""

from typing import Any, NamedTuple

from litestar import Response

from cms.admin.capability_words import grouped
from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from plugins.zero_trust.explaining import told_of
from plugins.zero_trust.reading import reasons_of, why
from plugins.zero_trust.screens.words import OWN_REASONS, WORDS


class Needed(NamedTuple):
    """The capability that an action asks for before any policy; `about` is English."""

    name: str
    about: str
    is_held: bool


@screen("/admin/why", action="policy.why", resource="policy")
async def show_why(
    work: UnitOfWork, page: Page, request_id: str = "", action: str = ""
) -> Response[bytes]:
    """The refusals of one request or of one action, or of late."""
    found = await why(work, request_id.strip() or None, action.strip() or None)
    return page.render(
        "zero_trust/why.html",
        wanted=request_id.strip(),
        wanted_action=action.strip(),
        pairs=[(one.name, one.name) for one in work.registry.actions],
        needed=_needed(work, action.strip()),
        found=found,
        policies=await told_of(work, reasons_of(found)),
        own_reasons=OWN_REASONS,
        **WORDS,
    )


def _needed(work: UnitOfWork, action: str) -> Needed | None:
    """None where the action asks for none, or for one that depends on the thing itself."""
    name = work.registry.actions[action].capability if action else None
    if name is None:
        return None
    about = grouped(work.registry, [name])[0].capabilities[0][1]
    return Needed(name, about, work.actor.has(name)) if about else None


WHY_SCREENS: list[Any] = [show_why]
