"""The policies that decide, in words and as they are evaluated."""

import json
from typing import Any

from cedarpy import format_policies
from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from plugins.zero_trust.explaining import statements_in_force
from plugins.zero_trust.rows import stored
from plugins.zero_trust.screens.wording import Wording
from plugins.zero_trust.screens.words import WORDS


@screen("/admin/policies", action="policy.list", resource="policy")
async def list_policies(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Every policy in force, and those of the site that rest."""
    version, statements = await statements_in_force(work)
    wording = Wording(page.say)
    rows = await stored(work)
    return page.render(
        "zero_trust/policies.html",
        version=version,
        policies=[(one, wording.read(one)) for one in statements],
        resting=[row for row in rows if not row.active or row.mode == "off"],
        **WORDS,
    )


@screen("/admin/policies/{identity:str}", action="policy.list", resource="policy")
async def show_policy(work: UnitOfWork, page: Page, identity: str) -> Response[bytes]:
    """One policy: whom it hits, when, in words, as Cedar and as JSON; how often it spoke."""
    _, statements = await statements_in_force(work)
    found = next((one for one in statements if one.id == identity), None)
    if found is None:
        raise NotFound("policy in force", identity)
    rows = {row.id: row for row in await stored(work)} if found.row_id is not None else {}
    return page.render(
        "zero_trust/policy.html",
        policy=found,
        reading=Wording(page.say).read(found),
        cedar=format_policies(found.cedar),
        document=json.dumps(found.est, indent=2, ensure_ascii=False),
        row=rows.get(found.row_id or 0),
        **WORDS,
    )


POLICY_SCREENS: list[Any] = [list_policies, show_policy]
