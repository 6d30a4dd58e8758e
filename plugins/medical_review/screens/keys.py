"""The passkeys that a person signs with: her own list, one more, one less."""

from typing import Any

import msgspec
from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.screens.said import show
from plugins.medical_review.signing import passkeys
from plugins.medical_review.signing.proofs import current_acceptance

KEYS = "/admin/reviews/keys"


@screen(KEYS, action="passkey.list", resource="passkey")
async def list_keys(work: UnitOfWork, page: Page) -> Response[bytes]:
    """One's own passkeys, and what a browser needs to make another."""
    return await _list(work, page, {})


async def _list(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    person = passkeys.signer_of(work, "passkey.list")
    ticket, options = await passkeys.offer(work)
    return show(
        page,
        "keys",
        status=422 if faults else 200,
        keys=await passkeys.of(work, person),
        accepted=await current_acceptance(work),
        ticket=ticket,
        options=msgspec.json.encode(options).decode(),
        faults=faults,
        typed=page.form,
    )


@form(KEYS, action="passkey.add", resource="passkey")
async def add_key(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep the passkey that the browser has just made."""
    sent = page.form
    try:
        credential = msgspec.json.decode(sent.raw("credential") or "{}", type=dict[str, Any])
        await passkeys.add(work, sent.text("ticket"), sent.text("label"), credential)
    except msgspec.DecodeError:
        return await _list(work, page, {"credential": "is no answer of a passkey; try again"})
    except InvalidInput as refused:
        return await _list(work, page, refused.faults)
    return page.redirect(KEYS, page.say("You can sign with this passkey from now on."))


@form(f"{KEYS}/{{passkey_id:int}}/remove", action="passkey.remove", resource="passkey")
async def remove_key(work: UnitOfWork, page: Page, passkey_id: int) -> Response[bytes]:
    """Sign with it no more."""
    await passkeys.remove(work, passkey_id)
    return page.redirect(KEYS, page.say("Nobody signs with this passkey any more."))


KEY_SCREENS: list[Any] = [list_keys, add_key, remove_key]
