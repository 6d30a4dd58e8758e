"""Two texts as trees of blocks: what is new, gone, moved, changed, and in what."""

import random
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.medical_review.comparing.sequences import opcodes
from plugins.medical_review.comparing.structure import compared, flat
from plugins.medical_review.comparing.words import tokens, word_changes
from tests.bench.comparing import TEXTS, WORDS, WORST, milliseconds
from tests.support.costs import assert_in_proportion


def block(inner: str, name: str = "paragraph", settings: str = "") -> str:
    return f"<!-- wp:{name} {settings}-->\n{inner}\n<!-- /wp:{name} -->"


def words(text: str) -> str:
    return block(f"<p>{text}</p>")


def group(*inner: str) -> str:
    return block(f'<div class="wp-block-group">{"".join(inner)}</div>', "group")


def text(*parts: str) -> str:
    return "\n\n".join(parts)


PAIN = words("A dor de cabeça passa com repouso e água.")
DOSE = words("Tome dois mg de paracetamol ao dia, por três dias.")
HELP = words("Procure ajuda se ela vier de repente.")


def told(before: str, after: str) -> list[tuple]:
    return [
        (one.op, one.before, one.after)
        for one in flat(compared(before, after))
        if one.op != "equal"
    ]


def test_a_block_that_moved_is_not_a_new_one():
    assert told(text(PAIN, DOSE, HELP), text(HELP, PAIN, DOSE)) == [("move", (2,), (0,))]


def test_a_block_that_moved_may_have_changed_as_well():
    changed = DOSE.replace("dois", "três")
    [moved] = [one for one in compared(text(PAIN, HELP, DOSE), text(changed, PAIN, HELP))
               if one.op == "move"]  # fmt: skip
    assert [one.after for one in moved.words if one.op == "replace"] == [" três"]


def test_a_block_that_went_into_another_one_is_found_there():
    assert told(text(PAIN, DOSE, HELP), text(PAIN, group(DOSE), HELP)) == [
        ("insert", None, (1,)),
        ("move", (1,), (1, 0)),
    ]


def test_of_a_nested_block_only_what_changed_is_told():
    before = text(PAIN, group(DOSE, HELP))
    [outer, inner] = [one for one in flat(compared(before, before.replace("dois", "nove")))
                      if one.op == "change"]  # fmt: skip
    assert (outer.name, outer.words, inner.after) == ("core/group", (), (1, 0))


def test_a_setting_is_a_change_too():
    heading = block("<h2>Dor</h2>", "heading", '{"level":2} ')
    lower = heading.replace("2", "3")
    [change] = compared(heading, lower)
    [setting] = change.attributes
    assert (setting.name, setting.before, setting.after) == ("level", 2, 3)


def test_a_text_without_blocks_is_read_by_paragraphs():
    assert told("Um.\n\nDois é mais que um.", "Um.\n\nDois é mais.\n\nTrês.") == [
        ("change", (1,), (1,)),
        ("insert", None, (2,)),
    ]


def test_a_broken_text_is_compared_all_the_same():
    assert told(PAIN, f"{PAIN}<!-- wp:list --><ul>") == [("insert", None, (1,))]


def test_deep_nesting_ends_somewhere():
    deep = PAIN
    for _ in range(500):
        deep = group(deep)
    changed = [one for one in flat(compared(deep, deep.replace("repouso", "sono"))) if one.words]
    assert len(changed) == 1


def test_words_are_told_whole_and_numbers_with_their_comma():
    found = word_changes("Tomar 2,5 mg a cada 6 horas.", "Tomar 25 mg a cada 8 horas.")
    told = [(one.before, one.after) for one in found if one.op == "replace"]
    assert told == [(" 2,5", " 25"), (" 6", " 8")]


ROW = st.lists(st.integers(0, 6), max_size=40)


@given(ROW, ROW)
def test_a_row_is_covered_once_and_what_is_equal_is(old: list[int], new: list[int]):
    place = (0, 0)
    for op, start, end, from_, to in opcodes(old, new):
        assert (start, from_) == place
        assert (old[start:end] == new[from_:to]) == (op == "equal")
        place = (end, to)
    assert place == (len(old), len(new))


@given(st.text(), st.text())
def test_the_pieces_of_two_texts_give_both_back(before: str, after: str):
    found = word_changes(before, after)
    assert "".join(one.before or "" for one in found) == before
    assert "".join(one.after or "" for one in found) == after
    assert "".join(tokens(before)) == before


PARTS = st.lists(
    st.sampled_from([PAIN, DOSE, HELP, words("Um."), group(PAIN, HELP), ""]), max_size=6
)


@given(PARTS, PARTS)
def test_every_block_of_both_texts_is_told_once(before: list[str], after: list[str]):
    found = list(flat(compared(text(*before), text(*after))))
    same = compared(text(*after), text(*after))
    places = [one.after for one in found if one.after is not None]
    assert sorted(places) == sorted(one.after for one in flat(same))
    left = [one.before for one in found if one.before is not None]
    assert len(left) == len(set(left))


@pytest.mark.parametrize("what", TEXTS)
def test_ten_thousand_words_are_compared_in_proportion(what: str):
    assert_in_proportion(lambda words: partial(compared, *TEXTS[what](words)), WORDS)


@pytest.mark.bench
@pytest.mark.parametrize("what", TEXTS)
def test_ten_thousand_words_are_compared_in_the_time_allowed(what: str):
    assert milliseconds(*TEXTS[what](WORDS)) < WORST


def test_a_row_made_to_cost_time_does_not():
    """Words that stand in many places on both sides are where a diff becomes quadratic."""
    rng = random.Random(7)
    rows = [[rng.choice("ab") for _ in range(40_000)] for _ in range(2)]
    assert_in_proportion(lambda n: partial(opcodes, rows[0][:n], rows[1][:n]), 40_000)
