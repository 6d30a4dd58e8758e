"""Raw text to rendered text, against what WordPress answered and where we want it otherwise."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.markup.autop import autop
from cms.markup.render import RENDER_VERSION, render_content, render_excerpt, render_title
from cms.markup.slugs import MAX_LENGTH, slug_of
from cms.markup.texturize import texturize

SAMPLES = json.loads(
    (Path(__file__).parent / "data" / "formatting-samples.json").read_text()
)["samples"]  # fmt: skip
FUNCTIONS = {"wpautop": autop, "wptexturize": texturize, "sanitize_title": slug_of}
DIFFERENCES = {
    # WordPress sets paragraphs inside a script, which then no longer runs.
    "<script>\nvar a=1;\n\nvar b=2;\n</script>": "<script>\nvar a=1;\n\nvar b=2;\n</script>\n",
}


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s["fn"] in FUNCTIONS], ids=str)
def test_the_measured_samples(sample: dict[str, str]):
    expected = DIFFERENCES.get(sample["in"], sample["out"])
    assert FUNCTIONS[sample["fn"]](sample["in"]) == expected


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("<h2>T</h2>\ntext", "<h2>T</h2>\n<p>text</p>\n"),
        (
            "<table>\n<tr><td>a</td></tr>\n</table>",
            "<table>\n<tr>\n<td>a</td>\n</tr>\n</table>\n",
        ),
        ('<img src="a.png" />\n\nb', '<p><img src="a.png" /></p>\n<p>b</p>\n'),
        ("<ul><li>a</li><li>b</li></ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<p>a\n\nb</p>", "<p>a</p>\n<p>b</p>\n"),
        ("<div>a\n\nb</div>", "<div><p>a</p>\n<p>b</p>\n</div>\n"),
        ("a<br><br>b<br>\nc", "<p>a</p>\n<p>b<br />\nc</p>\n"),
        ("<h2>a\n\nb</h2>", "<h2>a<br />\nb</h2>\n"),
        ("a\n<hr />\nb", "<p>a</p>\n<hr />\n<p>b</p>\n"),
        ("a\n\n<!--more-->\n\nb", "<p>a</p>\n<p><!--more--></p>\n<p>b</p>\n"),
        ("<b\n\ntitle='x'>y</b>", "<p><b\n\ntitle='x'>y</b></p>\n"),
        ("a <!-- b\n\nc -->", "<p>a <!-- b\n\nc --></p>\n"),
        ("<blockquote><p>q</p>\n\n<p>r</p></blockquote>z",
         "<blockquote><p>q</p>\n<p>r</p></blockquote>\n<p>z</p>\n"),
        ("<video controls>\n<source src='x'>\n</video>\n\na",
         "<p><video controls><source src='x'></video></p>\n<p>a</p>\n"),
        ("<pre>a\n\nb</pre>c", "<pre>a\n\nb</pre>\n<p>c</p>\n"),
        ("<p>open<div>x</div>", "<p>open\n<div>x</div>\n"),
        ("</div>a", "</div>\n<p>a</p>\n"),
    ],
)  # fmt: skip
def test_paragraphs(text: str, paragraphs: str):
    assert autop(text) == paragraphs


@pytest.mark.parametrize(
    ("text", "typeset"),
    [
        ('"quoted" text', "&#8220;quoted&#8221; text"),
        ("a --- b", "a &#8212; b"),
        ("a--b", "a&#8211;b"),
        ("xn--d1acufc.example", "xn--d1acufc.example"),
        ("(tm)", "&#8482;"),
        ("'90s", "&#8217;90s"),
        ("ma'at \"ação\" -- é", "ma&#8217;at &#8220;ação&#8221; &#8212; é"),
        ("6'4\" or \"9\"", "6&#8242;4&#8243; or &#8220;9&#8221;"),
        ('"<b>x</b>"', "&#8220;<b>x</b>&#8221;"),
        ("<p>a</p>\"b\"", "<p>a</p>&#8220;b&#8221;"),
        ("Ana<b>'s</b>", "Ana<b>&#8217;s</b>"),
        ("('x') [\"y\"]", "(&#8216;x&#8217;) [&#8220;y&#8221;]"),
        ("0x10 2x4x6", "0x10 2x4x6"),
        ("R&D &eacute; &#233;", "R&#038;D &eacute; &#233;"),
        ('<a href="?a&b" title="--">x</a>', '<a href="?a&#038;b" title="--">x</a>'),
        ("<pre>\"a\" <b>--</b></pre> \"b\"", "<pre>\"a\" <b>--</b></pre> &#8220;b&#8221;"),
        ("<!-- \"a\" -- -->", "<!-- \"a\" -- -->"),
    ],
)  # fmt: skip
def test_typography(text: str, typeset: str):
    assert texturize(text) == typeset


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Título com Acentuação & Símbolos / 50%", "titulo-com-acentuacao-simbolos-50"),
        ("日本語", "%e6%97%a5%e6%9c%ac%e8%aa%9e"),
        ("が", "%e3%81%8c"),
        ("%e6%97%a5", "%e6%97%a5"),
        ("Ünïcödé Straße Œuvre Łódź", "unicode-strase-oeuvre-lodz"),
        ("decomposed: São", "decomposed-sao"),
        ("<b>Bold</b> &amp; more", "bold-more"),
        ("1.000 × 5—6", "1-000-x-5-6"),
        ("  -- a -- ", "a"),
        ("?!", ""),
        ("\ud800", "%3f"),
        ("x" * 300, "x" * 200),
        ("あ" * 100, "%e3%81%82" * 22),
    ],
)
def test_slugs(title: str, slug: str):
    assert slug_of(title) == slug


@given(st.text())
def test_a_slug_is_its_own_slug(title: str):
    slug = slug_of(title)
    assert len(slug) <= MAX_LENGTH
    assert slug_of(slug) == slug


def test_block_content_loses_its_delimiters_and_gets_no_paragraphs():
    raw = (
        '<!-- wp:paragraph -->\n<p>"a"</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:more -->\n'
        '<!--more-->\n<!-- /wp:more -->\n\n<!-- wp:latest-posts {"n":3} /-->'
    )
    assert render_content(raw) == "\n<p>&#8220;a&#8221;</p>\n\n\n\n<!--more-->\n\n\n"


def test_classic_content_gets_paragraphs_and_typography():
    assert render_content('one "two"\n\nthree...') == (
        "<p>one &#8220;two&#8221;</p>\n<p>three&#8230;</p>\n"
    )
    assert render_content("") == ""


def test_titles_get_typography():
    assert render_title(' Ana\'s dose -- "5 mg" & more ') == (
        "Ana&#8217;s dose &#8212; &#8220;5 mg&#8221; &#038; more"
    )


def test_an_excerpt_that_was_written_is_shown():
    assert render_excerpt("Short.\n\nBut 'fine'.", "long") == (
        "<p>Short.</p>\n<p>But &#8216;fine&#8217;.</p>\n"
    )


@pytest.mark.parametrize(
    ("raw", "excerpt"),
    [
        ("", ""),
        ("<p>two <b>wo</b>rds</p>", "<p>two words</p>\n"),
        ("<td>5 mg</td><td>10 mg</td>", "<p>5 mg 10 mg</p>\n"),
        ("before<!--more-->after", "<p>before</p>\n"),
        ("a &amp; &lt;b&gt;", "<p>a &amp; &lt;b&gt;</p>\n"),
        ('[gallery ids="1"] text [citation needed]', "<p>text</p>\n"),
        ("<script>x</script>y", "<p>y</p>\n"),
        ("word " * 55, "<p>" + ("word " * 55).strip() + "</p>\n"),
        ("word " * 56, "<p>" + "word " * 55 + "[&hellip;]</p>\n"),
    ],
)
def test_automatic_excerpts(raw: str, excerpt: str):
    assert render_excerpt("", raw) == excerpt


def test_an_automatic_excerpt_takes_text_blocks_only():
    raw = (
        "<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph -->"
        "<!-- wp:embed --><figure>https://v.example</figure><!-- /wp:embed -->"
        "<!-- wp:group --><div><!-- wp:heading --><h2>Two.</h2><!-- /wp:heading --></div>"
        "<!-- /wp:group --><!-- wp:more --><!--more--><!-- /wp:more -->"
        "<!-- wp:paragraph --><p>Three.</p><!-- /wp:paragraph -->"
    )
    assert render_excerpt("", raw) == "<p>One. Two.</p>\n"


def test_the_version_is_stored_beside_rendered_text():
    assert RENDER_VERSION == 4
