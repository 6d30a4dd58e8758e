"""Shortcodes: the grammar of WordPress's API, and the five of classic texts."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.markup.media_shortcodes import SHORTCODES
from cms.markup.render import render_content
from cms.markup.shortcodes import apply, parsed_attributes, unwrapped
from cms.markup.surroundings import Call, Image, Shortcode, Source, Surroundings
from tests.support.costs import assert_in_proportion


def told(call: Call, _: Surroundings) -> str:
    named = ",".join(f"{k}={v}" for k, v in call.attributes.items())
    return f"<{call.name}|{named}|{' '.join(call.positional)}|{call.content}|{call.number}>"


def image(number: int, **sizes: tuple[int, int]) -> Image:
    files = {
        name: Source(f"https://c.example/{name}-{number}.jpg", *size)
        for name, size in {"full": (1200, 800), **sizes}.items()
    }
    return Image(number, f"https://c.example/foto-{number}/", f"Foto {number}", "", files)


ECHO = Surroundings(shortcodes={n: Shortcode(n, told) for n in ("dose", "dose-max", "box")})
CLASSIC = Surroundings(
    post_id=7,
    images={1: image(1, thumbnail=(150, 150), medium=(300, 200)), 2: image(2)},
    shortcodes={one.name: one for one in SHORTCODES},
)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a [dose] b", "a <dose|||None|1> b"),
        ('[dose MG="5" via=\'oral\' n=3 livre "duas palavras"]',
         "<dose|mg=5,via=oral,n=3|livre duas palavras|None|1>"),
        ("[dose /]", "<dose|||None|1>"),
        ("[box]dentro[/box]", "<box|||dentro|1>"),
        ("[box][dose][/box]", "<box|||<dose|||None|1>|1>"),
        ("[dose][dose]", "<dose|||None|1><dose|||None|2>"),
        ("[dose-max]", "<dose-max|||None|1>"),
        ("[[dose]]", "[dose]"),
        ("[desconhecido]", "[desconhecido]"),
        ("[dosex]", "[dosex]"),
        ("[box]sem fim", "<box|||None|1>sem fim"),
        ("[/box]", "[/box]"),
        ('<a title="[dose]">x</a>', '<a title="[dose]">x</a>'),
        ("<!-- [dose] -->", "<!-- [dose] -->"),
        ("[box]a[/box][box]b[/box]", "<box|||a|1><box|||b|2>"),
        ("[1] Silva et al.", "[1] Silva et al."),
    ],
)  # fmt: skip
def test_the_grammar(text, result):
    assert apply(text, ECHO) == result


def test_attributes_last_of_a_name_counts():
    assert parsed_attributes("a=1 A=2 'x y' z") == ({"a": "2"}, ("x y", "z"))


def test_a_lone_shortcode_loses_its_paragraph():
    html = "<p>[dose]</p>\n<p>x [dose]</p>\n<p>[box]a[/box]</p>"
    assert unwrapped(html, ECHO.shortcodes) == "[dose]\n<p>x [dose]</p>\n[box]a[/box]"


def test_typography_leaves_the_tags_of_shortcodes_alone():
    assert render_content('"a" [dose v="--"] "b"', ECHO) == (
        "<p>&#8220;a&#8221; <dose|v=--||None|1> &#8220;b&#8221;</p>\n"
    )


def test_a_caption_is_a_figure():
    text = (
        '[caption id="attachment_1" align="alignleft" width="300"]'
        '<img class="wp-image-1" src="https://c.example/medium-1.jpg" alt="a" width="300" '
        'height="200" /> A legenda[/caption]'
    )
    rendered = render_content(text, CLASSIC)
    assert rendered.startswith(
        '<figure id="attachment_1" aria-describedby="caption-attachment-1" '
        'style="width: 300px" class="wp-caption alignleft"><img decoding="async" loading="lazy" '
    )
    assert rendered.rstrip().endswith(
        '<figcaption id="caption-attachment-1" class="wp-caption-text">A legenda</figcaption>'
        "</figure>"
    )


def test_a_gallery_shows_the_images_that_are_there():
    rendered = render_content('[gallery ids="1,99,2" columns="2" link="file"]', CLASSIC)
    assert rendered.count('<figure class="gallery-item">') == 2
    assert 'class="gallery galleryid-7 gallery-columns-2 gallery-size-thumbnail"' in rendered
    assert '<a href="https://c.example/full-1.jpg"><img width="150" height="150"' in rendered
    assert "<p>" not in rendered
    assert render_content("[gallery]", CLASSIC).strip() == ""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            '[audio src="https://c.example/a.mp3"]',
            'type="audio/mpeg" src="https://c.example/a.mp3"',
        ),
        ('[audio mp3="/a.mp3" ogg="/a.ogg"]', 'type="audio/ogg" src="/a.ogg"'),
        ('[video src="/v.mp4" width="320" height="180"]', '<div style="width: 320px;"'),
        ('[video webm="/v.webm" poster="/p.png"]', 'poster="/p.png"'),
        ("[embed]https://v.example/1[/embed]", '<a href="https://v.example/1">'),
        ('[audio src="/nota.txt"]', '<a href="/nota.txt">/nota.txt</a>'),
    ],
)
def test_players_and_links(text, part):
    assert part in render_content(text, CLASSIC)


@given(st.text(alphabet="[]/\"'= dosebx<>\n", max_size=120))
def test_any_text_can_be_read(text):
    assert isinstance(apply(text, ECHO), str)
    assert isinstance(render_content(text, ECHO), str)


@pytest.mark.parametrize("unit", ["[box]", "[box ", "[[box", '[box a="', "[/box]", "[box][/box]"])
def test_no_text_costs_more_than_its_length(unit):
    assert_in_proportion(lambda size: partial(apply, unit * (size // len(unit)), ECHO), 64_000)
