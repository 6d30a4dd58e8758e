"""The argument table: types, bounds, words of the faults, and PHP's way of writing lists."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.rest.arguments import check, query_values
from cms.rest.errors import RestError, shape
from cms.rest.post_arguments import LIST, WRITE

TABLE = {
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "per_page": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
    "weight": {"type": "integer", "maximum": 9},
    "sticky": {"type": "boolean"},
    "order": {"type": "string", "enum": ["asc", "desc"]},
    "one": {"type": "string", "enum": ["only"]},
    "level": {"type": ["string", "null"], "enum": ["I", "II", None]},
    "status": {"type": "string", "enum": ["a", "b", "c"]},
    "after": {"type": "string", "format": "date-time"},
    "ids": {"type": "array", "items": {"type": "integer"}},
    "names": {"type": "array", "items": {"type": "string"}},
    "title": {"type": "text"},
    "date": {"type": ["string", "null"], "format": "date-time"},
    "short": {"type": "string", "maxLength": 3},
    "code": {"type": "string", "pattern": "[a-z]+", "accepted": "lower-case letters"},
    "terms": {
        "type": "object",
        "properties": {
            "terms": {"type": "array", "items": {"type": "integer"}},
            "operator": {"type": "string", "enum": ["AND", "OR"], "default": "OR"},
        },
    },
}

ACCEPTED = [
    ("page", "7", 7),
    ("page", 7, 7),
    ("page", 7.0, 7),
    ("page", " 7 ", 7),
    ("page", "7.0", 7),
    ("weight", "-3", -3),
    ("sticky", "1", True),
    ("sticky", "FALSE", False),
    ("sticky", "", False),
    ("sticky", True, True),
    ("sticky", 0, False),
    ("order", "asc", "asc"),
    ("after", "2024-02-29", "2024-02-29"),
    ("after", "2024-02-29T10:00:00", "2024-02-29T10:00:00"),
    ("after", "2024-02-29T10:00:00Z", "2024-02-29T10:00:00Z"),
    ("after", "2024-02-29T10:00:00-03:00", "2024-02-29T10:00:00-03:00"),
    ("ids", "1,2", [1, 2]),
    ("ids", "1, 2 3,", [1, 2, 3]),
    ("ids", "", []),
    ("ids", ["1", 2], [1, 2]),
    ("ids", 5, [5]),
    ("names", "a,b", ["a", "b"]),
    ("title", "x", "x"),
    ("title", {"raw": "x", "rendered": "y"}, "x"),
    ("title", {}, ""),
    ("date", None, None),
    ("date", "", None),
    ("terms", {"terms": "1,2"}, {"terms": [1, 2], "operator": "OR"}),
    ("terms", {"terms": ["4"], "operator": "AND"}, {"terms": [4], "operator": "AND"}),
]

BETWEEN = "per_page must be between 1 (inclusive) and 100 (inclusive)"
REFUSED = [
    ("page", "0", "rest_out_of_bounds", "page must be greater than or equal to 1"),
    ("per_page", "101", "rest_out_of_bounds", BETWEEN),
    ("per_page", "9" * 600, "rest_out_of_bounds", BETWEEN),
    ("weight", 10, "rest_out_of_bounds", "weight must be less than or equal to 9"),
    ("weight", -(2**53) - 1, "rest_invalid_type", "weight is not of type integer."),
    ("page", "x", "rest_invalid_type", "page is not of type integer."),
    ("page", "1_000", "rest_invalid_type", "page is not of type integer."),
    ("page", "٣", "rest_invalid_type", "page is not of type integer."),
    ("page", 1.5, "rest_invalid_type", "page is not of type integer."),
    ("page", True, "rest_invalid_type", "page is not of type integer."),
    ("page", None, "rest_invalid_type", "page is not of type integer."),
    ("page", ["1"], "rest_invalid_type", "page is not of type integer."),
    ("sticky", "maybe", "rest_invalid_type", "sticky is not of type boolean."),
    ("sticky", 2, "rest_invalid_type", "sticky is not of type boolean."),
    ("one", "x", "rest_not_in_enum", "one is not one of only."),
    ("level", "IX", "rest_not_in_enum", "level is not one of I and II, or null."),
    ("order", "up", "rest_not_in_enum", "order is not one of asc and desc."),
    ("status", "d", "rest_not_in_enum", "status is not one of a, b, and c."),
    ("order", {"a": "asc"}, "rest_invalid_type", "order is not of type string."),
    ("after", "yesterday", "rest_invalid_date", "Invalid date."),
    ("after", "2024-02-30", "rest_invalid_date", "Invalid date."),
    ("after", "0001-01-01T00:00:00+14:00", "rest_invalid_date", "Invalid date."),
    ("after", "9999-12-31T23:59:59-12:00", "rest_invalid_date", "Invalid date."),
    ("date", "zz", "rest_invalid_date", "Invalid date."),
    ("ids", "1,x", "rest_invalid_type", "ids[1] is not of type integer."),
    ("ids", {"a": 1}, "rest_invalid_type", "ids is not of type array."),
    ("ids", list(range(101)), "rest_too_many_items", "ids must contain at most 100 items."),
    ("names", [["x"]], "rest_invalid_type", "names[0] is not of type string."),
    ("title", ["x"], "rest_invalid_type", "title is not of type string."),
    ("title", {"raw": ["x"]}, "rest_invalid_type", "title is not of type string."),
    ("title", "a\0b", "rest_invalid_pattern", "title must not hold a NUL character."),
    ("short", "abcd", "rest_too_long", "short must be at most 3 characters long."),
    ("code", "A", "rest_invalid_pattern", "code must look like lower-case letters."),
    ("terms", {"operator": "XOR"}, "rest_not_in_enum", "terms[operator] is not one of AND and OR."),
    ("terms", "1", "rest_invalid_type", "terms is not of type object."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "wanted"), ACCEPTED)
def test_values_are_taken_in_their_type(name, value, wanted):
    taken = check({name: value}, TABLE)[name]
    assert (taken, type(taken)) == (wanted, type(wanted))


@pytest.mark.parametrize(("name", "value", "code", "message"), REFUSED)
def test_values_are_refused_in_words_of_wordpress(name, value, code, message):
    status, body = refusal({name: value})
    assert (status, body["code"]) == (400, "rest_invalid_param")
    assert body["message"] == f"Invalid parameter(s): {name}"
    assert body["data"]["params"] == {name: message}
    assert body["data"]["details"][name]["code"] == code


@pytest.mark.parametrize("name", ["page", "sticky", "short", "title", "ids", "terms", "date"])
def test_a_number_that_python_would_not_write_out_is_refused(name):
    status, body = refusal({name: 10**5000})
    assert (status, list(body["data"]["params"])) == (400, [name])


def refusal(given):
    with pytest.raises(RestError) as refused:
        check(given, TABLE)
    return shape(refused.value, is_anonymous=True)


def test_every_fault_is_told_at_once_in_the_order_of_the_table():
    _, body = refusal({"order": "up", "per_page": "x", "after": "no", "page": 3})
    assert body["message"] == "Invalid parameter(s): per_page, order, after"
    assert list(body["data"]["params"]) == ["per_page", "order", "after"]


def test_defaults_stand_in_and_unknown_arguments_are_ignored():
    assert check({"zz": "1"}, TABLE) == {"page": 1, "per_page": 10}


def test_everything_required_that_is_missing_is_named():
    table = {name: {"type": "string", "required": True} for name in ("name", "reassign")}
    with pytest.raises(RestError) as refused:
        check({"other": 1}, table)
    status, body = shape(refused.value, is_anonymous=False)
    assert (status, body["code"]) == (400, "rest_missing_callback_param")
    assert body["message"] == "Missing parameter(s): name, reassign"
    assert body["data"]["params"] == ["name", "reassign"]


def test_a_default_is_never_shared_between_requests():
    check({}, LIST)["include"].append(1)
    assert check({}, LIST)["include"] == []


QUERIES = [
    ([("a", "1"), ("a", "2")], {"a": "2"}),
    ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
    ([("a[0]", "1"), ("a[1]", "2")], {"a": ["1", "2"]}),
    ([("a[terms]", "1,2"), ("a[operator]", "AND")], {"a": {"terms": "1,2", "operator": "AND"}}),
    ([("a", "1"), ("a[]", "2")], {"a": ["2"]}),
    ([("a[x]", "1"), ("a", "2")], {"a": "2"}),
    ([("a[", "1")], {"a": "1"}),
]


@pytest.mark.parametrize(("pairs", "wanted"), QUERIES)
def test_a_query_is_read_as_php_reads_it(pairs, wanted):
    assert query_values(pairs) == wanted


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted({*TABLE, *LIST, *WRITE})


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=5))
def test_whatever_comes_is_taken_or_refused_by_name(given_values):
    for table in (TABLE, LIST, WRITE):
        try:
            named = set(check(given_values, table))
        except RestError as error:
            named = set(error.facts["params"])
        assert named <= set(table)


@given(st.lists(st.tuples(st.text(string.ascii_letters + "[]0", max_size=8), st.text(max_size=5))))
def test_no_query_confuses_the_reader(pairs):
    assert all(isinstance(name, str) for name in query_values(pairs))


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ([("a[b][c]", "1"), ("a[b][d]", "2")], {"a": {"b": {"c": "1", "d": "2"}}}),
        ([("a[0][u]", "mg"), ("a[1][u]", "g")], {"a": [{"u": "mg"}, {"u": "g"}]}),
        ([("a[][u]", "mg"), ("a[][u]", "g")], {"a": [{"u": "mg"}, {"u": "g"}]}),
        ([("a[3]", "x"), ("a[7]", "y")], {"a": ["x", "y"]}),
        ([("a[b][]", "1"), ("a[b][]", "2")], {"a": {"b": ["1", "2"]}}),
        ([("a", "1"), ("a[b]", "2")], {"a": {"b": "2"}}),
        ([("a[b]", "2"), ("a", "1")], {"a": "1"}),
        ([("a" + "[b]" * 65, "1")], {}),
    ],
)
def test_brackets_nest_as_in_php(pairs, wanted):
    assert query_values(pairs) == wanted


def test_a_name_of_many_brackets_is_no_work():
    deep = [("a" + "[]" * 64, "1")] * 2000
    assert len(query_values(deep)["a"]) == 2000
