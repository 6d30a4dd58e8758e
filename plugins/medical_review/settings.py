"""What an operator may tune of medical review."""

from typing import Literal

import msgspec

from plugins.medical_review.references.settings import ReferenceSettings

Level = Literal["simple", "advanced", "qualified"]


class ReviewSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`signature_levels`: the level under Lei 14.063/2020 that a signature needs, by what is signed
    (`decision`, `override`, `correction`, …) or, more closely, by that and the meaning
    (`decision/approval`); what is not named needs a simple one. `references`: where literature is
    looked up. `unpublished_targets`: what it means that a text points to what readers cannot get:
    it blocks the publication, warns in the list of targets, or is ignored."""

    signature_levels: dict[str, Level] = {}
    references: ReferenceSettings = ReferenceSettings()
    unpublished_targets: Literal["block", "warn", "ignore"] = "block"
