"""A kind of notice that could fail its reader stops the start."""

import pytest

from cms.kernel.notices import COUNT, DAY, ID, NoticeKind, Words, filled, word
from cms.kernel.plugin import Plugin
from cms.kernel.registry import PluginProblem, Registry

GOOD = {"pt": Words("Um {it}", "", "Um"), "en": Words("One {it}", "", "One")}


def kind(slug="room.said", words=GOOD, about_fact="it", facts=None, **more):
    return NoticeKind(
        slug=slug, words=words, about="thing", about_fact=about_fact, facts=facts or {"it": ID},
        **more,
    )  # fmt: skip


def saying(text):
    return {**GOOD, "en": Words(text, "", "One")}


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"slug": "Room"}, "room.what_happened"),
        ({"words": {"pt": GOOD["pt"]}}, "needs words in pt and en"),
        ({"words": {**GOOD, "ar": GOOD["en"]}}, "whose plurals nobody knows"),
        ({"words": saying("{other}")}, "does not declare: {other}"),
        ({"words": saying("{it")}, "a brace too many"),
        ({"words": saying("{it, plural, one {#} other {#}}")}, "counts what is no count"),
        ({"link": "/things/{other}"}, "does not declare"),
        ({"about_fact": "none"}, "which is no id"),
        ({"facts": {"it": ID, "w": word({"a": {"pt": "á"}})}}, "no word for each w"),
    ],
)
def test_it_is_refused(wrong, fault):
    with pytest.raises(ValueError, match=fault):
        kind(**wrong)


def test_two_plugins_cannot_mean_different_things_by_one_name():
    registry = Registry(
        [Plugin(slug="one", notices=(kind(),)), Plugin(slug="two", notices=(kind(),))]
    )
    with pytest.raises(PluginProblem, match=r"notice 'room\.said' is declared twice"):
        registry.check()


def test_a_regional_language_is_its_language_and_a_foreign_one_is_english():
    assert [kind().language(one) for one in ("pt_BR", "pt-PT", "EN", "", "zh-Hant")] == [
        "pt", "pt", "en", "en", "en",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "said"), [(0, "0 a"), (1, "1 a"), (2, "2 b"), (-1, "-1 a")])
def test_zero_is_singular_in_portuguese(count, said):
    """CLDR: i = 0..1 is `one` there, and `other` in English."""
    template = "{n, plural, one {# a} other {# b}}"
    assert filled(template, "pt", {"n": str(count)}, {"n": count}) == said


def test_a_fact_takes_its_type_and_nothing_else():
    assert COUNT.kept(3) == 3
    for wrong in (True, "3", 3.0, None):
        with pytest.raises(ValueError, match="is no"):
            COUNT.kept(wrong)
    with pytest.raises(ValueError, match="is no"):
        DAY.kept("2026-01-01")
