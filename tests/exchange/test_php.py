"""PHP's serialize(): what we write we read again, and nothing ever becomes an object."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.exchange.errors import PhpFault
from cms.exchange.php import MOST_DEPTH, looks_serialized, serialize, unserialize

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
)
KEYS = st.integers(-(2**40), 2**40) | st.text()


def _is_no_list(found: dict) -> bool:
    return list(found) != list(range(len(found)))


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5).filter(_is_no_list)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_again(value):
    assert unserialize(serialize(value)) == value
    assert looks_serialized(serialize(value))


@given(st.text())
def test_any_text_is_a_value_or_a_fault(text):
    for given_text in (text, f"a:1:{{{text}}}", f's:3:"{text}";'):
        with suppress(PhpFault):
            unserialize(given_text)


@given(VALUES, st.integers(0, 400), st.binary(min_size=1, max_size=1))
def test_a_damaged_value_never_ends_in_another_error(value, at, byte):
    raw = serialize(value).encode("utf-8", "surrogatepass")
    damaged = raw[:at] + byte + raw[at + 1 :]
    with suppress(PhpFault):
        unserialize(damaged.decode("utf-8", "replace"))


def test_the_length_of_a_string_counts_bytes():
    assert unserialize('s:7:"cabeça";') == "cabeça"
    assert unserialize('a:2:{s:4:"dose";i:5;i:0;d:0.5;}') == {"dose": 5, 0: 0.5}
    with pytest.raises(PhpFault, match="length of 6 bytes"):
        unserialize('s:6:"cabeça";')


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('O:8:"stdClass":0:{}', "an object"),
        ('a:1:{i:0;O:8:"stdClass":0:{}}', "an object"),
        ('C:11:"ArrayObject":2:{{}}', "an object"),
        ("a:2:{i:0;i:1;i:1;R:2;}", "a reference"),
        ('E:11:"Suit:Hearts";', "an enumeration"),
        ("i:1;i:2;", "after its end"),
        ("a:99999999:{", "more than"),
        ("s:99999999999:", "a length"),
        ("i:٣;", "number"),
        ("", "broken"),
        ("a:1:{i:0;" * 50 + "N;" + "}" * 50, f"deeper than {MOST_DEPTH}"),
    ],
)
def test_what_is_never_read_is_named(written, said):
    with pytest.raises(PhpFault, match=said):
        unserialize(written)


@pytest.mark.parametrize("plain", ["", "Dor", "a: uma lista", "s", "O que é?", "i:"])
def test_ordinary_texts_do_not_look_serialized(plain):
    assert not looks_serialized(plain)
