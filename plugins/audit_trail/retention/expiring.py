"""Personal values whose time is over go; the events that they belong to stay, and say so."""

from cms.database.work import UnitOfWork
from cms.kernel.declarations import Job
from plugins.audit_trail.retention.events import PersonalExpired

# The database counts the time and looks at the holds itself: nobody can ask for more than is due.
_RULES = "select class, patterns, months, order_reference from audit.retention order by rank"
_EXPIRE = "select events, until from audit.expire_personal(:class)"


async def expire(work: UnitOfWork) -> None:
    """Erase the personal values of events that are older than the site keeps their class."""
    for rule in await work.audit.all(_RULES):
        found = await work.audit.one(_EXPIRE, {"class": rule._mapping["class"]})
        if found.events:
            await work.emit(
                PersonalExpired(
                    after={
                        "class_name": rule._mapping["class"],
                        "patterns": list(rule.patterns),
                        "until": found.until.isoformat(),
                        "events": found.events,
                        "order_reference": rule.order_reference,
                    }
                )
            )


EXPIRING = Job("audit.expire_personal", expire, cron="23 3 * * *")
