"""How far the log is signed, published and vouched for, for an officer who asks."""

from typing import Any

import msgspec

from cms.database.work import UnitOfWork
from plugins.audit_trail.officers.purposes import require_view
from plugins.audit_trail.settings import AuditSettings

_MOST_LATELY = 10
_SIGNING = "select epoch, size, signed, unsigned_since from audit.signing()"
_PUBLISHING = (
    "select target, epoch, size, at, attempts, last_error, notice, behind_since "
    "from audit.publishing()"
)
_OUTSIDE = "select kind, name, state, message, size, since, at from audit.outside_standing()"
_VERIFIED = "select newest, red, red_at from audit.verified()"
_LATELY = "select * from audit.verifications_of_late(:most)"
CONTRADICTION = "contradiction"


class LogStanding(msgspec.Struct, frozen=True, kw_only=True):
    """`signing` is None before there is a log. `witnesses` are pairs of who is configured and how
    it stands with her, None where nothing was heard yet; a `contradictions` row means that somebody
    outside knows another history. `verified`: the newest verification, and a red one that no
    later green one covers. `lately`: the newest rounds of verification that somebody of this site
    asked for, and the newest of each kind that the worker does by itself."""

    signing: Any
    publishing: list[Any]
    witnesses: list[tuple[Any, Any]]
    timestamps: list[Any]
    contradictions: list[Any]
    quorum: int
    verified: Any
    lately: list[Any]


async def standing_of_log(work: UnitOfWork) -> LogStanding:
    """CapabilityMissing for who may not read the trail."""
    require_view(work)
    settings = work.settings(AuditSettings)
    outside = await work.audit.all(_OUTSIDE)
    heard = {row.name: row for row in outside if row.kind == "witness"}
    return LogStanding(
        signing=await work.audit.one(_SIGNING),
        publishing=list(await work.audit.all(_PUBLISHING)),
        witnesses=[(one, heard.get(one.name)) for one in settings.witnesses.known],
        timestamps=[row for row in outside if row.kind == "timestamp"],
        contradictions=[row for row in outside if row.kind == CONTRADICTION],
        quorum=settings.witnesses.quorum,
        verified=await work.audit.one(_VERIFIED),
        lately=list(await work.audit.all(_LATELY, {"most": _MOST_LATELY})),
    )
