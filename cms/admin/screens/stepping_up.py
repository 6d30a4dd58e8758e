"""Proving once more who one is, before something that must not be done in a forgotten window.

The form carries what the refused one held, and hands it on: 307 lets the browser send the same
fields once more (RFC 9110 §15.4.8), so it works without a script.
"""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.api.own_paths import own_path
from cms.database.work import UnitOfWork
from cms.errors import SecondFactorRequired
from cms.identity.secrets import SecretKey
from cms.identity.sessions import set_cookie
from cms.identity.signing_in import reauthenticate

# The fields of this form itself, none of which any other has.
_OWN = "step_up_"
_WRONG = "Password or code is wrong, or the account rests after too many failures."


@screen("/admin/step-up", action="session.work", resource="session")
async def show_step_up(
    work: UnitOfWork,
    page: Page,
    next: str = "",  # the name in the address
) -> Response[bytes]:
    """Ask for the password before going on."""
    return _ask(page, own_path(next), {}, status=200)


@form("/admin/step-up", action="auth.step_up", resource="session")
async def step_up(work: UnitOfWork, page: Page, secret: SecretKey) -> Response[bytes]:
    """Renew the session, and go on with what was asked for."""
    again = own_path(page.form.text(f"{_OWN}again"))
    password = page.form.raw(f"{_OWN}password")[:1000]
    code = page.form.text(f"{_OWN}code")[:40]
    try:
        renewed = await reauthenticate(work, secret, password, code)
    except SecondFactorRequired as missing:
        return _ask(page, again, {f"{_OWN}code": missing.message})
    if renewed is None:
        return _ask(page, again, {f"{_OWN}password": _WRONG})
    answer = page.redirect(again)
    if page.form.has(f"{_OWN}form"):
        answer.status_code = 307
    set_cookie(answer, renewed, page.request)
    return answer


def _ask(page: Page, again: str, faults: dict[str, str], *, status: int = 401) -> Response[bytes]:
    kept = [(name, value) for name, value in page.form.pairs() if not _is_own(name)]
    return page.render(
        "identity/step_up.html",
        status=status,
        again=again,
        is_form=page.form.has(f"{_OWN}form"),
        sent=kept,
        faults=faults,
        obligations=(),
    )


def _is_own(name: str) -> bool:
    return name.startswith(_OWN) or name == "_wpnonce"


STEP_UP_SCREENS: list[Any] = [show_step_up, step_up]
