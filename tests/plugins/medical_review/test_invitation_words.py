"""A guest reads every refusal in her own language, whatever it was."""

import pytest

from cms.admin.mounting import templates_of
from cms.errors import (
    CapabilityMissing,
    CmsError,
    Conflict,
    InvalidInput,
    NotFound,
    PolicyDenied,
    StepUpRequired,
    TooManyRequests,
    TransitionRefused,
    UnauditedWrite,
    Unavailable,
)
from cms.host import build_registry
from cms.kernel.events import Event
from cms.kernel.objections import Objection
from cms.settings import Settings
from plugins.medical_review.inviting import guests
from plugins.medical_review.inviting.page_words import WORDS
from plugins.medical_review.inviting.pages import in_words
from plugins.medical_review.inviting.secrets import InvitationRefused
from plugins.medical_review.reviewing import errors
from plugins.medical_review.signing.errors import StrongerSignatureNeeded
from tests.plugins.medical_review.letters_out import link, office, postbox, submitted
from tests.plugins.medical_review.test_invitation_page import code, sent, signed, text

__all__ = ["office", "postbox"]

TEMPLATES = templates_of(build_registry(Settings()))
HASH = "0123456789abcdef" * 4
ENGLISH = ("the ", "you", "this", "must", "review is", "denies", "again")
REFUSALS = (
    InvitationRefused(),
    errors.OwnText(["its author", "an editor of it"]),
    errors.ApproverMayNotSign([Objection("x.y", "The registration is suspended.", "Wait.")]),
    errors.ReviewStale(HASH, HASH, HASH),
    errors.ReviewClosed("sent_back"),
    errors.CountedAlready(),
    errors.OtherStage("medical", ["physician"]),
    errors.InOtherHands([4]),
    StrongerSignatureNeeded("advanced", "simple", {}, "high risk."),
    CapabilityMissing("Sorry, you are not allowed to decide.", action="review.decide"),
    PolicyDenied("A policy denies it: zero_trust.x.", action="invitation.decide"),
    StepUpRequired("review.decide", ["signed_in"], []),
    TooManyRequests("Too many codes were sent. Ask for a new link."),
    NotFound("review", 3),
    Unavailable("The database does not answer; nothing was saved."),
    Conflict("Somebody else saved the same thing at the same time."),
    UnauditedWrite("cms.posts changed without an event that covers it."),
    CmsError("Something broke on our side."),
    InvalidInput({"comment": "must say what has to change", "other": "must be something else"}),
    TransitionRefused([Objection("x.y", "This is new to everybody.", "Do that.")], Event()),
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: type(one).__name__)
def test_a_refusal_is_told_in_the_language_of_the_page(refusal: CmsError) -> None:
    said = in_words(TEMPLATES, "pt_BR", refusal)
    assert said
    assert [word for word in ENGLISH if word in f"{said.lower()} "] == []
    assert in_words(TEMPLATES, "en", refusal)


@pytest.mark.parametrize("language", ["pt_BR", "en"])
def test_no_refusal_tells_of_policies_or_tables(language: str) -> None:
    told = " ".join(in_words(TEMPLATES, language, one) for one in REFUSALS)
    assert "zero_trust" not in told
    assert "cms.posts" not in told


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["pt"].keys() == WORDS["en"].keys()


async def test_what_breaks_is_told_on_the_page_in_portuguese(office, postbox, monkeypatch):
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    number = await code(office, token, postbox)

    async def breaks(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(guests, "decide", breaks)
    answer = await sent(office, "/decision", **signed(token, number, review))
    assert answer.status_code == 500
    assert "Algo falhou do nosso lado" in text(answer, "[role=alert]")
    assert "a fault of ours" not in answer.text
    # The way back keeps what she has; nothing was decided.
    assert token in answer.text


async def test_a_text_that_was_changed_meanwhile_is_told_in_portuguese(office, postbox):
    _, _, review = await submitted(office)
    token = await link(office, review, postbox)
    number = await code(office, token, postbox)
    stale = {**signed(token, number, review), "content_hash": "0" * 64}
    answer = await sent(office, "/decision", **stale)
    assert answer.status_code == 409
    assert "O texto mudou depois que foi enviado a você" in text(answer, "[role=alert]")
