"""A source may tell us that something has changed. It is never believed, only asked."""

import hmac
from hashlib import sha256
from pathlib import Path

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound, Unauthenticated
from plugins.professional_registry.registrations import find
from plugins.professional_registry.schedule import ask_soon
from plugins.professional_registry.settings import RegistrySettings

SHORTEST_SECRET = 16
# Between two lookups of one registration; a webhook that is sent again within its window, by
# whoever has seen it, costs the source nothing.
PAUSE_SECONDS = 60
_NOT_KNOWN = "This webhook is not known, or its signature is wrong."


class WebhookRefused(Unauthenticated):
    """The signature, its age or the source is wrong; which one is for the operator to find out."""

    slug = "webhook-refused"


class WebhookSecretMissing(CmsError):
    """The file that the settings name for the source cannot be used."""

    slug = "webhook-secret"


class Signed(msgspec.Struct, frozen=True):
    """A webhook as it came: Unix seconds, `sha256=…`, and the body."""

    timestamp: str
    signature: str
    body: bytes


class Announcement(msgspec.Struct, frozen=True):
    """What we look at of a webhook: about whom. All the rest is not read."""

    registration: str


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot and the body, as `sha256=…`."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, sha256).hexdigest()


async def announced(work: UnitOfWork, source: str, signed: Signed) -> None:
    """Queue a lookup of the registration that the webhook names. WebhookRefused unless it was
    signed with the source's secret within the window. A number that nobody has here is passed over
    in silence, so that no sender learns who is registered."""
    settings = work.settings(RegistrySettings)
    secret = _secret(settings, source)
    _refuse_forged(signed, secret)
    if abs(work.now.timestamp() - int(signed.timestamp)) > settings.webhook_window_seconds:
        raise WebhookRefused("This webhook was signed too long ago; check the sender's clock.")
    try:
        said = msgspec.json.decode(signed.body, type=Announcement)
    except msgspec.DecodeError as error:
        raise InvalidInput({"body": str(error)}) from error
    try:
        person = await find(work, said.registration)
    except NotFound:
        return
    checked = person.last_validation_check
    if checked is None or (work.now - checked).total_seconds() > PAUSE_SECONDS:
        await ask_soon(work, person.id)


def _secret(settings: RegistrySettings, source: str) -> bytes:
    path = settings.webhook_secret_files.get(source)
    if path is None:
        raise WebhookRefused(_NOT_KNOWN)
    try:
        secret = Path(path).read_bytes().strip()
    except OSError as error:
        raise WebhookSecretMissing(f"the webhook secret of {source} cannot be read") from error
    if len(secret) < SHORTEST_SECRET:
        raise WebhookSecretMissing(f"the webhook secret of {source} is too short")
    return secret


def _refuse_forged(signed: Signed, secret: bytes) -> None:
    expected = signature(secret, signed.timestamp, signed.body)
    is_signed = hmac.compare_digest(expected.encode(), signed.signature.encode())
    stamp = signed.timestamp
    if not (is_signed and stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        raise WebhookRefused(_NOT_KNOWN)
