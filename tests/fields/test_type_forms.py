"""What each type shows for given values, as the facts about ACF have it."""

from datetime import datetime
from typing import Any

import pytest

from cms.fields.php_dates import NAMES, written
from tests.support.field_types import TYPES, field, shown, take

FRUIT = {"a": "Apple", "b": "Banana"}
RED = {"red": 255, "green": 0, "blue": 0, "alpha": 1}

# Type, settings, what is sent; then what light, standard and typed show.
FORMS: list[tuple[str, dict[str, Any], Any, Any, Any, Any]] = [
    ("text", {}, "mg", "mg", "mg", "mg"),
    ("textarea", {}, "a\nb", "a\nb", "a\nb", "a\nb"),
    ("textarea", {"new_lines": "br"}, "a\nb", "a\nb", "a<br />\nb", "a\nb"),
    ("textarea", {"new_lines": "wpautop"}, "a\n\nb", "a\n\nb", "<p>a</p>\n<p>b</p>\n", "a\n\nb"),
    ("number", {}, "2.50", 2.5, "2.5", 2.5),
    ("number", {}, 2.0, 2, "2", 2),
    ("number", {}, 0.0000001, 1e-7, "0.0000001", 1e-7),
    ("range", {}, "7", 7, "7", 7),
    ("email", {}, "ana@x.example", "ana@x.example", "ana@x.example", "ana@x.example"),
    ("url", {}, "x.example", "http://x.example", "http://x.example", "http://x.example"),
    ("url", {}, "www.x.example:80", *["http://www.x.example:80"] * 3),
    ("wysiwyg", {}, "a\n\nb", "a\n\nb", "<p>a</p>\n<p>b</p>\n", "a\n\nb"),
    ("oembed", {}, "https://v.example/1?a=1&b=2", "https://v.example/1?a=1&b=2",
     '<a href="https://v.example/1?a=1&amp;b=2">https://v.example/1?a=1&amp;b=2</a>',
     "https://v.example/1?a=1&b=2"),
    ("select", {"choices": FRUIT}, ["a"], "a", "a", "a"),
    ("select", {"choices": FRUIT, "return_format": "label"}, "a", "a", "Apple", "a"),
    ("select", {"choices": FRUIT, "return_format": "array", "multiple": 1}, ["b", "a", "b"],
     ["b", "a"], [{"value": "b", "label": "Banana"}, {"value": "a", "label": "Apple"}], ["b", "a"]),
    ("select", {"choices": {"1": "One"}}, 1, "1", "1", "1"),
    ("checkbox", {"choices": FRUIT, "return_format": "label"}, "a", ["a"], ["Apple"], ["a"]),
    ("checkbox", {"choices": FRUIT, "allow_custom": 1, "return_format": "label"}, ["a", "own"],
     ["a", "own"], ["Apple", "own"], ["a", "own"]),
    ("radio", {"choices": FRUIT, "return_format": "array"}, "b", "b",
     {"value": "b", "label": "Banana"}, "b"),
    ("radio", {"choices": FRUIT, "other_choice": 1}, "own", "own", "own", "own"),
    ("button_group", {"choices": FRUIT, "return_format": "label"}, "b", "b", "Banana", "b"),
    ("true_false", {}, "1", True, True, True),
    ("link", {}, {"url": "/contato", "title": "Contato"},
     *[{"title": "Contato", "url": "/contato", "target": ""}] * 3),
    ("link", {"return_format": "url"}, "https://x.example",
     {"title": "", "url": "https://x.example", "target": ""}, "https://x.example",
     {"title": "", "url": "https://x.example", "target": ""}),
    ("google_map", {}, '{"address": "Rua A, 1", "lat": "-23.5", "lng": -46, "zoom": 14}',
     *[{"address": "Rua A, 1", "lat": -23.5, "lng": -46, "zoom": 14}] * 3),
    ("date_picker", {}, "20261121", "20261121", "21/11/2026", "2026-11-21"),
    ("date_picker", {}, 20261121, "20261121", "21/11/2026", "2026-11-21"),
    ("date_picker", {"return_format": "l, j \\d\\e F \\d\\e Y"}, "2026-11-21", "20261121",
     "sábado, 21 de novembro de 2026", "2026-11-21"),
    ("date_time_picker", {}, "2026-11-21T08:05", "2026-11-21 08:05:00", "21/11/2026 8:05 am",
     "2026-11-21T08:05:00"),
    ("time_picker", {}, "20:05", "20:05:00", "8:05 pm", "20:05:00"),
    ("color_picker", {}, "#F00", "#ff0000", "#ff0000", "#ff0000"),
    ("color_picker", {"return_format": "array"}, "rgb(255, 0, 0)", "#ff0000", RED, "#ff0000"),
    ("color_picker", {"return_format": "array", "enable_opacity": 1}, "rgba(255, 0, 0, 0.25)",
     "rgba(255,0,0,0.25)", {**RED, "alpha": 0.25}, "rgba(255,0,0,0.25)"),
    ("icon_picker", {}, {"type": "dashicons", "value": "dashicons-heart"},
     {"type": "dashicons", "value": "dashicons-heart"}, "dashicons-heart",
     {"type": "dashicons", "value": "dashicons-heart"}),
    ("icon_picker", {"return_format": "array"}, {"type": "url", "value": "https://x.example/i.svg"},
     *[{"type": "url", "value": "https://x.example/i.svg"}] * 3),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "settings", "sent", "light", "standard", "typed"), FORMS)
def test_the_forms_of_a_value(
    kind: str, settings: dict[str, Any], sent: Any, light: Any, standard: Any, typed: Any
) -> None:
    one = field(kind, **settings)
    kept, faults = take(one, sent)
    assert faults == []
    assert shown(one, kept) == (light, standard, typed)


# Type, settings; then what light, standard and typed show of a field never filled.
NEVER_FILLED: list[tuple[str, dict[str, Any], Any, Any, Any]] = [
    ("text", {}, "", "", None),
    ("text", {"default_value": "mg"}, "mg", "mg", "mg"),
    ("textarea", {"default_value": "a\nb", "new_lines": "br"}, "a\nb", "a<br />\nb", "a\nb"),
    ("number", {}, None, "", None),
    ("number", {"default_value": "10"}, 10, "10", 10),
    ("range", {"default_value": 5}, 5, "5", 5),
    ("email", {"default_value": "x@y.example"}, "x@y.example", "x@y.example", "x@y.example"),
    ("wysiwyg", {"default_value": "<p>a</p><script>b</script>"}, "<p>a</p>", "<p>a</p>\n",
     "<p>a</p>"),
    ("select", {"choices": FRUIT}, "", "", None),
    ("select", {"choices": FRUIT, "default_value": ["b"], "return_format": "label"}, "b",
     "Banana", "b"),
    ("select", {"choices": FRUIT, "multiple": 1}, [], [], []),
    ("checkbox", {"choices": FRUIT}, "", "", []),
    ("checkbox", {"choices": FRUIT, "default_value": "a\nb"}, ["a", "b"], ["a", "b"], ["a", "b"]),
    ("checkbox", {"choices": FRUIT, "default_value": ["a"]}, ["a"], ["a"], ["a"]),
    ("radio", {"choices": FRUIT, "default_value": "a"}, "a", "a", "a"),
    ("button_group", {"choices": FRUIT, "default_value": "gone"}, "", "", None),
    ("true_false", {}, False, False, False),
    ("true_false", {"default_value": 1}, True, True, True),
    ("color_picker", {"default_value": "#abc"}, "#aabbcc", "#aabbcc", "#aabbcc"),
    *[(kind, {}, None, None, None) for kind in (
        "password", "oembed", "link", "google_map", "date_picker", "date_time_picker",
        "time_picker", "icon_picker")],
]  # fmt: skip


@pytest.mark.parametrize(("kind", "settings", "light", "standard", "typed"), NEVER_FILLED)
def test_a_field_never_filled_shows_its_default(
    kind: str, settings: dict[str, Any], light: Any, standard: Any, typed: Any
) -> None:
    assert shown(field(kind, **settings), None) == (light, standard, typed)


def test_no_choice_stays_no_choice_where_a_default_would_stand() -> None:
    one = field("checkbox", choices=FRUIT, default_value="a")
    kept, _ = take(one, [])
    assert shown(one, kept) == ([], [], [])


def test_every_fault_says_what_would_be_right() -> None:
    assert take(field("number", min=0.1, step=0.2), 0.4) == (None, [("one", "step")])
    assert take(field("number", min=0.1, step=0.2), 0.3) == (0.3, [])
    assert take(field("text", maxlength=2), "a\r\nb") == (None, [("one", "maxlength")])
    faults = take(field("google_map"), {"lat": 100, "zoom": "x"})[1]
    assert faults == [("one.lat", "range"), ("one.zoom", "type"), ("one.lng", "required")]
    faults = take(field("checkbox", choices=FRUIT), ["a", "x", {}])[1]
    assert faults == [("one[1]", "enum"), ("one[2]", "type")]


def test_who_must_agree_must_say_yes() -> None:
    assert take(field("true_false", required=1), False)[1] == [("one", "required")]
    assert take(field("true_false", required=1), True) == (True, [])


def test_formatted_text_cannot_act_on_its_reader() -> None:
    one = field("wysiwyg")
    kept, _ = take(one, '<p onclick="x()">a</p><script>b</script>')
    assert kept == "<p>a</p>"
    for how in ("br", "wpautop"):
        lines = field("textarea", new_lines=how)
        assert "<script" not in shown(lines, take(lines, "<script>b</script>\na")[0])[1]


def test_only_a_password_is_secret() -> None:
    assert [one.name for one in TYPES if one.is_secret] == ["password"]
    one = field("password")
    assert list(TYPES["password"].words(one, "geheim", TYPES)) == []
    assert TYPES["password"].sort_values(one, "geheim") == ()


def test_dates_are_written_as_php_writes_them() -> None:
    at = datetime(2024, 2, 29, 0, 5, 9)  # noqa: DTZ001
    told = written(at, "d D j l N S w z W F m M n t L o Y y a A B g G h H i s u v", "en-US")
    assert told == (
        "29 Thu 29 Thursday 4 th 4 59 09 February 02 Feb 2 29 1 2024 2024 24 am AM 045 "
        "12 0 12 00 05 09 000000 000"
    )
    zones = written(at, "e T I O P p Z U", "en")
    assert zones == "UTC UTC 0 +0000 +00:00 Z 0 1709165109"
    assert written(at, "c", "en") == "2024-02-29T00:05:09+00:00"
    assert written(at, "r", "pt-BR") == "Thu, 29 Feb 2024 00:05:09 +0000"
    assert written(at, r"\d\\ Q \\", "en") == "d\\ Q \\"
    suffixes = [written(datetime(2024, 1, day), "jS", "en") for day in (1, 2, 3, 11, 12, 13, 21)]  # noqa: DTZ001
    assert suffixes == ["1st", "2nd", "3rd", "11th", "12th", "13th", "21st"]


def test_names_are_in_the_language_of_the_site() -> None:
    at = datetime(2024, 3, 2)  # noqa: DTZ001
    assert written(at, "l D F M", "pt_BR") == "sábado sáb março mar"
    assert written(at, "l D F M", "es") == "sábado Sáb marzo Mar"
    assert written(at, "F", "xx") == "March"
    for names in NAMES.values():
        lengths = [len(one) for one in (names.months, names.short_months, names.days)]
        assert [*lengths, len(names.short_days)] == [12, 12, 7, 7]


def test_early_years_have_four_digits() -> None:
    one = field("date_picker", return_format="Y")
    kept, _ = take(one, "0987-01-02")
    assert shown(one, kept) == ("09870102", "0987", "0987-01-02")
