"""Which texts carry a person: asked here, answered by whoever keeps texts."""

from dataclasses import dataclass, field

import msgspec

from cms.kernel.work import ReadableWork


class CarriedText(msgspec.Struct, frozen=True):
    """A text that carries a professional. `role` is responsible (of a live text), under_review
    (responsible for it), or approved_by (the live text stands on her approval)."""

    role: str
    user_id: int
    post_id: int
    post_type: str
    status: str
    revision_id: int
    title: str
    review_id: int | None


@dataclass(frozen=True)
class CarriedTexts:
    """The texts found so far; filters of this class add theirs. Without one nothing is listed, and
    then no action on a text can be taken either."""

    user_id: int
    texts: tuple[CarriedText, ...] = field(default=())

    def with_texts(self, *more: CarriedText) -> "CarriedTexts":
        return CarriedTexts(self.user_id, (*self.texts, *more))


async def carried_by(work: ReadableWork, user_id: int) -> tuple[CarriedText, ...]:
    """Every live text, pending review and approval that carries this person now."""
    return (await work.shape(CarriedTexts(user_id))).texts


@dataclass(frozen=True)
class TextsAtOpening:
    """The texts that carried the person when her case was opened; filters of this class add those
    that they have noted. What is done about them since changes what carries her today."""

    case_id: int
    texts: tuple[CarriedText, ...] = field(default=())

    def with_texts(self, *more: CarriedText) -> "TextsAtOpening":
        return TextsAtOpening(self.case_id, (*self.texts, *more))


async def carried_at_opening(work: ReadableWork, case_id: int) -> tuple[CarriedText, ...]:
    """What was noted when the case was opened."""
    return (await work.shape(TextsAtOpening(case_id))).texts
