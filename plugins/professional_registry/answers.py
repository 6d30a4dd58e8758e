"""Answers of online sources serve again for some hours, so that a council is asked once a day."""

from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.kernel.work import ReadableWork, Work
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.models import ProviderAnswer
from plugins.professional_registry.names import fold
from plugins.professional_registry.provider import Answer
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.statuses import Status

# Bad news is asked again soon: somebody is having it corrected and waits.
_BAD_NEWS = timedelta(minutes=15)
_KEY = ("tenant_id", "provider", "country", "council", "regional", "number", "category", "name")


async def remembered(
    work: ReadableWork, provider: str, identity: RegistrationId, name: str
) -> Answer | None:
    """What the source said lately, with the time at which it said it; None when that is too old."""
    key = _key(work, provider, identity, name)
    row = await work.one(
        select(ProviderAnswer.answer).where(
            *(getattr(ProviderAnswer, column) == value for column, value in key.items()),
            ProviderAnswer.expires_at > work.now,
        )
    )
    try:
        return msgspec.convert(row.answer, Answer) if row else None
    except msgspec.ValidationError:
        # Written by another release; the source knows it better.
        return None


async def remember(
    work: Work, answer: Answer, identity: RegistrationId, name: str, settings: RegistrySettings
) -> None:
    """Keep the answer for the next time; a source that is down has said nothing to be kept."""
    if answer.status is Status.SOURCE_UNAVAILABLE:
        return
    hours = timedelta(hours=settings.cache_hours)
    serves = hours if answer.status.may_sign else min(hours, _BAD_NEWS)
    values = {
        "answer": msgspec.to_builtins(answer),
        "fetched_at": answer.fetched_at,
        "expires_at": answer.fetched_at + serves,
    }
    key = _key(work, answer.source, identity, name)
    statement = insert(ProviderAnswer).values(**key, **values)
    newer = ProviderAnswer.fetched_at <= answer.fetched_at
    await work.execute(
        statement.on_conflict_do_update(index_elements=_KEY, set_=values, where=newer)
    )


def _key(work: ReadableWork, provider: str, identity: RegistrationId, name: str) -> dict[str, Any]:
    facts = {"tenant_id": work.tenant_id, "provider": provider, "name": fold(name)}
    return facts | msgspec.structs.asdict(identity)
