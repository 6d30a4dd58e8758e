"""A detached signature (CMS, CAdES) by a certificate of ICP-Brasil over what is to be signed."""

import base64
import hashlib

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.identity.users import get_user
from plugins.medical_review.settings import ReviewSettings
from plugins.medical_review.signing import giving, passkeys
from plugins.medical_review.signing.icp import (
    NotQualified,
    Trust,
    cms_signer,
    decoded,
    require_name,
)
from plugins.medical_review.signing.models import Proof
from plugins.medical_review.signing.proofs import ICP_BRASIL
from plugins.medical_review.signing.statements import ToSign, moment
from plugins.professional_registry.standing import snapshot


async def give(work: UnitOfWork, to_sign: ToSign, text: str) -> Proof:
    """Keep the actor's own signature over these bytes; InvalidInput says why it does not count."""
    try:
        der = decoded(text)
        found = await cms_signer(der, to_sign.canonical, Trust.read(work.settings(ReviewSettings)))
        require_name(found, await names_of(work))
    except NotQualified as fault:
        raise InvalidInput({"cades": f"does not count: {fault}"}) from fault
    digest = hashlib.sha256(der).digest()
    evidence = {
        "kind": ICP_BRASIL,
        "cades": base64.b64encode(der).decode(),
        "cades_sha256": digest.hex(),
        "checked_at": moment(work.now),
        **found.facts(),
    }
    return await giving.keep(work, to_sign, Proof(kind=ICP_BRASIL, evidence=evidence), digest)


async def names_of(work: UnitOfWork) -> list[str]:
    """What the actor is called: here, and in the register of her council."""
    person = passkeys.signer_of(work, "signing_proof.give")
    registered = (await snapshot(work, person)).get("full_name", "")
    return [(await get_user(work, person)).display_name, registered]
