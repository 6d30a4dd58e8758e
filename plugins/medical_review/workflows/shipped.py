"""The workflows that every site has. A version that was shipped once stays here for ever: a review
that began with it ends with it."""

from collections.abc import Mapping

from plugins.medical_review.quorum.rules import (
    APPROVED,
    Definition,
    Mode,
    Quorum,
    Risk,
    Seat,
    Stage,
    Step,
)

APPROVE, APPROVE_LEGAL = "approve_medical_content", "approve_legal_content"
DUE = {Risk.LOW: 120, Risk.NORMAL: 72, Risk.HIGH: 24}

MEDICAL = Definition(
    label={"en": "Medical review", "pt": "Revisão médica"},
    stages=(
        Stage(
            name="medical",
            label={"en": "Medical review", "pt": "Revisão médica"},
            seats=(Seat("medical", APPROVE),),
            due_hours=DUE,
        ),
    ),
    transitions=(Step("medical", APPROVED),),
)

TECHNICAL_AND_LEGAL = Definition(
    label={"en": "Technical and legal review", "pt": "Revisão técnica e jurídica"},
    stages=(
        Stage(
            name="technical",
            label={"en": "Technical review", "pt": "Revisão técnica"},
            mode=Mode.PARALLEL,
            seats=(Seat("technical", APPROVE, 2),),
            quorum=Quorum(clinicians=2, with_rqe_in_specialty=1, validated_within_days=30),
            due_hours=DUE,
        ),
        Stage(
            name="legal",
            label={"en": "Legal review", "pt": "Revisão jurídica"},
            seats=(Seat("legal", APPROVE_LEGAL),),
            due_hours=DUE,
        ),
    ),
    transitions=(Step("technical", "legal"), Step("legal", APPROVED)),
)

DEFAULT = ("medical", 1)
SHIPPED: Mapping[tuple[str, int], Definition] = {
    DEFAULT: MEDICAL,
    ("technical_and_legal", 1): TECHNICAL_AND_LEGAL,
}
SHIPPED_SLUGS = frozenset(slug for slug, _ in SHIPPED)
