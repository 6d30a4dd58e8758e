"""The two judgements that a text must pass to be kept as it came."""

import pytest

from cms.markup import addresses, allowed
from cms.markup.clean import clean_content
from cms.markup.plain import is_plain, page_of
from cms.markup.vetting import Vetter

VETTER = Vetter(allowed.POST)


@pytest.mark.parametrize(
    "text",
    [
        "a > b & c",
        "<p>x<br/>y",
        "<IMG SRC='a.png' alt=x WIDTH=10>",
        '<a href="/?a=1&b=2" data-x="1" xml:lang="pt">x</a>',
        "<!--more--><!-- a - b -->",
    ],
)
def test_plain(text: str):
    assert is_plain(text, VETTER)


@pytest.mark.parametrize(
    "text",
    [
        "a < b",
        "<p",
        "<script>",
        "</script>",
        "<col onclick='x'>",
        '<a title="one" TITLE="two">x</a>',
        '<a href="javascript:x">x</a>',
        '<p title="a<b">x</p>',
        "<p title='a>b'>x</p>",
        '<p title="a"class="b">x</p>',
        "<p/title=a>x</p>",
        "<p title=`a`>x</p>",
        "<p title=a/b>x</p>",
        "</p title='a'>",
        "<!-- a -- b -->",
        "<!-->x-->",
        "<!--->x-->",
        "<!-- <b> -->",
        "<!-- a --!>",
        "<!doctype html>",
        "<?php ?>",
    ],
)
def test_not_plain(text: str):
    assert not is_plain(text, VETTER)


@pytest.mark.parametrize(
    "text", ["<div>", "</div>", "</section>", "</main>", "<b>", "<a href=x>", "<td>", "</table>"]
)
def test_a_text_that_reaches_out_of_its_place_makes_another_page(text: str):
    assert page_of(f"x{text}y") != page_of("xy")
    assert clean_content(f"x{text}y") != f"x{text}y"


@pytest.mark.parametrize(
    ("address", "may_link", "may_load"),
    [
        ("https://x.example", True, True),
        ("  ht\ntps://x.example", True, True),
        ("\x01mailto:a@x.example", True, False),
        ("/a:b", True, True),
        ("?a:b", True, True),
        ("a:b", False, False),
        ("java\u200bscript:x", False, False),
        ("javascript&colon;x", False, False),
        ("ftp://x.example", True, False),
        ("gopher://x.example", False, False),
        ("", True, True),
    ],
)
def test_addresses(address: str, may_link: bool, may_load: bool):
    assert (addresses.may_link(address), addresses.may_load(address)) == (may_link, may_load)
