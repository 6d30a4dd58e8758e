"""From which kind of browser a person signs in, and whether she has done so before.

Versions change every month and say nothing of the device, so the family counts: browser and system.
"""

import re
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.identity.events import NewAgentSeen
from cms.identity.families import Browser, System
from cms.identity.models import KnownAgent
from cms.identity.secrets import SecretKey

K = TypeVar("K", bound=StrEnum)

# In the order in which they are looked for: browsers name their ancestors too.
_BROWSERS = {
    Browser.EDGE: r"\bedg(a|ios|e)?/",
    Browser.OPERA: r"\b(opr|opera)/",
    Browser.FIREFOX: r"\b(firefox|fxios)/",
    Browser.CHROME: r"\b(chrome|chromium|crios)/",
    Browser.SAFARI: r"\bsafari/",
}
_SYSTEMS = {
    System.ANDROID: r"\bandroid\b",
    System.IOS: r"\b(iphone|ipad|ipod)\b",
    System.WINDOWS: r"\bwindows\b",
    System.MACOS: r"\b(macintosh|mac os x)\b",
    System.LINUX: r"\b(linux|cros)\b",
}


async def note_agent(work: UnitOfWork, key: SecretKey, user_id: int) -> None:
    """Emit NewAgentSeen the first time that this person signs in with such a browser. The event of
    the sign-in covers what is kept."""
    if work.request.ip is None:
        return  # nobody's browser: a process of the installation itself
    browser, system = family_of(work.request.user_agent or "")
    new = await work.execute(
        insert(KnownAgent)
        .values(
            tenant_id=work.tenant_id,
            user_id=user_id,
            digest=key.digest(f"agent:{user_id}:{browser}:{system}"),
            first_seen_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(KnownAgent.user_id)
    )
    if new.one_or_none() is not None:
        await work.emit(NewAgentSeen(user_id=user_id, browser=browser, system=system))


def family_of(user_agent: str) -> tuple[Browser, System]:
    """What the header says of browser and system; OTHER for what is not known."""
    said = user_agent.lower()
    return _found(_BROWSERS, said, Browser.OTHER), _found(_SYSTEMS, said, System.OTHER)


def _found(patterns: dict[K, str], said: str, otherwise: K) -> K:
    return next((kind for kind, one in patterns.items() if re.search(one, said)), otherwise)
