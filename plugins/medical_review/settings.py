"""What an operator may tune of medical review."""

import re
from typing import Literal

import msgspec

from plugins.medical_review.references.settings import ReferenceSettings

_STEP = re.compile(r"[a-z][a-z_]{1,30}(/(review|approval|responsibility|authorship))?")

Level = Literal["simple", "advanced", "qualified"]


class ReviewSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`signature_levels`: the level under Lei 14.063/2020 that a signature needs, by what is signed
    (`decision`, `override`, `correction`, …) or, more closely, by that and the meaning
    (`decision/approval`); what is not named needs a simple one. `passkey_domains`: by slug of the
    site, the domain that its passkeys are made for, which is its first host name otherwise.
    `icp_brasil_roots`, `icp_brasil_crls`: files (PEM or DER) with the roots of ICP-Brasil that are
    trusted, and with revocation lists. `icp_brasil_revocation`: whether a signature is refused
    when nothing is known of its certificate's revocation (`require`), or taken and the signature
    says that nothing is (`report`).
    `references`: where literature is looked up. `unpublished_targets`: what it means that a text
    points to what readers cannot get: it blocks the publication, warns in the list of targets, or
    is ignored."""

    signature_levels: dict[str, Level] = {}
    passkey_domains: dict[str, str] = {}
    icp_brasil_roots: tuple[str, ...] = ()
    icp_brasil_crls: tuple[str, ...] = ()
    icp_brasil_revocation: Literal["report", "require"] = "report"
    references: ReferenceSettings = ReferenceSettings()
    unpublished_targets: Literal["block", "warn", "ignore"] = "block"

    def __post_init__(self) -> None:
        for step in self.signature_levels:
            if not _STEP.fullmatch(step):
                raise ValueError(
                    f"signature_levels names {step!r:.60}; write what is signed, such as "
                    "'override', or with the meaning 'decision/approval' (review, approval, "
                    "responsibility, authorship)"
                )
