"""Who learns that a text did not go live at its time: who planned it, its author, the operator."""

from datetime import timedelta
from typing import Protocol, cast

from cms.content import posts, schedule
from cms.content.events import PublicationRefused
from cms.database.work import UnitOfWork, Workshop
from cms.kernel.actors import SYSTEM
from cms.kernel.declarations import Health, HealthCheck, Job, Serves
from cms.kernel.notices import ID, NoticeKind, Words
from cms.kernel.work import Work
from cms.notices.telling import tell
from cms.tenancy.directory import TenantDirectory

# By then the sweep of the queue has reminded of it twice.
FORGOTTEN = timedelta(minutes=10)


def _kind(slug: str, pt: Words, en: Words) -> NoticeKind:
    return NoticeKind(
        slug=f"review.{slug}",
        words={"pt": pt, "en": en},
        facts={"post_id": ID},
        about="post",
        about_fact="post_id",
        link="/api/v1/reviews/blockers/{post_id}",
        is_urgent=True,
    )


HELD_UP = _kind(
    "publication_held_up",
    Words(
        "O texto {post_id} não foi ao ar",
        "Chegou a hora agendada, e algo impede a publicação. O endereço mostra cada motivo e o que "
        "fazer. O texto continua agendado até que alguém o retome.",
        "Quando algo impede uma publicação agendada",
    ),
    Words(
        "Text {post_id} did not go live",
        "Its time came, and something stands in the way. The address shows each reason and what to "
        "do. It stays scheduled until somebody takes it up.",
        "When something stands in the way of a scheduled publication",
    ),
)
MISSED = _kind(
    "publication_missed",
    Words(
        "A hora do texto {post_id} passou",
        "Devia ter ido ao ar, e ninguém tentou publicá-lo. Publique-o você, e avise quem opera o "
        "sistema: a fila de tarefas está parada ou atrasada.",
        "Quando a hora de uma publicação agendada passa sem que nada aconteça",
    ),
    Words(
        "The time of text {post_id} has passed",
        "It should have gone live, and nobody has tried to publish it. Publish it yourself, and "
        "tell whoever runs the system: the queue of jobs stands still or is late.",
        "When the time of a scheduled publication passes and nothing happens",
    ),
)
PUBLISHING_NOTICES = (HELD_UP, MISSED)


async def tell_of_refusal(work: Work, refused: PublicationRefused) -> None:
    """Whoever planned it and its author learn that it waits for them."""
    whole = cast(UnitOfWork, work)
    plan = await schedule.of_post(whole, refused.post_id)
    if plan is not None:
        people = await _people(whole, refused.post_id, plan.planned_by)
        await tell(work, HELD_UP.slug, people, {"post_id": refused.post_id})


async def tell_of_missed(work: UnitOfWork) -> None:
    """The same for those that nobody has looked at; once for each time they were planned for."""
    for post_id in await schedule.missed(work, before=FORGOTTEN):
        plan = await schedule.of_post(work, post_id)
        if plan is not None:
            people = await _people(work, post_id, plan.planned_by)
            key = f"{post_id}:{plan.publish_at:%Y%m%d%H%M}"
            await tell(work, MISSED.slug, people, {"post_id": post_id}, key=key)


async def _people(work: UnitOfWork, post_id: int, planned_by: int) -> set[int]:
    return {planned_by, (await posts.get(work, post_id)).author_id}


class RunningHost(Protocol):
    """What the check needs of the host."""

    @property
    def shop(self) -> Workshop: ...
    @property
    def tenants(self) -> TenantDirectory: ...


async def nothing_is_overdue(host: RunningHost) -> Health:
    """Whether any text of any site waits although its time has come."""
    for tenant in await host.tenants.all():
        async with host.shop.work(tenant, SYSTEM) as work:
            late = await schedule.missed(work, before=FORGOTTEN)
        if late:
            return Health(
                "publications",
                False,
                f"{tenant.slug}: {len(late)} scheduled texts are overdue, the first is {late[0]}",
                "Run `cms worker`, and look at the queue of jobs.",
                Serves.EVERYTHING,
            )
    return Health("publications", True, "no scheduled text is overdue")


PUBLISHING_JOBS = (Job("tell_of_missed_publications", tell_of_missed, cron="*/10 * * * *"),)
PUBLISHING_HEALTH = (HealthCheck("publications", nothing_is_overdue, readyz=False),)
