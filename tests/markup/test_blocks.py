"""Block markup: every text is a row of pieces, and the pieces are the text."""

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.markup import blocks
from cms.markup.blocks import Block, Broken, parse, serialize
from tests.support.costs import assert_in_proportion

names = st.sampled_from(["core/paragraph", "core/more", "cms/callout", "a-b/c_d1"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
attributes = st.dictionaries(st.text(), json_values, max_size=3)
html = st.text('ab<>&!- /wp\n"{}', min_size=1, max_size=15).filter(
    lambda text: "<!--" not in text and not text.endswith(("<", "<!", "<!-"))
)


def _with_inner(inner: st.SearchStrategy[blocks.Piece]) -> st.SearchStrategy[Block]:
    return st.builds(Block, names, attributes, st.lists(inner, min_size=1, max_size=3).map(_joined))


def _joined(pieces: list[blocks.Piece]) -> tuple[blocks.Piece, ...]:
    """Texts beside each other are one text to a parser."""
    joined: list[blocks.Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, str) and isinstance(last, str):
            joined[-1] = last + piece
        else:
            joined.append(piece)
    return tuple(joined)


made = st.recursive(
    html | st.builds(Block, names, attributes),
    lambda inner: html | _with_inner(inner),
    max_leaves=8,
)
broken_markup = st.lists(
    st.sampled_from(
        ["<!-- wp:a -->", "<!-- /wp:a -->", "<!-- wp:b/c {\"x\":1} /-->", "<!-- wp:a {", "} -->",
         "<!-- wp:a {} -->", "<!-- /wp:b -->", "<!--wp:a-->", "text", "<!-- /wp:a /-->", "\n",
         "-->", '<!-- wp:d {"x":"} /-->"} -->', "<!-- wp:a {bad} /-->", "<!-- /wp:a {} -->"]
    )
).map("".join)  # fmt: skip


def _bare(pieces: tuple[blocks.Piece, ...]) -> list[object]:
    """What pieces say, without how their delimiters are written."""
    return [
        [piece.name, dict(piece.attributes), _bare(piece.inner)]
        if isinstance(piece, Block)
        else piece
        for piece in pieces
    ]


def test_a_document_becomes_blocks():
    text = (
        '<!-- wp:group {"layout":{"type":"flex"}} -->\n<div><!-- wp:paragraph --><p>x</p>'
        "<!-- /wp:paragraph --></div>\n<!-- /wp:group -->\n\nfree <!-- wp:acme/map /-->"
    )
    group, between, map_ = parse(text)
    assert isinstance(group, Block)
    assert group.name == "core/group"
    assert group.attributes == {"layout": {"type": "flex"}}
    opening, paragraph, closing = group.inner
    assert (opening, closing) == ("\n<div>", "</div>\n")
    assert isinstance(paragraph, Block)
    assert paragraph.inner == ("<p>x</p>",)
    assert between == "\n\nfree "
    assert isinstance(map_, Block)
    assert (map_.name, map_.inner, map_.closer) == ("acme/map", (), "")


@given(st.text() | broken_markup)
def test_any_text_comes_back_byte_for_byte(text: str):
    assert serialize(parse(text)) == text


@given(st.lists(made, max_size=4).map(_joined))
def test_made_blocks_are_read_as_they_were_meant(pieces: tuple[blocks.Piece, ...]):
    written = serialize(pieces)
    assert _bare(parse(written)) == _bare(pieces)
    assert serialize(parse(written)) == written


@given(attributes)
def test_attributes_cannot_leave_their_comment(values: dict[str, object]):
    written = blocks.write_attributes(values)
    assert not any(bad in written for bad in ("--", "<", ">", "&", '\\"'))
    assert written.encode()
    assert json.loads(written) == json.loads(json.dumps(values))


@given(attributes)
def test_escaping_written_attributes_changes_no_value(values: dict[str, object]):
    source = json.dumps(values, ensure_ascii=False, indent=1)
    escaped = blocks.escape_attributes(source)
    assert blocks.is_safe_in_comment(escaped)
    assert json.loads(escaped) == json.loads(source)


def test_attributes_are_written_as_wordpress_writes_them():
    block = Block("core/x", {"a": 'é--<b>&"\\', "url": "https://x/"})
    assert serialize([block]) == (
        '<!-- wp:x {"a":"é\\u002d\\u002d\\u003cb\\u003e\\u0026\\u0022\\u005c",'
        '"url":"https://x/"} /-->'
    )


def test_only_a_changed_block_is_written_anew():
    text = '<!-- wp:a {"x" : 1} -->one<!-- /wp:a --><!--  wp:b  {"y":2}  /-->'
    first, second = parse(text)
    assert isinstance(first, Block)
    changed = first.with_attributes({"x": 2})
    assert serialize([changed, second]) == (
        '<!-- wp:a {"x":2} -->one<!-- /wp:a --><!--  wp:b  {"y":2}  /-->'
    )


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a<!-- wp:x -->b", ["a", Broken("<!-- wp:x -->b")]),
        ("a<!-- /wp:x -->b", ["a", Broken("<!-- /wp:x -->b")]),
        (
            "a<!-- wp:x --><!-- wp:y --><!-- /wp:x --><!-- /wp:y -->",
            ["a", Broken("<!-- wp:x --><!-- wp:y --><!-- /wp:x --><!-- /wp:y -->")],
        ),
        ("<!-- wp:x {bad} /-->", [["core/x", {}, []]]),
        ('<!-- wp:x ["list"] /-->', ['<!-- wp:x ["list"] /-->']),
        ('<!-- wp:x {"n":NaN} /-->', [["core/x", {}, []]]),
        ("<!--wp:x--><!-- wp:X /-->", ["<!--wp:x--><!-- wp:X /-->"]),
        ('<!-- wp:x {"a":"} --"} /-->', [["core/x", {"a": "} --"}, []]]),
    ],
)
def test_what_does_not_fit_is_kept_apart(text: str, pieces: list[object]):
    assert _bare(parse(text)) == pieces


def test_depth_and_length_are_the_authors_to_choose():
    deep = "<!-- wp:a -->" * 5_000 + "<!-- /wp:a -->" * 5_000
    assert serialize(parse(deep)) == deep
    nested = '<!-- wp:a {"a":' + "[" * 50_000 + "]" * 50_000 + "} /-->"
    assert serialize(parse(nested)) == nested


def test_reading_takes_time_linear_in_the_text():
    assert_in_proportion(lambda times: partial(parse, "<!-- wp:a {" * times), 400_000)
