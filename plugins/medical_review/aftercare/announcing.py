"""Subscribers of webhooks are told when what readers see of a text has changed beside its words, so
that caches drop what they keep."""

from functools import partial
from typing import cast

from cms.database.work import UnitOfWork
from cms.kernel.events import Event
from cms.kernel.hooks import Hooks
from cms.kernel.work import Work
from cms.site.webhook_news import announce_later
from plugins.medical_review.aftercare.amending_events import (
    TextCorrected,
    TextReinstated,
    TextRetracted,
)
from plugins.medical_review.aftercare.events import (
    PublicNoticeLifted,
    PublicNoticePlaced,
    ReviewDateSet,
    ReviewRenewed,
)

_TOPICS: dict[type[Event], str] = {
    PublicNoticePlaced: "post.updated",
    PublicNoticeLifted: "post.updated",
    ReviewRenewed: "post.updated",
    ReviewDateSet: "post.updated",
    TextCorrected: "post.corrected",
    TextRetracted: "post.retracted",
    TextReinstated: "post.reinstated",
}


async def announce(work: Work, event: Event) -> None:
    """A message with ids only; the same thing said twice in one work is one message."""
    whole = cast(UnitOfWork, work)
    topic, post_id = _TOPICS[type(event)], event.subject().id
    if whole.tenant.site.sends_webhooks and post_id is not None:
        later = partial(announce_later, whole, topic, post_id)
        work.before_commit(f"webhooks: {topic} {post_id}", later)


def connect(hooks: Hooks) -> None:
    for kind in _TOPICS:
        hooks.observe(kind, announce)
