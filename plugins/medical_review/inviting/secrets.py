"""The link and the code: derived from the installation's key and what the invitation says, kept
nowhere. A link works for the one invitation, a code for the one time that it was asked for."""

import base64
import hmac
import re

from cms.errors import Unauthenticated
from cms.kernel.work import Work
from plugins.medical_review.reviewing.course_models import Invitation

# Lets secret scanners find a leaked one.
PREFIX = "cmsrv_"
DIGITS = 8
_TOKEN = re.compile(r"cmsrv_([1-9][0-9]{0,17})\.([A-Za-z0-9_-]{43})")


class InvitationRefused(Unauthenticated):
    """The link or the code is wrong, or not valid any more; which one is not told to strangers."""

    slug = "invitation-refused"

    def __init__(self) -> None:
        super().__init__(
            "This link or code is not valid, or not any more. Ask for a new code, or whoever "
            "invited you for a new link."
        )


def token(work: Work, invitation: Invitation) -> str:
    """What stands in the link."""
    signed = work.sign(
        f"review invitation:{work.tenant_id}:{invitation.id}:{invitation.review_id}:"
        f"{invitation.content_hash.hex()}:{invitation.invited_at.isoformat()}"
    )
    written = base64.urlsafe_b64encode(signed[:32]).decode().rstrip("=")
    return f"{PREFIX}{invitation.id}.{written}"


def named(written: str) -> int:
    """The number of the invitation that a token speaks of, or InvitationRefused."""
    found = _TOKEN.fullmatch(written)
    if found is None:
        raise InvitationRefused
    return int(found[1])


def code(work: Work, invitation: Invitation) -> str:
    """The newest code of the invitation, eight digits."""
    signed = work.sign(
        f"review code:{work.tenant_id}:{invitation.id}:{invitation.codes_sent}:"
        f"{invitation.invited_at.isoformat()}"
    )
    return f"{int.from_bytes(signed[:8]) % 10**DIGITS:0{DIGITS}}"


def is_same(one: str, other: str) -> bool:
    """Compared in a time that says nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def inside(written: str) -> str | None:
    """The token in what somebody has pasted: it alone, or the link around it."""
    found = _TOKEN.search(written)
    return found[0] if found is not None else None
