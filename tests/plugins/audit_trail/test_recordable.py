"""Any difference that content can have is recordable, and long texts do not enter the log."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from plugins.audit_trail.hashing.canonical import canonical_bytes
from plugins.audit_trail.writing.recordable import DEEPEST, LARGEST_VALUE, state_of

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | ANY_TEXT
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals()
    | st.uuids()
    | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(ANY_TEXT, ANYTHING, max_size=5))
def test_every_state_has_a_canonical_form(values):
    assert len(canonical_bytes(state_of(values))) < 6 * LARGEST_VALUE


def test_plain_states_stay_what_they_are():
    values = {"title": "Dor de cabeça", "terms": {"category": [1, 2]}, "sticky": True, "n": None}
    assert state_of(values) == values
    assert state_of(None) is None


def test_a_long_text_stands_as_its_length_and_digest():
    content = "<p>á</p>" * 500
    assert state_of({"content": content}) == {
        "content": {"sha256": sha256(content.encode()).hexdigest(), "length": len(content)}
    }


def test_foreign_keys_are_listed():
    assert state_of({"meta": {"_Price": 1.5, "a": 1}}) == {
        "meta": {"entries": [{"key": "_Price", "value": "1.5"}, {"key": "a", "value": 1}]}
    }
    assert state_of({"Título": "x"}) == {"entries": [{"key": "Título", "value": "x"}]}


def test_python_values_are_said_in_words():
    class Status(StrEnum):
        DRAFT = "draft"

    values = {
        "at": datetime(2026, 11, 20, 12, tzinfo=UTC),
        "id": UUID(int=5),
        "price": Decimal("1.10"),
        "status": Status.DRAFT,
        "large": 2**60,
        "set": frozenset({1}),
    }
    assert state_of(values) == {
        "at": "2026-11-20T12:00:00Z",
        "id": "00000000-0000-0000-0000-000000000005",
        "price": "1.10",
        "status": "draft",
        "large": "1152921504606846976",
        "set": [1],
    }


def test_what_cannot_be_written_is_marked_not_dropped():
    assert state_of({"a": "x\0y", "b": "e\u0301", "c": "\ud800"}) == {
        "a": "x\ufffdy",
        "b": "\u00e9",
        "c": "\ufffd",
    }


def test_a_state_cannot_fill_the_log():
    deep: object = "x"
    for _ in range(DEEPEST + 10):
        deep = [deep]
    state = state_of({"deep": deep, "wide": list(range(20_000))})
    assert set(state["wide"]) == {"sha256", "length"}
    assert len(canonical_bytes(state)) < 1000
