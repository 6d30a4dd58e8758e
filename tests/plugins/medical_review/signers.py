"""Short ways for people to sign with keys of their own."""

from typing import Any

import msgspec

from plugins.medical_review.settings import ReviewSettings
from tests.plugins.medical_review.authenticator import Authenticator
from tests.plugins.medical_review.conftest import REVIEWS

SIGNING = f"{REVIEWS}/signing"
PASSKEYS, PROOFS = f"{SIGNING}/passkeys", f"{SIGNING}/proofs"
WORDS = "A clínica aceita assinaturas por chave de acesso em revisões de textos."


async def enrolled(person, **how: Any) -> Authenticator:
    """A passkey of the person, which the site knows."""
    passkey = Authenticator(**how)
    offer = (await person.post(f"{PASSKEYS}/options")).json()
    body = {
        "ticket": offer["ticket"],
        "label": "Chave",
        "credential": passkey.create(offer["options"]),
    }
    added = await person.post(PASSKEYS, body)
    assert added.status_code == 201, added.text
    return passkey


async def accepted(cms, **fields: Any) -> None:
    """The organisation accepts such signatures."""
    officer = await cms.person("olga.oficial", ["compliance_officer"])
    said = await cms.http.put(
        f"{SIGNING}/acceptance", json={"words": WORDS, **fields}, headers=officer.bearer
    )
    assert said.status_code == 200, said.text


def to_sign(person, review, verdict: str = "approve", comment: str = "") -> dict[str, Any]:
    """What the person puts her name to by a decision."""
    return {
        "tenant": person.clinic.tenant.id,
        "signer": person.id,
        "kind": "decision",
        "meaning": "approval" if verdict == "approve" else "review",
        "content_hash": review["content_hash"],
        "statement": {
            "review": review["id"],
            "post": review["post_id"],
            "revision": review["revision_id"],
            "stage": review["stage"],
            "verdict": verdict,
            "comment": comment,
        },
    }


async def prove(person, passkey: Authenticator, wanted: dict[str, Any]):
    """The answer to a proof by this passkey for this."""
    offered = await person.post(f"{PROOFS}/options", wanted)
    assert offered.status_code == 200, offered.text
    offer = offered.json()
    return await person.post(
        PROOFS,
        {"to_sign": wanted, "ticket": offer["ticket"], "credential": passkey.get(offer["options"])},
    )


def configure(cms, **wanted: Any) -> None:
    """Other settings of the plugin, as if the operator had written them before the start."""
    registry = cms.host.registry
    now = registry.settings(ReviewSettings)
    registry._settings[ReviewSettings] = msgspec.structs.replace(now, **wanted)
