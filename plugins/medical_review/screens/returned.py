"""What came back to its author: on her first page, until she hands it over again."""

from typing import Any

from cms.admin.page import Page
from cms.content.browsing import Browsing, Line, browse
from cms.fields import filtering, filters
from cms.kernel.declarations import PostType
from plugins.medical_review.articles.fields import APPROVAL_STATUS
from plugins.medical_review.articles.kinds import reviewed_types
from plugins.medical_review.reviewing.approvals import ApprovalStatus
from plugins.medical_review.screens.said import draw

FEW = 6


async def sent_back_to_me(page: Page, **_: Any) -> str:
    """The reader's own texts that a reviewer has sent back."""
    found: list[Line] = []
    for name in reviewed_types(page.work):
        post_type = page.work.registry.post_types[name]
        if page.work.actor.has(post_type.capability("edit")):
            found += await browse(page.work, _returned(page, post_type))
    lines = sorted(found, key=lambda one: one.modified, reverse=True)[:FEW]
    return draw(page, "panels/returned", lines=lines) if lines else ""


def _returned(page: Page, post_type: PostType) -> Browsing:
    wanted = {APPROVAL_STATUS.argument: [ApprovalStatus.SENT_BACK.value]}
    asked = filters.Asked(filters.of_attributes([APPROVAL_STATUS], wanted))
    conditions = filtering.conditions_of(page.work, post_type.name, asked, working=True)
    return Browsing(post_type, author_id=page.reader.id, conditions=conditions, limit=FEW)
