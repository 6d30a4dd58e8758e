"""The bytes are those that docs/reference/signed-bytes.md says."""

import json
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from plugins.medical_review.signing.checking import keys_of, signature_faults
from plugins.medical_review.signing.keys import Sealer
from plugins.medical_review.signing.statements import (
    SEAL,
    base64url,
    hash_of,
    jwk,
    to_sign_of,
)

PAGE = Path(__file__).parents[3] / "docs/reference/signed-bytes.md"


def vector():
    found = re.search(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return json.loads(found[1])


def test_the_vector_of_the_page_is_what_the_code_computes():
    said = vector()
    sealer = Sealer(1, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(said["seed"])))
    digest = hash_of(said["record"])
    assert to_sign_of(said["record"]).hash.hex() == said["to_sign"]
    assert digest.hex() == said["hash"]
    assert sealer.kid == said["kid"]
    assert base64url(sealer.seal(SEAL, digest)) == said["seal"]
    seal = {"kid": said["kid"], "value": said["seal"]}
    document = {"record": said["record"], "hash": said["hash"], "seal": seal}
    keys = keys_of({"keys": [jwk(sealer.public_key)]})
    assert list(signature_faults(document, keys)) == []
