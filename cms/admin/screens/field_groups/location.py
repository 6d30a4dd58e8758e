"""Where a group is shown: alternatives, of which one must hold in all of its rules."""

from collections.abc import Mapping
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.field_groups.groups import readable
from cms.admin.screens.field_groups.keeping import (
    HOME,
    OF,
    ONE,
    READ,
    SAVE,
    done,
    keep,
    overtaken,
    own,
)
from cms.admin.shaping import rules
from cms.admin.shaping.places import pages, values
from cms.admin.shaping.words import OF_LOCATION
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields.groups import Changed, Kept
from cms.fields.locations import PARAMETERS

_PAGES = "options_page"


@screen(f"{ONE}/location", action=READ, resource=OF)
async def show_location(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """The rules of a group."""
    kept = await own(work, key)
    return await _draw(work, page, kept, _kept_rules(work, kept), {})


def _kept_rules(work: UnitOfWork, kept: Kept) -> rules.Alternatives:
    return [
        [{"param": one.param, "operator": one.operator, "value": one.value} for one in alternative]
        for alternative in readable(work, kept).location
    ]


async def _draw(
    work: UnitOfWork,
    page: Page,
    kept: Kept,
    shown: rules.Alternatives,
    faults: Mapping[str, str],
) -> Response[bytes]:
    page.here = HOME
    params = {rule.get("param", "") for alternative in shown for rule in alternative}
    return page.render(
        "field_groups/location.html",
        status=422 if faults else 200,
        kept=kept,
        rules=shown,
        parameters=PARAMETERS,
        values=await values(work, params),
        pages=pages(work) if _PAGES in params else [],
        operators=OF_LOCATION,
        faults=faults,
    )


@form(f"{ONE}/location", action=SAVE, resource=OF)
async def save_location(work: UnitOfWork, page: Page, key: str) -> Response[bytes]:
    """Save the rules; or, by other buttons, add and take away rules, with nothing saved."""
    kept = await own(work, key)
    sent, step = rules.sent(page.form), page.form.text("step")
    param = page.form.text(f"param.{step.partition(':')[2] or 'or'}")
    if rules.turn(sent, step, {"param": param, "operator": "==", "value": ""}):
        return await _draw(work, page, kept, sent, {})
    if sent == _kept_rules(work, kept):
        return page.redirect(f"{HOME}/{key}", page.say("The rules are as they were."))
    try:
        made = await keep(work, page, {**kept.definition, "location": sent})
    except Changed:
        return overtaken(page, key)
    except InvalidInput as refused:
        return await _draw(work, page, kept, sent, refused.faults)
    return page.redirect(f"{HOME}/{key}", done(page, made, page.say("The rules are saved.")))


LOCATION_SCREENS: list[Any] = [show_location, save_location]
