"""Links that stand for a person once: derived from the installation's key, kept nowhere."""

import base64
import hmac
import re
from datetime import datetime

from cms.errors import CmsError
from cms.kernel.work import Work

INVITATION, PASSWORD = "cmsin", "cmspw"
_TOKEN = re.compile(r"(cmsin|cmspw)_([1-9][0-9]{0,17})\.([A-Za-z0-9_-]{43})")


class LinkRefused(CmsError):
    """The link is wrong, was used, or is too old; which of these is not told to strangers."""

    status, slug = 404, "link-refused"

    def __init__(self) -> None:
        super().__init__(
            "This link is not valid, or not any more. Ask for a new one: at the sign-in page, or "
            "whoever invited you."
        )


def token(work: Work, kind: str, number: int, sent_at: datetime) -> str:
    """What stands in the link with this number that was sent then; one sent later is another."""
    signed = work.sign(f"link {kind}:{work.tenant_id}:{number}:{sent_at.isoformat()}")
    written = base64.urlsafe_b64encode(signed[:32]).decode().rstrip("=")
    return f"{kind}_{number}.{written}"


def named(kind: str, written: str) -> int:
    """The number that a token of the kind speaks of, or LinkRefused."""
    found = _TOKEN.fullmatch(written)
    if found is None or found[1] != kind:
        raise LinkRefused
    return int(found[2])


def is_same(one: str, other: str) -> bool:
    """Compared in a time that says nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
