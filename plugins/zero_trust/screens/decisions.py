"""What was decided, for whom, and by which policies."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import Response

from cms.admin.page import Page
from cms.admin.panels import open_to
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.zero_trust.explaining import told_of
from plugins.zero_trust.reading import Sought, decisions, reasons_of
from plugins.zero_trust.screens.words import OWN_REASONS, WORDS

_TEXTS = ("action", "resource_type", "decision", "mode", "request_id")
_NUMBERS = ("user_id", "resource_id")
_FIELDS = (*_TEXTS, *_NUMBERS, "from", "to")
_PATH = "/admin/policies/decisions"


@screen(_PATH, action="policy.decisions", resource="policy")
async def list_decisions(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The newest first, narrowed by what was asked."""
    sent = page.request.query_params
    given = {name: sent[name].strip() for name in _FIELDS if sent.get(name, "").strip()}
    try:
        sought = _sought(page, given)
    except InvalidInput as refused:
        return _drawn(page, given, [], "", status=422, faults=refused.faults)
    found, following = await decisions(work, sought, cursor=sent.get("cursor"))
    told = await told_of(work, reasons_of(found))
    link = f"{_PATH}?{urlencode({**given, 'cursor': following})}" if following else ""
    return _drawn(page, given, found, link, policies=told)


def _drawn(
    page: Page, given: dict[str, str], found: list[Any], following: str, **facts: Any
) -> Response[bytes]:
    return page.render(
        "zero_trust/decisions.html",
        given=given,
        found=found,
        next=following,
        own_reasons=OWN_REASONS,
        actions=[action.name for action in page.work.registry.actions],
        place=partial(open_to, page.work),
        **{"faults": {}, "policies": {}, **facts},
        **WORDS,
    )


def _sought(page: Page, given: dict[str, str]) -> Sought:
    faults = dict[str, str]()
    values: dict[str, Any] = {name: given[name] for name in _TEXTS if name in given}
    for name in _NUMBERS:
        if name in given:
            if not (given[name].isascii() and given[name].isdigit() and len(given[name]) < 19):
                faults[name] = "must be a whole number"
            else:
                values[name] = int(given[name])
    for name, field, days in (("from", "since", 0), ("to", "until", 1)):
        if name in given:
            try:
                day = date.fromisoformat(given[name]) + timedelta(days=days)
            except ValueError:
                faults[name] = "must be a day like 2026-01-31"
            else:
                values[field] = datetime.combine(day, time(), page.work.tenant.zone)
    if faults:
        raise InvalidInput(faults)
    return Sought(**values)


DECISION_SCREENS: list[Any] = [list_decisions]
