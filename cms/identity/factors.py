"""The second factor of a sign-in: an authenticator app, and codes for the day it is lost."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.identity.events import FactorsChanged
from cms.identity.freshness import require_recent
from cms.identity.models import RecoveryCode, User, UserFactor
from cms.identity.secrets import SecretKey
from cms.identity.totp import address_of, new_secret, step_of
from cms.sealing.events import OwnerKind
from cms.sealing.values import Owner, erase, keep

TOTP = "totp"
_CODES, _HALF = 10, 5
# Without letters and digits that are taken for each other.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Standing:
    """What a person has set up. `since`: when she confirmed her authenticator app; None without."""

    since: datetime | None
    recovery_codes: int


@dataclass(frozen=True)
class Enrolment:
    """Shown to the person alone; `address` is what her app reads."""

    secret: str
    address: str


async def standing_of_factors(work: UnitOfWork, user_id: int) -> Standing:
    """What she has, with how many recovery codes are left."""
    row = await work.one(
        select(
            select(UserFactor.confirmed_at)
            .where(UserFactor.tenant_id == work.tenant_id, UserFactor.user_id == user_id)
            .scalar_subquery()
            .label("since"),
            select(func.count())
            .select_from(RecoveryCode)
            .where(
                RecoveryCode.tenant_id == work.tenant_id,
                RecoveryCode.user_id == user_id,
                RecoveryCode.used_at.is_(None),
            )
            .scalar_subquery()
            .label("codes"),
        )
    )
    return Standing(row.since, row.codes)


async def has_factor(work: UnitOfWork, user_id: int) -> bool:
    """Whether her password alone does not sign her in."""
    factor = await _factor(work, user_id)
    return factor is not None and factor.confirmed_at is not None


async def begin_totp(work: UnitOfWork, user: User) -> Enrolment:
    """A new secret for her authenticator app, which counts once she has confirmed it by a code.
    Conflict when she has an app already."""
    _require_recent(work)
    factor = await _locked(work, user.id)
    if factor is not None and factor.confirmed_at is not None:
        raise Conflict(
            "An authenticator app is set up already. Remove it before you set up another one."
        )
    if factor is not None:
        await _forget(work, user.id)
    secret = new_secret()
    sealed = await work.cipher.seal(work, _owner(user.id), {TOTP: secret})
    await keep(work, sealed.values())
    work.session.add(
        UserFactor(
            tenant_id=work.tenant_id,
            user_id=user.id,
            kind=TOTP,
            commitment=sealed[TOTP].commitment,
            last_step=0,
            created_at=work.now,
        )
    )
    await work.emit(FactorsChanged(user_id=user.id, after={"totp": "begun"}))
    return _enrolment(work, user, secret)


async def begun_totp(work: UnitOfWork, user: User) -> Enrolment | None:
    """What she has begun and not confirmed yet, to be shown again; None when there is nothing."""
    factor = await _factor(work, user.id)
    if factor is None or factor.confirmed_at is not None:
        return None
    _require_recent(work)
    secret = await _secret(work, factor)
    return None if secret is None else _enrolment(work, user, secret)


def _enrolment(work: UnitOfWork, user: User, secret: str) -> Enrolment:
    site = work.tenant.site.title or work.tenant.name
    return Enrolment(secret, address_of(secret, site, user.login))


async def confirm_totp(work: UnitOfWork, key: SecretKey, user: User, code: str) -> list[str]:
    """From now on she signs in with the app; her recovery codes, shown this once. InvalidInput for
    a code that is not the app's, NotFound when nothing was begun."""
    _require_recent(work)
    factor = await _locked(work, user.id)
    if factor is None or factor.confirmed_at is not None:
        raise NotFound("authenticator app", "to confirm")
    step = await _step(work, factor, code)
    if step is None:
        fault = "is not what the app shows now; see that the clock of the telephone is right"
        raise InvalidInput({"code": fault})
    factor.confirmed_at, factor.last_step = work.now, step
    codes = await _draw_codes(work, key, user.id)
    await work.emit(FactorsChanged(user_id=user.id, after={"totp": "confirmed"}))
    return codes


async def renew_recovery_codes(work: UnitOfWork, key: SecretKey, user_id: int) -> list[str]:
    """Ten new ones in the place of all before; NotFound without an authenticator app."""
    _require_recent(work)
    if not await has_factor(work, user_id):
        raise NotFound("authenticator app", "of yours")
    codes = await _draw_codes(work, key, user_id)
    await work.emit(FactorsChanged(user_id=user_id, after={"recovery_codes": "renewed"}))
    return codes


async def remove_factors(work: UnitOfWork, user_id: int) -> None:
    """Her password alone signs her in again; NotFound when it does already. Whoever removes them
    from another person has asked for the right to."""
    _require_recent(work)
    if await _locked(work, user_id) is None:
        raise NotFound("authenticator app of user", user_id)
    await _forget(work, user_id)
    await work.emit(FactorsChanged(user_id=user_id, after={"totp": "removed"}))


async def forget_factors(work: UnitOfWork, user_id: int) -> None:
    """She leaves; the caller emits an event that covers the tables."""
    if await _locked(work, user_id) is not None:
        await _forget(work, user_id)


async def takes_code(work: UnitOfWork, key: SecretKey, user_id: int, code: str) -> bool:
    """Whether it is a code of hers that was not taken before; it is taken now. The caller holds her
    row, so that of two who send the same one is refused, and emits an event that covers it."""
    factor = await _locked(work, user_id)
    if factor is None or factor.confirmed_at is None:
        return False
    if await _take_recovery_code(work, key, user_id, code):
        return True
    step = await _step(work, factor, code)
    if step is not None:
        factor.last_step = step
    return step is not None


def _require_recent(work: UnitOfWork) -> None:
    require_recent(work, "factor.edit", "a second factor is changed by who has just signed in")


def _owner(user_id: int) -> Owner:
    return Owner(OwnerKind.USER, user_id, "factors")


async def _factor(work: UnitOfWork, user_id: int) -> UserFactor | None:
    return await work.session.get(UserFactor, (work.tenant_id, user_id, TOTP))


async def _locked(work: UnitOfWork, user_id: int) -> UserFactor | None:
    factor: UserFactor | None = await work.entity(
        select(UserFactor)
        .where(UserFactor.tenant_id == work.tenant_id, UserFactor.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return factor


async def _step(work: UnitOfWork, factor: UserFactor, code: str) -> int | None:
    secret = await _secret(work, factor)
    return None if secret is None else step_of(secret, code, work.now, after=factor.last_step)


async def _secret(work: UnitOfWork, factor: UserFactor) -> str | None:
    commitment = bytes(factor.commitment)
    opened = await work.cipher.open(work, [commitment])
    return opened[commitment].value if commitment in opened else None


async def _draw_codes(work: UnitOfWork, key: SecretKey, user_id: int) -> list[str]:
    await _forget_codes(work, user_id)
    codes = [_new_code() for _ in range(_CODES)]
    for code in codes:
        digest = _digest(key, user_id, code)
        work.session.add(RecoveryCode(tenant_id=work.tenant_id, user_id=user_id, digest=digest))
    return codes


def _new_code() -> str:
    """Ten letters and digits in two groups: 49 bits, and no more tries than a password has."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF))
    return f"{drawn[:_HALF]}-{drawn[_HALF:]}"


def _digest(key: SecretKey, user_id: int, code: str) -> bytes:
    plain = "".join(code.split()).replace("-", "").lower()
    return key.digest(f"recovery:{user_id}:{plain}")


async def _take_recovery_code(work: UnitOfWork, key: SecretKey, user_id: int, code: str) -> bool:
    row: RecoveryCode | None = await work.entity(
        select(RecoveryCode)
        .where(
            RecoveryCode.tenant_id == work.tenant_id,
            RecoveryCode.user_id == user_id,
            RecoveryCode.digest == _digest(key, user_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if row is not None:
        row.used_at = work.now
    return row is not None


async def _forget_codes(work: UnitOfWork, user_id: int) -> None:
    await work.execute(
        delete(RecoveryCode).where(
            RecoveryCode.tenant_id == work.tenant_id, RecoveryCode.user_id == user_id
        )
    )


async def _forget(work: UnitOfWork, user_id: int) -> None:
    await _forget_codes(work, user_id)
    await work.execute(
        delete(UserFactor).where(
            UserFactor.tenant_id == work.tenant_id, UserFactor.user_id == user_id
        )
    )
    await erase(work, _owner(user_id))
