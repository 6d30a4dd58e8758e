"""Login and password; after ten failures the account rests for a quarter of an hour."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.identity.events import SignInFailed
from cms.identity.models import User
from cms.identity.secrets import matches
from cms.kernel.events import Outcome

log = structlog.get_logger()

MAX_FAILURES, LOCK_TIME = 10, timedelta(minutes=15)


async def person_by_password(work: UnitOfWork, login: str, password: str) -> User | None:
    """The person whose password it is, locked; None when refused. The refusal is recorded, so the
    caller commits either way. It is the first step of its work: what stood unsaved before it is
    given up."""
    # PostgreSQL keeps no NUL, so nobody's login holds one.
    wanted = login.lower().replace("\0", "\ufffd")
    found = await work.one(
        select(User.id, User.password_hash).where(
            User.tenant_id == work.tenant_id, (User.login == wanted) | (User.email == wanted)
        )
    )
    # Checking takes tens of milliseconds: meanwhile nothing is locked and no connection is held.
    await work.session.rollback()
    is_right = await matches(found.password_hash if found else None, password)
    if found is None:
        # Strangers could fill the trail from outside; and a login may be a mistyped password.
        log.info("sign-in refused", reason="nobody has this login")
        return None
    user: User = await work.entity(
        select(User).where(User.tenant_id == work.tenant_id, User.id == found.id).with_for_update()
    )
    is_locked = (user.account_locked_until or work.now) > work.now
    is_still_the_password = user.password_hash == found.password_hash
    if not (is_right and is_still_the_password and user.is_active) or is_locked:
        await refuse(work, user, wanted)
        return None
    return user


def admit(work: UnitOfWork, user: User) -> None:
    """Whoever has proved who she is has no failures left. The event of the sign-in covers it."""
    user.failed_login_attempts, user.last_login_at = 0, work.now
    user.account_locked_until = None


async def refuse(work: UnitOfWork, user: User, typed: str, method: str = "password") -> None:
    """Count and record a failed sign-in; `typed` is the login as it came."""
    user.failed_login_attempts += 1
    if user.failed_login_attempts % MAX_FAILURES == 0:
        user.account_locked_until = work.now + LOCK_TIME
    await work.emit(
        SignInFailed(
            user_id=user.id, method=method, outcome=Outcome.REFUSED, personal={"login": typed}
        )
    )
