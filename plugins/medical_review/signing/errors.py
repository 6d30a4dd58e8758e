"""What signing refuses."""

from typing import Any

from cms.errors import CmsError


class StrongerSignatureNeeded(CmsError):
    """This step needs a signature of a higher level than the one that was given."""

    status, slug = 401, "stronger-signature-needed"
    is_refusal = True

    def __init__(self, needed: str, given: str, to_sign: dict[str, Any], why: str) -> None:
        super().__init__(
            f"This step needs a signature of the level {needed!r}, and this one would be "
            f"{given!r}: {why} Sign `to_sign` (POST /api/v1/reviews/signing/proofs says how), and "
            "repeat the request within five minutes.",
            code="signature.level",
            needed=needed,
            given=given,
            to_sign=to_sign,
        )
        self.action = "signature.give"
