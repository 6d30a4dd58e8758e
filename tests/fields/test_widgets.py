"""A form can be drawn from what `widget` says, without the group or the type behind it."""

import json
from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.support.field_types import TYPES, VALID, field

Told = dict[str, Any]


def _input(kind: str) -> Callable[[Told], str]:
    def drawn(told: Told) -> str:
        limits = {
            name: told[name]
            for name in ("placeholder", "maxlength", "min", "max", "step")
            if told.get(name) not in (None, "")
        }
        return f"<input type={kind} {_attributes(told)} {_written(limits)} {_value(told)}>"

    return drawn


def _attributes(told: Told) -> str:
    return f"name='{told['name']}'" + (" required" if told["required"] else "")


def _written(limits: Told) -> str:
    return " ".join(f"{name}='{escape(str(value))}'" for name, value in limits.items())


def _value(told: Told) -> str:
    value = told["value"]
    return "" if value is None else f"value='{escape(str(value))}'"


def _select(told: Told) -> str:
    chosen = told["value"] if isinstance(told["value"], list) else [told["value"]]
    options = "".join(
        f"<option value='{one['value']}'{' selected' if one['value'] in chosen else ''}>"
        f"{escape(one['label'])}</option>"
        for one in told["choices"]
    )
    return (
        f"<select {_attributes(told)}{' multiple' if told['multiple'] else ''}>{options}</select>"
    )


def _boxes(told: Told) -> str:
    kind = "checkbox" if told["multiple"] else "radio"
    boxes = "".join(
        f"<label><input type={kind} name='{told['name']}' value='{one['value']}'>{one['label']}"
        "</label>"
        for one in told["choices"]
    )
    return boxes + (f"<input name='{told['name']}'>" if told["allow_other"] else "")


def _of_parts(*parts: str) -> Callable[[Told], str]:
    return lambda told: "".join(f"<input name='{told['name']}[{part}]'>" for part in parts)


# How each control is drawn: no control, no form.
DRAWN: dict[str, Callable[[Told], str]] = {
    **{kind: _input(kind) for kind in ("text", "number", "range", "email", "url", "password")},
    "textarea": lambda told: f"<textarea {_attributes(told)} rows={told['rows']}></textarea>",
    "rich_text": lambda told: f"<textarea {_attributes(told)}></textarea>",
    "embed": _input("url"),
    "select": _select,
    "checkboxes": _boxes,
    "radios": _boxes,
    "buttons": _boxes,
    "switch": lambda told: f"<input type=checkbox {_attributes(told)}>{told['message']}",
    "link": _of_parts("url", "title", "target"),
    "map": _of_parts("address", "lat", "lng"),
    "date": _input("date"),
    "date_time": _input("datetime-local"),
    "time": _input("time"),
    "colour": _input("color"),
    "icon": _of_parts("type", "value"),
    "message": lambda told: str(told["html"]),
    **{kind: lambda told: f"<h3>{told['label']}</h3>" for kind in ("tab", "accordion")},
    **{kind: lambda _: "<hr>" for kind in ("separator", "output")},
}

LAYOUTS = ("message", "tab", "accordion", "separator", "output")


def drawn(told: Told) -> LexborHTMLParser:
    """The field as a page, from its widget after a way through JSON."""
    told = json.loads(json.dumps(told))
    about = f"<label>{escape(told['label'])}</label><p class=help>{escape(told['help'])}</p>"
    return LexborHTMLParser(f"<body>{about}{DRAWN[told['control']](told)}</body>")


@pytest.mark.parametrize("kind", [*VALID, *LAYOUTS])
def test_a_form_is_drawn_from_the_widget_alone(kind: str) -> None:
    one = field(kind, instructions="What to <write>", required=1, wrapper={"width": "50"})
    told = TYPES[kind].widget(one)
    page = drawn(told)
    assert page.css_first(".help").text() == "What to <write>"
    assert told["wrapper"] == {"width": "50"}
    assert (told["key"], told["label"]) == ("field_one", "One")
    if TYPES[kind].has_value and told.get("choices") != []:
        assert page.css_first("input, select, textarea").attributes["name"].startswith("one")


def test_limits_and_texts_reach_the_form() -> None:
    one = field("number", min=1, max="9.5", step=0.5, default_value=2, placeholder="mg")
    drawn_input = drawn(TYPES["number"].widget(one)).css_first("input").attributes
    expected = {"min": "1", "max": "9.5", "step": "0.5", "value": "2", "placeholder": "mg"}
    assert {name: drawn_input[name] for name in expected} == expected
    text = drawn(TYPES["text"].widget(field("text", maxlength=5))).css_first("input")
    assert text.attributes["maxlength"] == "5"


def test_choices_reach_the_form_in_their_order_and_groups() -> None:
    choices = {"b": "Banana", "Citrus": {"l": "Lemon"}, "a": "Apple"}
    one = field("select", choices=choices, default_value="a", multiple=1)
    told = TYPES["select"].widget(one)
    assert [(c["value"], c["group"]) for c in told["choices"]] == [
        ("b", ""), ("l", "Citrus"), ("a", ""),
    ]  # fmt: skip
    options = drawn(told).css("option")
    assert [option.text() for option in options] == ["Banana", "Lemon", "Apple"]
    assert "selected" in options[2].attributes
    page = drawn(TYPES["radio"].widget(field("radio", choices={"a": "A"}, other_choice=1)))
    assert [one.attributes.get("type") for one in page.css("input")] == ["radio", None]


def test_conditions_reach_the_form() -> None:
    rules = [[{"field": "field_two", "operator": "==", "value": "x"}]]
    told = TYPES["text"].widget(field("text", conditional_logic=rules))
    assert told["conditions"] == rules


def test_a_message_is_shown_and_cannot_act() -> None:
    told = TYPES["message"].widget(field("message", message="a\n\n<script>x</script><b>b</b>"))
    assert told["html"] == "<p>a</p>\n<p><b>b</b></p>\n"
    told = TYPES["message"].widget(field("message", message="<b>", esc_html=1, new_lines=""))
    assert told["html"] == "&lt;b&gt;"


def test_a_palette_reaches_the_form() -> None:
    told = TYPES["color_picker"].widget(field("color_picker", palette_colors="#fff, #000"))
    assert told["palette"] == ["#fff", "#000"]
