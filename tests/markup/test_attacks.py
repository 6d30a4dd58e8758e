"""Hostile texts, one by one and mixed at random, judged by readers that are not the cleaner."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.markup.clean import clean_comment, clean_content, clean_title
from cms.markup.media_shortcodes import SHORTCODES
from cms.markup.render import render_content, render_excerpt, render_title
from cms.markup.surroundings import Image, Source, Surroundings

Judge = Callable[[str], list[str]]


def _attacks() -> list[str]:
    lines = (Path(__file__).parent / "data" / "attacks.txt").read_text().splitlines()
    return [_unescaped(line) for line in lines if line and not line.startswith("# ")]


def _unescaped(line: str) -> str:
    short = {"\\n": "\n", "\\t": "\t", "\\0": "\0", "\\\\": "\\"}
    return re.sub(
        r"\\u([0-9a-f]{4})|\\[nt0\\]",
        lambda found: chr(int(found[1], 16)) if found[1] else short[found[0]],
        line,
    )


ATTACKS = _attacks()
PIECES = sorted(
    {piece for attack in ATTACKS for piece in re.findall(r"<[^<>]*>?|[^<>]+|>", attack)}
)
AROUND = Surroundings(
    post_id=7,
    images={
        1: Image(
            1, "https://clinica.example/?p=1", '"x" onerror=alert(1)', "legenda",
            {"full": Source("https://clinica.example/a.png", 800, 600)},
        )
    },
    shortcodes={one.name: one for one in SHORTCODES},
)  # fmt: skip

hostile = st.lists(
    st.sampled_from(
        [*PIECES, *ATTACKS, "</p>", "<p>", "<table>", "<b>", "<a href=x>", "\n\n", '"']
    ),
    max_size=12,
).map("".join)


def test_the_judge_is_not_blind(dangers_in: Judge):
    """A few attacks aim at readers that the judge is not (UTF-7, old Internet Explorer, a host)."""
    seen = [attack for attack in ATTACKS if dangers_in(attack.replace("\ud83c", ""))]
    assert len(seen) > 0.9 * len(ATTACKS) > 130


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_nothing_of_an_attack_is_left(attack: str, dangers_in: Judge):
    cleaned = clean_content(f"<p>before</p>{attack}<p>after</p>")
    assert dangers_in(cleaned) == []
    assert "alert(1)</script" not in cleaned


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_titles_and_comments_hold_the_small_list_only(attack: str, dangers_in: Judge):
    for cleaned in (clean_title(attack), clean_comment(attack)):
        assert dangers_in(cleaned) == []
        assert not re.search(r"<(?!/?(?:a|abbr|acronym|b|blockquote|cite|code|del|em|i|q|s|strike"
                             r"|strong)[\s>])", cleaned)  # fmt: skip


@given(hostile)
@settings(max_examples=300, deadline=None)
def test_mixed_attacks_leave_nothing_and_rest(dangers_in: Judge, text: str):
    cleaned = clean_content(text)
    assert dangers_in(cleaned) == []
    assert clean_content(cleaned) == cleaned


@given(hostile)
@settings(max_examples=100, deadline=None)
def test_small_texts_rest_too(dangers_in: Judge, text: str):
    for clean in (clean_title, clean_comment):
        cleaned = clean(text)
        assert dangers_in(cleaned) == []
        assert clean(cleaned) == cleaned


@given(hostile)
@settings(max_examples=150, deadline=None)
def test_rendering_adds_nothing_that_acts(dangers_in: Judge, text: str):
    cleaned = clean_content(text)
    for rendered in (
        render_content(cleaned),
        render_content(cleaned, AROUND),
        render_excerpt("", cleaned),
        render_excerpt(cleaned, ""),
        render_title(clean_title(text)),
    ):
        assert dangers_in(rendered, rendered=True) == []


SHORTCODES_WITH = (
    '[caption width="300" id="x" caption="{}"]<img src="a.png" />[/caption]',
    '[caption width="300" align="{}"]<img src="a.png" /> {}[/caption]',
    "[gallery ids=\"1\" size='{}' link='{}']",
    '[audio src="{}.mp3"]',
    '[audio mp3="{}"]',
    "[video src='{}' poster='{}' width='{}']",
    "[embed]{}[/embed]",
    "[embed src={}]",
)


@given(hostile, st.sampled_from(SHORTCODES_WITH))
@settings(max_examples=200, deadline=None)
def test_shortcodes_take_over_nothing_that_acts(dangers_in: Judge, text: str, form: str):
    cleaned = clean_content(form.replace("{}", text))
    assert dangers_in(render_content(cleaned, AROUND), rendered=True) == []


@pytest.mark.parametrize("form", SHORTCODES_WITH)
@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "java&#115;cript:alert(1)//.mp3",
        "&quot; onload=alert(1) x=&quot;",
        "&lt;img src=x onerror=alert(1)&gt;",
        "data:text/html,x.mp4",
    ],
)
def test_hidden_attacks_in_shortcodes_rest(dangers_in: Judge, form: str, text: str):
    cleaned = clean_content(form.replace("{}", text))
    assert dangers_in(render_content(cleaned, AROUND), rendered=True) == []


@given(hostile)
@settings(max_examples=50, deadline=None)
def test_an_automatic_excerpt_holds_no_markup_even_of_uncleaned_text(text: str):
    excerpt = render_excerpt("", text)
    assert set(re.findall(r"<[^>]*>?", excerpt)) <= {"<p>", "</p>", "<br />"}


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_can_be_cleaned(text: str):
    cleaned = clean_content(text)
    assert codecs.encode(cleaned, "utf-8") is not None
    assert clean_content(cleaned) == cleaned
