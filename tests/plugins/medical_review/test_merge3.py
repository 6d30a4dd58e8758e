"""Laws of merging: whoever changed alone has his way, and nothing is lost without being shown."""

from hypothesis import given
from hypothesis import strategies as st

from plugins.medical_review.rebasing.merge3 import MOST, Stretch, stretches

ROW = st.lists(st.sampled_from("abcdef"), max_size=12)


def merged(base: str, ours: str, theirs: str) -> str:
    return "".join(
        "".join(found.merged)
        if found.merged is not None
        else f"<{''.join(found.ours)}|{''.join(found.theirs)}>"
        for found in stretches(base, ours, theirs)
    )


def test_what_lies_apart_is_taken_from_both():
    assert merged("abcde", "aXcde", "abcdY") == "aXcdY"
    assert merged("abc", "abcd", "zabc") == "zabcd"
    assert merged("abcd", "acd", "abc") == "ac"
    assert merged("abc", "aXc", "aXc") == "aXc"


def test_what_both_changed_is_shown():
    assert merged("abc", "aXc", "aYc") == "a<X|Y>c"
    assert merged("abc", "ac", "aYc") == "a<|Y>c"
    assert merged("ac", "aXc", "aYc") == "a<X|Y>c"


@given(ROW, ROW, ROW)
def test_each_side_stands_in_the_stretches_as_it_was(base, ours, theirs):
    found = list(stretches(base, ours, theirs))
    for side in ("base", "ours", "theirs"):
        whole = [thing for one in found for thing in getattr(one, side)]
        assert whole == {"base": base, "ours": ours, "theirs": theirs}[side]


@given(ROW, ROW)
def test_who_changed_alone_has_her_way(base, side):
    for ours, theirs in ((side, base), (base, side), (side, side)):
        found = [one.merged for one in stretches(base, ours, theirs)]
        assert None not in found
        assert [thing for row in found if row for thing in row] == side


@given(ROW, ROW, ROW)
def test_it_is_the_same_from_either_side(base, ours, theirs):
    one_way = [Stretch(one.base, one.theirs, one.ours) for one in stretches(base, ours, theirs)]
    assert list(stretches(base, theirs, ours)) == one_way


def test_a_row_beyond_reason_is_one_thing():
    long = [str(i) for i in range(MOST + 1)]
    (only,) = stretches(long, [*long, "x"], long)
    assert only.merged == (*long, "x")
