"""Conditional logic on the server: every operator, every place, and what becomes of the hidden."""

from typing import Any

import pytest

from cms.fields.conditions import PATTERN_SECONDS, Patterns, holds
from cms.fields.settling import missing
from tests.fields.building import faults, field, fields_of, group, layout, light, rule, take
from tests.support.costs import seconds


@pytest.mark.parametrize(
    ("kind", "value", "operator", "wanted", "is_so"),
    [
        ("text", "mg", "!=empty", "", True),
        ("text", None, "!=empty", "", False),
        ("number", 0, "!=empty", "", True),
        ("true_false", False, "==empty", "", True),
        ("checkbox", [], "==empty", "", True),
        ("text", "MG", "==", "mg", True),
        ("text", "mg", "!=", "mg", False),
        ("text", None, "==", "", True),
        ("number", 5, "==", "5", True),
        ("number", 5.0, "==", "5", True),
        ("text", "5.0", "==", "5", True),
        ("number", None, "==", "0", False),
        ("true_false", True, "==", "1", True),
        ("true_false", None, "!=", "1", True),
        ("true_false", True, "==", 1, True),
        ("select", "a", "==", "a", True),
        ("checkbox", ["a", "b"], "==", "b", True),
        ("checkbox", ["a", "b"], "!=", "b", False),
        ("checkbox", ["a", "b"], "==contains", "b", True),
        ("text", "10 mg", "==contains", "mg", True),
        ("text", "10 mg", "==contains", "ml", False),
        ("text", "10 mg", "==pattern", r"^\d+ m", True),
        ("text", "ten", "==pattern", r"^\d+", False),
        ("text", "ten", "!=pattern", r"^\d+", True),
        ("text", "ten", "==pattern", "(", False),
        ("number", 5, ">", "4", True),
        ("number", 5, "<", "4", False),
        ("number", None, "<", "4", False),
        ("text", "7", ">", "4", True),
        ("checkbox", ["a", "b"], ">", "1", True),
        ("select", "a", "<", "2", True),
        ("relationship", [3, 4], ">", 1, True),
        ("relationship", [3, 4], "==", "3", False),
        ("relationship", [3], "==", "3", True),
        ("relationship", [3, 4], "!==", "3", True),
        ("relationship", [3, 4], "==contains", "4", True),
        ("taxonomy", [3, 4], "!=contains", "4", False),
        ("post_object", 3, "==", "3", True),
        ("post_object", 3, "==contains", "3", True),
        ("user", None, "==empty", "", True),
        ("date_picker", "2026-11-21", "==", "20261121", True),
        ("date_picker", "2026-11-21", ">", "20261120", True),
        ("date_time_picker", "2026-11-21T08:00:00", "<", "2026-11-21 09:00:00", True),
        ("time_picker", None, ">", "08:00:00", False),
        ("text", "x", "==later", "y", True),
    ],
)
def test_operators(kind: str, value: Any, operator: str, wanted: Any, is_so: bool) -> None:
    assert holds(kind, value, operator, wanted, Patterns()) is is_so


def test_a_pattern_never_holds_the_server_up() -> None:
    def walk() -> None:
        patterns = Patterns()
        for _ in range(1000):
            assert not patterns.matches("(a+)+$", "a" * 5000 + "b")

    assert seconds(walk) < 4 * PATTERN_SECONDS


KIND = field("text", "kind", "field_kind")
DOSE = field(
    "number",
    "dose",
    "field_dose",
    required=1,
    min=1,
    conditional_logic=rule("field_kind", "==", "drug"),
)
FIELDS = fields_of(group(KIND, DOSE))


def test_what_is_hidden_is_not_saved_and_stays_as_it_was() -> None:
    assert take(FIELDS, {"kind": "drug", "dose": 5}) == {"kind": "drug", "dose": 5}
    assert take(FIELDS, {"kind": "food", "dose": 5}) == {"kind": "food"}
    before = {"kind": "drug", "dose": 5}
    assert take(FIELDS, {"kind": "food", "dose": 9}, before) == {"kind": "food", "dose": 5}
    assert take(FIELDS, {"kind": "food", "dose": None}, before) == {"kind": "food", "dose": 5}


def test_what_is_sent_for_a_hidden_field_is_still_looked_at() -> None:
    assert faults(FIELDS, {"kind": "food", "dose": 0}) == [("dose", "min")]


def test_a_required_value_can_be_taken_away_only_together_with_its_field() -> None:
    before = {"kind": "drug", "dose": 5}
    assert faults(FIELDS, {"dose": None}, before) == [("dose", "required")]
    assert faults(FIELDS, {"dose": None, "kind": "food"}, before) == []
    # Who sends back what was empty takes nothing away.
    assert faults(FIELDS, {"kind": "drug", "dose": None}) == []


def test_alternatives_of_rules_that_all_hold() -> None:
    logic = [
        [{"field": "field_kind", "operator": "==", "value": "a"}],
        [
            {"field": "field_kind", "operator": "!=empty"},
            {"field": "field_more", "operator": "==", "value": "yes"},
        ],
    ]
    fields = fields_of(
        group(
            KIND, field("text", "more", "field_more"), field("text", "x", conditional_logic=logic)
        )
    )
    assert "x" in take(fields, {"kind": "a", "x": "1"})
    assert "x" in take(fields, {"kind": "b", "more": "yes", "x": "1"})
    assert "x" not in take(fields, {"more": "yes", "x": "1"})
    assert "x" not in take(fields, {"kind": "b", "x": "1"})


def test_a_rule_about_a_field_that_is_not_there_is_no_rule() -> None:
    fields = fields_of(group(field("text", "x", conditional_logic=rule("field_gone", "==", "1"))))
    assert take(fields, {"x": "1"}) == {"x": "1"}


ROWS = field(
    "repeater",
    "rows",
    sub_fields=[
        field("text", "mode", "field_mode"),
        field("text", "beside", required=1, conditional_logic=rule("field_mode", "==", "on")),
        field("text", "around", conditional_logic=rule("field_kind", "==", "drug")),
        field(
            "group",
            "inner",
            sub_fields=[
                field("text", "deep", required=1, conditional_logic=rule("field_mode", "==", "on"))
            ],
        ),
    ],
)
IN_ROWS = fields_of(group(KIND, ROWS))


def test_rules_speak_of_fields_beside_and_around() -> None:
    row = {"mode": "off", "beside": "b", "around": "a", "inner": {"deep": "d"}}
    assert take(IN_ROWS, {"kind": "food", "rows": [row]})["rows"] == [{"mode": "off"}]
    shown = {**row, "mode": "on"}
    assert take(IN_ROWS, {"kind": "drug", "rows": [shown]})["rows"] == [shown]
    assert faults(IN_ROWS, {"rows": [{"mode": "off"}, {"mode": "on"}]}) == [
        ("rows[1].beside", "required"),
        ("rows[1].inner.deep", "required"),
    ]


def test_what_a_row_hides_stays_only_in_its_place() -> None:
    rows = [{"mode": "x", "around": "a"}, {"mode": "y", "around": "b"}]
    before = {"kind": "food", "rows": rows}
    back = light(IN_ROWS, before)
    assert take(IN_ROWS, back, before) == before
    turned = take(IN_ROWS, {"rows": back["rows"][::-1]}, before)
    assert turned["rows"] == [{"mode": "y"}, {"mode": "x"}]


def test_a_group_that_is_hidden_hides_all_inside() -> None:
    inner = field("text", "unit", required=1)
    logic = rule("field_kind", "==", "drug")
    fields = fields_of(
        group(KIND, field("group", "g", sub_fields=[inner], conditional_logic=logic))
    )
    kept = [one for one, _ in fields.values()]
    assert take(fields, {"kind": "food", "g": {"unit": "mg"}}) == {"kind": "food"}
    assert list(missing(kept, {"kind": "food"})) == []
    assert [one.path for one in missing(kept, {"kind": "drug"})] == ["g.unit"]
    assert faults(fields, {"g": {"unit": None}}, {"kind": "drug", "g": {"unit": "a"}}) == [
        ("g.unit", "required")
    ]
    assert faults(fields, {"g": None}, {"kind": "drug", "g": {"unit": "a"}}) == [
        ("g.unit", "required")
    ]


def test_everything_that_is_missing_is_named() -> None:
    body = field(
        "flexible_content",
        "body",
        min=2,
        layouts=[layout("a", field("text", "t", required=1)), layout("b", field("text", "t"))],
    )
    fields = fields_of(group(KIND, DOSE, {**ROWS, "min": 1, "required": 1}, body))
    kept = [one for one, _ in fields.values()]
    assert [(one.path, one.needed) for one in missing(kept, {"kind": "drug"})] == [
        ("dose", 0),
        ("rows", 1),
        ("body", 2),
    ]
    values = {
        "rows": [{"mode": "on"}, {"mode": "off"}],
        "body": [{"acf_fc_layout": "b"}, {"acf_fc_layout": "a"}],
    }
    assert [one.path for one in missing(kept, values)] == [
        "rows[0].beside",
        "rows[0].inner.deep",
        "body[1].t",
    ]
