"""Which source is asked about which council."""

from cms.kernel.work import ReadableWork
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.provider import Answer, Provider
from plugins.professional_registry.roster import CouncilRosters, RosterSnapshot
from plugins.professional_registry.statuses import Status

PROVIDERS: tuple[Provider, ...] = (RosterSnapshot(), CouncilRosters())
FORMAT_ONLY = "format"


async def ask(work: ReadableWork, identity: RegistrationId, name: str) -> Answer:
    """The answer of the first source that knows the council. For a council without one only the
    format was checked, which is never enough to sign."""
    for provider in PROVIDERS:
        if provider.validate_format(identity) is None:
            return await provider.lookup(work, identity, name)
    return Answer(
        status=Status.UNVERIFIED,
        source=FORMAT_ONLY,
        fetched_at=work.now,
        note=f"no source is connected for {identity.council}",
    )
