"""How well the rules judge sentences, held above stated floors and as the page says it."""

import re

import pytest

from tests.plugins.medical_review.labelled_sets import FAMILIES, SETS, measure, sentences, table
from tests.support.reference import HOME

PAGE = HOME / "content-checks.md"

# (precision, recall). The blind sets say what to expect of texts that nobody has seen.
FLOORS = {
    ("advertising", "heldout"): (0.95, 0.90),
    ("advertising", "tuning"): (0.95, 0.90),
    ("advertising", "blind"): (0.90, 0.35),
    ("patient_data", "heldout"): (0.95, 0.90),
    ("patient_data", "tuning"): (0.95, 0.90),
    ("patient_data", "blind"): (0.85, 0.70),
    ("medicines", "heldout"): (0.95, 0.90),
    ("medicines", "tuning"): (0.95, 0.90),
    ("medicines", "blind"): (0.90, 0.20),
    ("notices", "heldout"): (0.95, 0.90),
    ("notices", "tuning"): (0.95, 0.90),
    ("notices", "blind"): (0.90, 0.45),
}


@pytest.mark.parametrize(("family", "which"), FLOORS)
def test_rules_do_not_fall_below_their_floors(family, which):
    score = measure(family, which)
    precision, recall = FLOORS[family, which]
    assert score.precision >= precision, (score, score.precision)
    assert score.recall >= recall, (score, score.recall)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_at_least_two_hundred_sentences_in_two_languages(family):
    found = [one for which in SETS for one in sentences(family, which)]
    assert len(found) >= 200
    assert len({one.text for one in found}) == len(found)
    for language in ("pt", "en"):
        assert {one.is_fault for one in found if one.language == language} == {True, False}


def test_the_page_says_what_is_measured_today():
    """`make bench-checks` writes it."""
    [shown] = re.findall(r"\| family \|.*?(?=\n\n|\Z)", PAGE.read_text(), re.DOTALL)
    assert shown.strip() == table().strip()
