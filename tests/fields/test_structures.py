"""Groups, repeaters and flexible content: their values, faults, forms, schemas and words."""

from functools import partial
from typing import Any

import pytest

from cms.fields.faults import MOST_FAULTS, InvalidFields
from cms.fields.type import MOST_ROWS
from tests.fields.building import (
    SHOWING,
    TYPES,
    faults,
    field,
    fields_of,
    group,
    layout,
    light,
    take,
    typed,
)
from tests.support.costs import A_MOMENT, MOST, seconds

DOSES = field(
    "repeater",
    "doses",
    min=1,
    max=3,
    sub_fields=[
        field("text", "unit", required=1, maxlength=4),
        field("number", "amount", min=0),
        field("group", "times", sub_fields=[field("number", "hour", max=23)]),
    ],
)
BODY = field(
    "flexible_content",
    "body",
    max=4,
    layouts=[
        layout("quote", field("text", "words"), max=2),
        layout("dose", field("number", "amount"), min=1),
    ],
)
SEO = field("group", "seo", sub_fields=[field("text", "title"), field("text", "robots")])
FIELDS = fields_of(group(DOSES, BODY, SEO))


def test_values_hold_only_what_has_a_value() -> None:
    given = {
        "doses": [{"unit": "mg", "amount": "2.5", "times": {"hour": 8}, "unknown": 1}],
        "body": [{"acf_fc_layout": "dose", "amount": 1}, {"acf_fc_layout": "quote", "words": ""}],
        "seo": {"title": "Dor"},
    }
    values = take(FIELDS, given)
    assert values == {
        "doses": [{"unit": "mg", "amount": 2.5, "times": {"hour": 8}}],
        "body": [{"acf_fc_layout": "dose", "amount": 1}, {"acf_fc_layout": "quote"}],
        "seo": {"title": "Dor"},
    }
    assert take(FIELDS, values, values) == values


def test_a_group_merges_and_rows_are_replaced() -> None:
    before = take(
        FIELDS, {"seo": {"title": "Dor", "robots": "all"}, "doses": [{"unit": "a"}, {"unit": "b"}]}
    )
    after = take(FIELDS, {"seo": {"title": None}, "doses": [{"unit": "c"}]}, before)
    assert after == {"seo": {"robots": "all"}, "doses": [{"unit": "c"}]}
    assert take(FIELDS, {"seo": {"robots": ""}}, after) == {"doses": [{"unit": "c"}]}
    assert take(FIELDS, {"seo": None, "doses": False}, before) == {}


def test_each_fault_names_its_place_and_rule() -> None:
    given = {
        "doses": [{"unit": "grams"}, 7, {"unit": "mg", "times": {"hour": 24}}],
        "body": [{"acf_fc_layout": "letter"}, {"words": "x"}, {"acf_fc_layout": "quote"}],
        "seo": "title",
    }
    assert faults(FIELDS, given) == [
        ("doses[0].unit", "maxlength"),
        ("doses[1]", "type"),
        ("doses[2].times.hour", "max"),
        ("body[0].acf_fc_layout", "enum"),
        ("body[1].acf_fc_layout", "enum"),
        ("body", "min"),
        ("seo", "type"),
    ]


def test_a_new_row_has_what_is_required_and_a_known_one_may_stay() -> None:
    assert faults(FIELDS, {"doses": [{"unit": "mg"}, {"amount": 1}]}) == [
        ("doses[1].unit", "required")
    ]
    # The group has become stricter since the row was written.
    old = {"doses": [{"amount": 1}]}
    assert faults(FIELDS, {"doses": [{"amount": 1}]}, old) == []
    assert faults(FIELDS, {"doses": [{"amount": 2}]}, old) == [("doses[0].unit", "required")]


def test_the_numbers_of_rows_are_bounded_by_field_and_by_layout() -> None:
    mg = {"unit": "mg"}
    assert faults(FIELDS, {"doses": [mg] * 4}) == [("doses", "max")]
    dose, quote = {"acf_fc_layout": "dose"}, {"acf_fc_layout": "quote"}
    assert faults(FIELDS, {"body": [dose, *[quote] * 3]}) == [("body", "max")]
    assert faults(FIELDS, {"body": [quote]}) == [("body", "min")]
    two = fields_of(group(field("repeater", "rows", min=2, sub_fields=[field("text", "a")])))
    assert faults(two, {"rows": [{"a": "x"}]}) == [("rows", "min")]
    # No row at all is no value: what must be there is asked for when it is published.
    assert faults(two, {"rows": []}) == []


def test_the_forms_of_nothing() -> None:
    assert light(FIELDS, {}) == {
        "doses": False,
        "body": False,
        "seo": {"title": "", "robots": ""},
    }
    assert typed(FIELDS, {}) == {"doses": [], "body": [], "seo": {"title": None, "robots": None}}
    repeater = FIELDS["doses"][0]
    assert TYPES["repeater"].standard(repeater, None, SHOWING) is False


def test_the_forms_of_values_name_every_field() -> None:
    values = {"doses": [{"amount": 2}], "body": [{"acf_fc_layout": "quote"}]}
    assert light(FIELDS, values)["doses"] == [{"unit": "", "amount": 2, "times": {"hour": None}}]
    assert light(FIELDS, values)["body"] == [{"acf_fc_layout": "quote", "words": ""}]
    repeater = FIELDS["doses"][0]
    standard = TYPES["repeater"].standard(repeater, values["doses"], SHOWING)
    assert standard == [{"unit": "", "amount": "2", "times": {"hour": ""}}]


def test_a_row_whose_layout_is_gone_is_not_shown() -> None:
    body = FIELDS["body"][0]
    rows = [{"acf_fc_layout": "gone", "words": "x"}, {"acf_fc_layout": "quote", "words": "y"}]
    kind = TYPES["flexible_content"]
    assert kind.light(body, rows, SHOWING) == [{"acf_fc_layout": "quote", "words": "y"}]
    assert list(kind.words(body, rows, TYPES)) == ["y"]


def test_schemas_words_and_what_filters_compare() -> None:
    schema = TYPES["repeater"].schema(FIELDS["doses"][0], TYPES)
    assert schema["minItems"] == 1
    assert schema["maxItems"] == 3
    assert list(schema["items"]["properties"]) == ["unit", "amount", "times"]
    of_body = TYPES["flexible_content"].schema(FIELDS["body"][0], TYPES)
    enums = [one["properties"]["acf_fc_layout"]["enum"] for one in of_body["items"]["oneOf"]]
    assert enums == [["quote"], ["dose"]]
    values = take(FIELDS, {"doses": [{"unit": "mg", "amount": 2, "times": {"hour": 8}}]})
    doses = FIELDS["doses"][0]
    assert list(TYPES["repeater"].words(doses, values["doses"], TYPES)) == ["mg"]
    assert list(TYPES["repeater"].indexed(doses, values["doses"], TYPES)) == [
        ("doses.unit", "mg"),
        ("doses.amount", 2.0),
        ("doses.times.hour", 8.0),
    ]


def test_ten_thousand_rows_are_taken_and_more_are_refused_at_once() -> None:
    fields = fields_of(
        group(
            field(
                "repeater",
                "rows",
                sub_fields=[field("text", "a", required=1), field("repeater", "b", sub_fields=[])],
            )
        )
    )
    whole = {"rows": [{"a": str(i)} for i in range(MOST_ROWS)]}
    assert len(take(fields, whole)["rows"]) == MOST_ROWS
    assert faults(fields, {"rows": [{"a": "x"}] * (MOST_ROWS + 1)}) == [("rows", "max")]
    nested = {"rows": [{"a": "x", "b": [{}] * MOST_ROWS}] * MOST_ROWS}
    assert ("rows[0].b", "max") in faults(fields, nested)
    taking = seconds(partial(take, fields, whole))
    assert seconds(partial(faults, fields, nested)) < MOST * taking + A_MOMENT
    two = fields_of(group(*(field("repeater", name, sub_fields=[]) for name in "ab")))
    stored = take(two, {"a": [{}] * (MOST_ROWS - 1)})
    assert faults(two, {"b": [{}]}, stored) == []
    assert faults(two, {"b": [{}, {}]}, stored) == [("b", "max")]


def test_after_a_hundred_faults_the_others_are_counted() -> None:
    with pytest.raises(InvalidFields) as refused:
        take(fields_of(group({**DOSES, "max": 0})), {"doses": [3] * 5000})
    assert len(refused.value.fields) == MOST_FAULTS
    assert refused.value.faults["acf"] == "4900 more values are refused"


def test_nesting_twenty_deep_is_handled() -> None:
    inner: dict[str, Any] = field("text", "word")
    value: Any = {"word": "x"}
    for depth in range(19):
        inner = field("repeater", f"level{depth}", sub_fields=[inner])
        value = {f"level{depth}": [value]}
    fields = fields_of(group(inner))
    stored = take(fields, value)
    assert stored == value
    assert take(fields, light(fields, stored), stored) == stored


def test_a_form_knows_what_stands_inside() -> None:
    doses, body, seo = (one for one, _ in FIELDS.values())
    rows = TYPES["repeater"].widget(doses)
    assert (rows["control"], rows["min"], rows["max"], rows["label"]) == ("rows", 1, 3, "Doses")
    assert rows["fields"] == [one.key for one in doses.sub_fields]
    layouts = TYPES["flexible_content"].widget(body)["layouts"]
    assert [(one["name"], one["min"], one["max"]) for one in layouts] == [
        ("quote", 0, 2),
        ("dose", 1, 0),
    ]
    held = TYPES["group"].widget(seo)
    assert (held["control"], held["layout"]) == ("group", "block")
