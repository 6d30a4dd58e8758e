"""No step rests on an old answer: what was asked too long ago is asked again before anybody
objects, and what was found out stays known even when the step is then refused."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import Select, select

from cms.kernel.work import Work
from plugins.professional_registry import registrations
from plugins.professional_registry.models import Professional
from plugins.professional_registry.provider import Answer
from plugins.professional_registry.settings import RegistrySettings


class Step(StrEnum):
    """What a registration is about to be relied on for."""

    SUBMIT = "submit"
    APPROVE = "approve"
    PUBLISH = "publish"


def allowed_age(settings: RegistrySettings, step: Step) -> timedelta:
    """How long ago the source may have been asked for this step."""
    days: float = getattr(settings, f"{step.value}_fresh_days")
    return timedelta(days=days)


async def bring_up_to_date(work: Work, user_id: int, step: Step) -> None:
    """Ask again about each registration of the person that is too old for the step, and hold all
    of them to the end of the transaction: a licence that is lost meanwhile waits for us, and its
    case then lists what we did; or we wait for it, and see the loss.

    One that was never verified stays so: it is an officer's to look at."""
    await bring_all_up_to_date(work, [user_id], step)


async def bring_all_up_to_date(work: Work, people: Collection[int], step: Step) -> None:
    """The same for several people at once."""
    if not people:
        return
    oldest = work.now - allowed_age(work.settings(RegistrySettings), step)
    # In the order of ids, as every verification of many, so that two cannot lock each other.
    for row in await work.all(_checks(work, people)):
        if row.last_validation_check is not None and row.last_validation_check <= oldest:
            await _renew(work, row.id, oldest)
        else:
            await work.one(_held(work, row.id))


async def _renew(work: Work, professional_id: int, oldest: datetime) -> None:
    settings = work.settings(RegistrySettings)
    person = await registrations.get(work, professional_id)
    answer = await registrations.consult(work, person, settings, oldest)
    person = await registrations.get(work, professional_id, lock=True)
    work.even_if_refused(
        f"professional_registry:{professional_id}",
        partial(_keep_later, professional_id=professional_id, answer=answer),
    )
    await registrations.keep(work, person, answer, settings)


async def _keep_later(work: Work, professional_id: int, answer: Answer) -> None:
    """The same answer in another transaction, unless a newer one has come in between."""
    person = await registrations.get(work, professional_id, lock=True)
    if person.last_validation_check is None or person.last_validation_check < answer.fetched_at:
        await registrations.keep(work, person, answer, work.settings(RegistrySettings))


def _checks(work: Work, people: Collection[int]) -> Select[int, datetime | None]:
    return (
        select(Professional.id, Professional.last_validation_check)
        .where(Professional.tenant_id == work.tenant_id, Professional.user_id.in_(people))
        .order_by(Professional.id)
    )


def _held(work: Work, professional_id: int) -> Select[Professional]:
    return (
        select(Professional)
        .where(Professional.tenant_id == work.tenant_id, Professional.id == professional_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
