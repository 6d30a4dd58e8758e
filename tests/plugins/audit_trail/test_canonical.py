"""One value, one byte string: the JCS profile of the audit trail against an independent writer."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.audit_trail.hashing.canonical import (
    DEEPEST_NESTING,
    LARGEST_INTEGER,
    NotCanonical,
    canonical_bytes,
    timestamp,
)

same_every_time = settings(derandomize=True, deadline=None, database=None, max_examples=300)

keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-LARGEST_INTEGER, LARGEST_INTEGER), texts)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=20,
)


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


@same_every_time
@given(values)
def test_the_bytes_are_those_of_rfc8785(value):
    assert canonical_bytes(value) == rfc8785.dumps(value)


@same_every_time
@given(st.dictionaries(keys, scalars, min_size=2))
def test_the_order_in_which_keys_were_written_does_not_matter(value):
    assert canonical_bytes(dict(reversed(value.items()))) == canonical_bytes(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a_b": 2, "a": 3, "a1": 4}, b'{"a":3,"a1":4,"a_b":2,"b":1}'),
        ({"a": '\x01\b\t\n\f\r\x1f\x7f/\\"'}, rb'{"a":"\u0001\b\t\n\f\r\u001f' b'\x7f/\\\\\\""}'),
        ({"a": "ç €\u2028\U0001f600"}, '{"a":"ç €\u2028\U0001f600"}'.encode()),
        ({"a": "\\u0000"}, rb'{"a":"\\u0000"}'),
        ([True, False, None, 0, -1, {}, []], b"[true,false,null,0,-1,{},[]]"),
        (LARGEST_INTEGER, b"9007199254740991"),
    ],
)
def test_known_spellings(value, written):
    assert canonical_bytes(value) == written


@pytest.mark.parametrize(
    ("value", "path", "fault"),
    [
        ({"detail": {"dose": 1.5}}, "$.detail.dose", "float"),
        ({"a": [0, {"b": float("nan")}]}, "$.a[1].b", "float"),
        ({"a": {"n": 2**53}}, "$.a.n", "2^53-1"),
        ({"a": -(2**53)}, "$.a", "2^53-1"),
        ({"a": ["x", "nul\0"]}, "$.a[1]", "U+0000"),
        ({"a": {"b": "ção" + "\ud800"}}, "$.a.b", "surrogate"),
        ({"a": {"b": "c\u0327"}}, "$.a.b", "NFC"),
        ({"a": {"B": 1}}, "$.a", "'B' is no key"),
        ({"a": {"é": 1}}, "$.a", "'é' is no key"),
        ({"a": {"_b": 1}}, "$.a", "'_b' is no key"),
        ({"a": {"b\n": 1}}, "$.a", "is no key"),
        ({"a": {"": 1}}, "$.a", "'' is no key"),
        ({"a": {1: 1}}, "$.a", "1 is no key"),
        ({"a": {Colour.RED: 1}}, "$.a", "is no key"),
        ({"a": Colour.RED}, "$.a", "Colour"),
        ({"a": Level.LOW}, "$.a", "Level"),
        ({"a": datetime(2026, 1, 1, tzinfo=UTC)}, "$.a", "timestamp()"),
        ({"a": Decimal("1.0")}, "$.a", "Decimal"),
        ({"a": b"bytes"}, "$.a", "bytes"),
        ({"a": (1, 2)}, "$.a", "tuple"),
        ({"a": {1, 2}}, "$.a", "set"),
        (object(), "$", "object"),
    ],
)
def test_what_breaks_the_profile_is_named_with_its_path(value, path, fault):
    with pytest.raises(NotCanonical, match=re.escape(fault)) as refusal:
        canonical_bytes(value)
    assert refusal.value.path == path


def test_a_value_that_holds_itself_is_refused():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(NotCanonical, match="nested deeper"):
        canonical_bytes(endless)


def test_the_deepest_allowed_nesting_is_written():
    value: object = "core"
    for _ in range(DEEPEST_NESTING):
        value = [value]
    assert canonical_bytes(value) == rfc8785.dumps(value)
    with pytest.raises(NotCanonical, match="nested deeper"):
        canonical_bytes([value])


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 6, UTC), "2026-01-02T03:04:05.000006Z"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00.000000Z"),
        (
            datetime(2025, 12, 31, 22, 30, tzinfo=timezone(timedelta(hours=-3))),
            "2026-01-01T01:30:00.000000Z",
        ),
        (
            datetime(2026, 1, 1, tzinfo=timezone(timedelta(microseconds=1))),
            "2025-12-31T23:59:59.999999Z",
        ),
        (datetime(987, 6, 5, tzinfo=UTC), "0987-06-05T00:00:00.000000Z"),
    ],
)
def test_a_moment_is_written_in_utc_with_six_digits(moment, written):
    assert timestamp(moment) == written


@same_every_time
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_reads_back_as_itself(moment):
    assert datetime.fromisoformat(timestamp(moment)) == moment


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 1),  # noqa: DTZ001 -- the fault under test
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3))),
    ],
)
def test_a_moment_without_a_place_in_utc_is_refused(moment):
    with pytest.raises(NotCanonical):
        timestamp(moment)
