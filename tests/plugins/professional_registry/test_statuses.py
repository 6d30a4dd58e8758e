"""Only ACTIVE may sign, and only a word that we know makes somebody ACTIVE."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.names import is_same_name
from plugins.professional_registry.statuses import (
    Status,
    Validation,
    is_settled_type,
    normalise,
    validation_of,
)

ACTIVE_WORDS = {"A", "regular", "ativo"}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("A", Status.ACTIVE),
        ("Regular", Status.ACTIVE),
        ("ATIVO", Status.ACTIVE),
        ("B", Status.RESTRICTED),
        ("C", Status.REVOKED),
        ("cassado", Status.REVOKED),
        ("E", Status.INACTIVE),
        ("F", Status.DECEASED),
        ("G", Status.INACTIVE),
        ("I", Status.SUSPENDED),
        ("J", Status.RESTRICTED),
        ("L", Status.INACTIVE),
        ("M", Status.SUSPENDED),
        ("Suspensão total temporária", Status.SUSPENDED),
        ("SUSPENSAO TOTAL TEMPORARIA", Status.SUSPENDED),
        ("N", Status.RESTRICTED),
        ("O", Status.SUSPENDED),
        ("P", Status.INACTIVE),
        ("R", Status.SUSPENDED),
        ("S", Status.SUSPENDED),
        ("T", Status.TRANSFERRED),
        ("X", Status.RESTRICTED),
    ],
)
def test_the_letters_and_words_of_the_cfm(raw, status):
    assert normalise("CRM", raw) is status


@pytest.mark.parametrize("raw", ["", " ", "Z", "a", "AA", "Ativo?com restrição", "Regularizado"])
def test_what_nobody_knows_is_for_a_person(raw):
    assert normalise("CRM", raw) is Status.UNVERIFIED


@given(st.text(max_size=30))
def test_no_other_text_makes_a_physician_active(raw):
    known = raw.strip() in ACTIVE_WORDS or raw.strip().casefold() in ACTIVE_WORDS - {"A"}
    if not known and raw.isascii() and raw.strip().isalpha():
        assert normalise("CRM", raw) is not Status.ACTIVE


@pytest.mark.parametrize("council", [a for a in by_acronym() if a != "CRM"])
def test_a_word_from_no_good_source_may_stop_and_never_permit(council):
    statuses = {normalise(council, entry.word) for entry in by_acronym()[council].statuses}
    assert Status.ACTIVE not in statuses


def test_only_active_may_sign_and_only_it_is_verified():
    assert [s for s in Status if s.may_sign] == [Status.ACTIVE]
    assert [s for s in Status if validation_of(s) is Validation.VERIFIED] == [Status.ACTIVE]


def test_a_student_registration_does_not_make_a_physician():
    assert all(is_settled_type("CRM", kind) for kind in ("P", "S", "V", "Provisória"))
    assert not any(is_settled_type("CRM", kind) for kind in ("E", "T", "", "Q"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Conceição Inventada", "CONCEICAO INVENTADA", True),
        ("Ana Inventada", "ANA MARIA DA INVENTADA", True),
        ("Ana M. Inventada", "ANA MARIA INVENTADA", True),
        ("Ana P. Inventada", "ANA MARIA INVENTADA", False),
        ("Ana Inventada", "ANA SUPOSTA", False),
        ("Ana", "ANA", False),
        ("Ana Inventada Maria", "ANA MARIA INVENTADA", False),
        ("", "", False),
    ],
)
def test_names_are_compared_without_accents_and_with_abbreviations(one, other, same):
    assert is_same_name(one, other) is same
    assert is_same_name(other, one) is same
