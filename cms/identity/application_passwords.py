"""Application passwords: by one an application acts for a person, until it is revoked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from cms.identity.events import (
    ApplicationPasswordChanged,
    ApplicationPasswordCreated,
    ApplicationPasswordsRevoked,
    ApplicationPasswordUsed,
)
from cms.identity.freshness import require_recent_session
from cms.identity.models import ApplicationPassword, User
from cms.identity.secrets import SecretKey, new_application_password

KIND = "application password"

# As often as WordPress does: a request that reads should not write each time.
NOTE_EVERY = timedelta(days=1)


async def add_application_password(
    work: UnitOfWork, key: SecretKey, user: User, name: str, *, app_id: str = ""
) -> str:
    """A new application password, shown this once; only its keyed hash is kept."""
    return (await create(work, key, user, name, app_id))[1]


async def create(
    work: UnitOfWork, key: SecretKey, user: User, name: str, app_id: str
) -> tuple[ApplicationPassword, str]:
    """The record and the password, which is not kept. Conflict when an application of this person
    has the name already: she would not know which one to revoke."""
    why = "an application is let in by who has just signed in"
    require_recent_session(work, "application_password.create", why)
    await _refuse_taken_name(work, user.id, name)
    password = new_application_password()
    record = ApplicationPassword(
        tenant_id=work.tenant_id,
        id=uuid4(),
        user_id=user.id,
        name=name,
        app_id=app_id,
        digest=key.digest(password.replace(" ", "")),
        created_at=work.now,
    )
    work.session.add(record)
    await work.emit(ApplicationPasswordCreated(user_id=user.id))
    return record, password


async def _refuse_taken_name(
    work: UnitOfWork, user_id: int, name: str, except_for: UUID | None = None
) -> None:
    row = await work.one(
        select(ApplicationPassword.id)
        .where(
            ApplicationPassword.tenant_id == work.tenant_id,
            ApplicationPassword.user_id == user_id,
            ApplicationPassword.name == name,
            ApplicationPassword.id != (except_for or UUID(int=0)),
        )
        .limit(1)
    )
    if row is not None:
        raise Conflict(
            "Each application name should be unique.", code="application_password_duplicate_name"
        )


async def of_user(work: UnitOfWork, user_id: int) -> Sequence[ApplicationPassword]:
    """All of a person, in the order in which they were made."""
    rows = await work.all(
        select(ApplicationPassword)
        .where(
            ApplicationPassword.tenant_id == work.tenant_id,
            ApplicationPassword.user_id == user_id,
        )
        .order_by(ApplicationPassword.created_at, ApplicationPassword.id)
    )
    return [row[0] for row in rows]


async def one_of(work: UnitOfWork, user_id: int, password_id: UUID) -> ApplicationPassword:
    """One of this person's, or NotFound."""
    record = await work.session.get(ApplicationPassword, (work.tenant_id, password_id))
    if record is None or record.user_id != user_id:
        raise NotFound(KIND, password_id)
    return record


async def change(
    work: UnitOfWork, record: ApplicationPassword, *, name: str | None, app_id: str | None
) -> None:
    """Another name or application id; what is None stays."""
    if name is not None and name != record.name:
        await _refuse_taken_name(work, record.user_id, name, record.id)
        record.name = name
    if app_id is not None:
        record.app_id = app_id
    if work.session.is_modified(record):
        await work.emit(ApplicationPasswordChanged(user_id=record.user_id))


async def revoke(work: UnitOfWork, record: ApplicationPassword) -> None:
    """The application can no longer act for the person."""
    await work.session.delete(record)
    await work.emit(ApplicationPasswordsRevoked(user_id=record.user_id, after={"count": 1}))


async def revoke_all(work: UnitOfWork, user_id: int) -> int:
    """No application can act for the person; how many could."""
    gone = await work.execute(
        delete(ApplicationPassword).where(
            ApplicationPassword.tenant_id == work.tenant_id,
            ApplicationPassword.user_id == user_id,
        )
    )
    count = int(gone.rowcount)
    if count:
        await work.emit(ApplicationPasswordsRevoked(user_id=user_id, after={"count": count}))
    return count


def note_use(work: UnitOfWork, user_id: int, password_id: UUID, last_used: datetime | None) -> None:
    """Keep when and from where an application came, once a day at most."""
    if last_used is not None and work.now - last_used < NOTE_EVERY:
        return

    async def keep() -> None:
        noted = await work.execute(
            update(ApplicationPassword)
            .where(
                ApplicationPassword.tenant_id == work.tenant_id,
                ApplicationPassword.id == password_id,
            )
            .values(last_used=work.now, last_ip=work.request.ip)
        )
        if noted.rowcount:
            await work.emit(ApplicationPasswordUsed(user_id=user_id))

    # At the end of the work: the trail knows who acts by then, and a refusal writes nothing.
    work.before_commit(f"application password {password_id}", keep)
