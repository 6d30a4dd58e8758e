"""What people ask of signatures and certificates, with what each question may cost."""

import base64
import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, async_sign_pdf

from plugins.medical_review.signing.signing import About, sign
from tests.plugins.medical_review.authenticator import Authenticator
from tests.plugins.medical_review.certification import Authority
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.signers import WORDS, configure

SIGNATURE = f"{REVIEWS}/signatures/{{signature_id:int}}"
PASSKEYS, PROOFS = f"{REVIEWS}/signing/passkeys", f"{REVIEWS}/signing/proofs"
ACCEPTANCE, CERTIFICATES = f"{REVIEWS}/signing/acceptance", f"{REVIEWS}/certificates"
SIGNED = f"{CERTIFICATES}/signed/{{post_id:int}}"

BUDGETS = {
    ("GET", f"{REVIEWS}/keys"): 3,
    ("GET", SIGNATURE): 3,
    ("GET", f"{SIGNATURE}/cades"): 4,
    ("GET", f"{REVIEWS}/signatures/of/{{kind:str}}/{{about_id:int}}"): 3,
    ("GET", PASSKEYS): 3,
    ("POST", PASSKEYS): 7,
    ("POST", f"{PASSKEYS}/options"): 4,
    ("DELETE", f"{PASSKEYS}/{{passkey_id:int}}"): 6,
    ("GET", ACCEPTANCE): 3,
    ("PUT", ACCEPTANCE): 6,
    ("DELETE", ACCEPTANCE): 6,
    ("POST", f"{PROOFS}/options"): 3,
    ("POST", PROOFS): 8,
    # The first time it is made, and its text is held meanwhile.
    ("GET", f"{CERTIFICATES}/{{name:str}}"): 21,
    ("GET", SIGNED): 9,
    ("POST", SIGNED): 12,
    ("GET", f"{SIGNED}/{{number:int}}"): 4,
    ("GET", f"{REVIEWS}/verify/{{digest:str}}"): 3,
}

_WORDS = {"post": 1, "reason": "Revisto."}


async def about_signing(cms, admin, newsroom, folder):
    """Requests for all of it, in an order in which each may be made."""
    authority = Authority()
    configure(cms, **authority.write(folder))
    wanted = _to_sign(cms, admin)
    passkey, offer = Authenticator(), (await admin.post(f"{PASSKEYS}/options")).json()
    made = {
        "ticket": offer["ticket"],
        "label": "Chave",
        "credential": passkey.create(offer["options"]),
    }
    yield "GET", f"{REVIEWS}/keys", f"{REVIEWS}/keys", None
    yield "POST", f"{PASSKEYS}/options", f"{PASSKEYS}/options", None
    yield "POST", PASSKEYS, PASSKEYS, made
    yield "GET", PASSKEYS, PASSKEYS, None
    yield "PUT", ACCEPTANCE, ACCEPTANCE, {"words": WORDS}
    yield "PUT", ACCEPTANCE, ACCEPTANCE, {"words": WORDS, "accepts_synced": True}
    yield "GET", ACCEPTANCE, ACCEPTANCE, None
    yield "POST", f"{PROOFS}/options", f"{PROOFS}/options", wanted
    offer = (await admin.post(f"{PROOFS}/options", wanted)).json()
    answer = passkey.get(offer["options"])
    by_passkey = {"to_sign": wanted, "ticket": offer["ticket"], "credential": answer}
    yield "POST", PROOFS, PROOFS, by_passkey
    der = await authority.holder("Dona Marina").cades(base64.b64decode(offer["bytes"]))
    by_certificate = {"to_sign": wanted, "cades": base64.b64encode(der).decode()}
    yield "POST", PROOFS, PROOFS, by_certificate
    async with admin.work() as work:
        signed = await sign(work, About("override", 9001), _WORDS, bytes(32), "responsibility")
    one = f"{REVIEWS}/signatures/{signed.id}"
    yield "GET", SIGNATURE, one, None
    yield "GET", f"{SIGNATURE}/cades", f"{one}/cades", None
    of = f"{REVIEWS}/signatures/of"
    yield "GET", f"{of}/{{kind:str}}/{{about_id:int}}", f"{of}/override/9001", None
    kept = (await admin.get(PASSKEYS)).json()[0]["id"]
    yield "DELETE", f"{PASSKEYS}/{{passkey_id:int}}", f"{PASSKEYS}/{kept}", None
    yield "DELETE", ACCEPTANCE, ACCEPTANCE, None
    async for request in _about_certificates(cms, admin, newsroom, authority):
        yield request


async def _about_certificates(cms, admin, newsroom, authority):
    author, reviewer = await newsroom.physician("eva.medica"), await newsroom.reviewer()
    post = await newsroom.published(author, reviewer, title="Certificado")
    yield "GET", f"{CERTIFICATES}/{{name:str}}", f"{CERTIFICATES}/{post['id']}", None
    yield "GET", f"{CERTIFICATES}/{{name:str}}", f"{CERTIFICATES}/{post['id']}.pdf", None
    pdf = (await admin.get(f"{CERTIFICATES}/{post['id']}.pdf")).content
    about = PdfSignatureMetadata(field_name="Um", subfilter=SigSeedSubFilter.PADES)
    signer = authority.holder("Bruno Revisor").signer()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signed = (await async_sign_pdf(writer, about, signer=signer)).getvalue()
    signed_at = f"{CERTIFICATES}/signed/{post['id']}"
    yield "POST", SIGNED, signed_at, {"pdf": base64.b64encode(signed).decode()}
    yield "GET", SIGNED, signed_at, None
    number = (await admin.get(signed_at)).json()[0]["id"]
    yield "GET", f"{SIGNED}/{{number:int}}", f"{signed_at}/{number}", None
    digest = post["approval"]["content_hash"]
    yield "GET", f"{REVIEWS}/verify/{{digest:str}}", f"{REVIEWS}/verify/{digest}", None


def _to_sign(cms, person):
    return {
        "tenant": cms.tenant.id,
        "signer": person.id,
        "kind": "override",
        "meaning": "responsibility",
        "content_hash": "00" * 32,
        "statement": _WORDS,
    }
