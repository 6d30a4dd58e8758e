"""What changed between two texts: whole blocks, and in a changed block the words."""

import string

from hypothesis import given
from hypothesis import strategies as st

from cms.content.models import Revision
from plugins.medical_review.comparing.diff import Change, diff, text_changes
from plugins.medical_review.comparing.words import WordChange

FIRST = "<!-- wp:paragraph -->\n<p>Um.</p>\n<!-- /wp:paragraph -->"
SECOND = "<!-- wp:paragraph -->\n<p>Dois mg ao dia.</p>\n<!-- /wp:paragraph -->"


def revision(**fields: object) -> Revision:
    plain = {"title": "Dor", "content": FIRST, "excerpt": "", "slug": "", "template": ""}
    rest = {"terms": {}, "meta": {}, "parts": {}, "author_id": 1, "language": "pt-BR"}
    return Revision(**{**plain, **rest, **fields})


def test_a_new_block_is_an_insertion():
    assert list(text_changes(FIRST, f"{FIRST}\n\n{SECOND}")) == [Change("insert", after=SECOND)]
    assert list(text_changes(f"{FIRST}\n\n{SECOND}", FIRST)) == [Change("delete", before=SECOND)]


def test_within_a_changed_block_the_words_are_told():
    [change] = text_changes(SECOND, SECOND.replace("Dois", "Três"))
    assert change.op == "replace"
    assert [w for w in change.words if w.op != "equal"] == [WordChange("replace", "Dois", "Três")]


def test_fields_of_parts_and_terms_are_compared_by_name():
    before = revision(parts={"medical": {"evidence_level": "I", "contains_patient_data": True}})
    after = revision(
        parts={"medical": {"evidence_level": "II", "contains_patient_data": False}},
        terms={"category": [4]},
    )
    assert {change.field: change.changes[0].op for change in diff(before, after)} == {
        "medical.contains_patient_data": "replace",
        "medical.evidence_level": "replace",
        "terms.category": "insert",
    }


def test_the_same_text_has_no_changes():
    assert diff(revision(), revision()) == []


def test_a_monstrous_text_is_compared_to_its_last_line():
    before = "\n".join(["a", "b"] * 3000)
    assert list(text_changes(before, before.removesuffix("b") + "c")) == [
        Change("replace", "b", "c", (WordChange("replace", "b", "c"),))
    ]


LINES = st.lists(st.text(string.ascii_lowercase + " <>", min_size=1, max_size=12), max_size=8)


@given(LINES, LINES)
def test_the_words_of_a_change_give_both_sides_back(before: list[str], after: list[str]):
    for change in text_changes("\n".join(before), "\n".join(after)):
        if change.op == "replace":
            assert "".join(w.before or "" for w in change.words) == change.before
            assert "".join(w.after or "" for w in change.words) == change.after
