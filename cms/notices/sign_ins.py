"""Telling a person that somebody signed in as her with a browser that she has not used before."""

from collections.abc import Iterable

from cms.identity.events import NewAgentSeen
from cms.identity.families import NAMES, Browser, System
from cms.kernel.hooks import Hooks
from cms.kernel.notices import ID, MOMENT, Fact, NoticeKind, Words, word
from cms.kernel.work import Work
from cms.notices.telling import tell

_PORTUGUESE: dict[Browser | System, str] = {
    Browser.OTHER: "outro programa",
    System.OTHER: "outro sistema",
}


def _named(kinds: Iterable[Browser | System]) -> Fact:
    return word(
        {one.value: {"pt": _PORTUGUESE.get(one, NAMES[one]), "en": NAMES[one]} for one in kinds}
    )


NEW_SIGN_IN = NoticeKind(
    slug="identity.new_sign_in",
    words={
        "pt": Words(
            "Nova entrada na sua conta: {browser}, {system}",
            "Alguém entrou na sua conta em {at} com um navegador que você ainda não tinha usado "
            "aqui: {browser}, {system}. Se não foi você, encerre essa sessão em seu perfil e "
            "troque a senha agora.",
            "Quando alguém entra na sua conta com um navegador novo",
        ),
        "en": Words(
            "New sign-in to your account: {browser}, {system}",
            "Somebody signed in to your account at {at} with a browser that you had not used here "
            "before: {browser}, {system}. If it was not you, end that session in your profile and "
            "change your password now.",
            "When somebody signs in to your account with a new browser",
        ),
    },
    facts={
        "user_id": ID,
        "at": MOMENT,
        "browser": _named(Browser),
        "system": _named(System),
    },
    about="user",
    about_fact="user_id",
    link="/admin/profile/security",
    is_mandatory=True,
)


async def tell_of_new_agent(work: Work, event: NewAgentSeen) -> None:
    """Once for each kind of browser: the next sign-in with it is nothing new."""
    facts = {
        "user_id": event.user_id,
        "at": work.now,
        "browser": event.browser.value,
        "system": event.system.value,
    }
    await tell(work, NEW_SIGN_IN.slug, [event.user_id], facts)


def connect(hooks: Hooks) -> None:
    hooks.observe(NewAgentSeen, tell_of_new_agent)
