"""Fields made from their JSON, and values that fit them: for tests of types without a database."""

import string
from typing import Any

from hypothesis import strategies as st

from cms.content.faults import Faults
from cms.fields.catalogue import HOST_TYPES
from cms.fields.defining import read_group
from cms.fields.faults import FieldFaults
from cms.fields.field import Field
from cms.fields.knowing import Loaded
from cms.fields.type import Catalogue, Showing, Taking

TYPES = Catalogue({one.name: one for one in HOST_TYPES})
CHOICES = {"i": "I", "ii": "II", "2": "Two", "other": {"iii": "III"}}


def field(kind: str, types: Catalogue = TYPES, **settings: Any) -> Field:
    """A field of a type with these settings."""
    one = {"key": "field_one", "name": "one", "label": "One", "type": kind, **settings}
    group = {"key": "group_one", "title": "One", "location": [], "fields": [one]}
    faults = Faults()
    found = read_group(group, types, faults)
    assert not faults.messages
    return found.fields[0]


def take(one: Field, value: Any, types: Catalogue = TYPES) -> tuple[Any, list[tuple[str, str]]]:
    """What is kept of a value, and path and rule of each fault."""
    taking = Taking(types, FieldFaults())
    kept = types[one.type].take(one, value, taking, one.name)
    return kept, [(fault.path, fault.rule) for fault in taking.faults]


def shown(one: Field, value: Any, language: str = "pt-BR") -> tuple[Any, Any, Any]:
    """The light, the standard and the typed form of a kept value."""
    kind, showing = TYPES[one.type], Showing(TYPES, Loaded(), language)
    return tuple(  # type: ignore[return-value]
        form(one, value, showing) for form in (kind.light, kind.standard, kind.typed)
    )


_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
_HOSTS = st.sampled_from(["clinica.example", "www.clinica.example:8080", "saúde.example"])
_URLS = st.builds(
    "{}{}/{}".format,
    st.sampled_from(["https://", "http://", "", "//"]),
    _HOSTS,
    st.text(string.ascii_letters + "0123456789-_./?=&#", max_size=20),
)
_NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(-1e15, 1e15, allow_nan=False),
    st.decimals(-1000, 1000, places=3).map(str),
)
_KEYS = st.sampled_from(["i", "ii", "2", 2, "iii"])
_POINTS = st.fixed_dictionaries(
    {"lat": st.floats(-90, 90), "lng": st.floats(-180, 180).map(str)},
    optional={
        "address": _TEXTS, "zoom": st.integers(0, 20), "city": _TEXTS, "post_code": st.integers(0),
    },
)  # fmt: skip
_BYTE = st.integers(0, 255)
_COLOURS = st.one_of(
    st.from_regex(r"#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}", fullmatch=True),
    st.builds("rgb({},{}, {})".format, _BYTE, _BYTE, _BYTE),
)
_SEE_THROUGH = st.builds(
    "rgba({},{},{},{})".format, _BYTE, _BYTE, _BYTE, st.sampled_from(["0", "0.5", ".25", "0.999"])
)
_ICONS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("dashicons"), "value": st.just("dashicons-admin-site-alt2")}
    ),
    st.fixed_dictionaries({"type": st.just("url"), "value": _URLS}),
    st.fixed_dictionaries({"type": st.just("media_library"), "value": st.integers(1, 2**40)}),
)
_DAYS = st.dates()
_TIMES = st.times().map(lambda one: one.replace(microsecond=0))

VALID: dict[str, list[tuple[dict[str, Any], st.SearchStrategy[Any]]]] = {
    "text": [({}, _TEXTS), ({"maxlength": 5}, st.text("aé\n", max_size=5)), ({}, _NUMBERS)],
    "textarea": [({"new_lines": how}, _TEXTS) for how in ("", "br", "wpautop")],
    "email": [({}, st.sampled_from(
        ["ana@clinica.example", " a.b+c@x.example ", "z@saúde.example"]))],
    "url": [({}, _URLS)],
    "password": [({}, _TEXTS)],
    "number": [({}, _NUMBERS), ({"min": 0, "max": 10, "step": "0.1"}, st.integers(0, 100).map(
        lambda tenths: f"{tenths // 10}.{tenths % 10}"))],
    "range": [({}, st.integers(0, 100)), ({"min": 1, "max": 2, "step": 0.25, "default_value": 2},
              st.sampled_from([1, 1.25, "1.5", 2.0]))],
    "wysiwyg": [({}, _TEXTS), ({}, st.sampled_from(
        ["<p>Uma <em>dose</em></p>", "<script>x</script>a", "um\n\ndois", "<b onclick=x>a</b>"]))],
    "oembed": [({}, _URLS)],
    "link": [
        ({"return_format": how}, st.builds(
            lambda url, title, target: {"url": url, "title": title, "target": target},
            _URLS.filter(lambda url: not url.startswith("www.")), _TEXTS,
            st.sampled_from(["", "_blank"])))
        for how in ("array", "url")
    ],
    "select": [
        ({"choices": CHOICES, "return_format": how, "multiple": many}, some)
        for how in ("value", "label", "array")
        for many, some in ((0, _KEYS), (1, st.lists(_KEYS)))
    ] + [({"choices": CHOICES, "create_options": 1}, st.one_of(_TEXTS, _KEYS))],
    "checkbox": [
        ({"choices": CHOICES, "return_format": how, "default_value": "i"}, st.lists(_KEYS))
        for how in ("value", "label", "array")
    ] + [({"choices": CHOICES, "allow_custom": 1}, st.lists(_TEXTS))],
    "radio": [({"choices": CHOICES}, _KEYS), ({"choices": CHOICES, "other_choice": 1}, _TEXTS)],
    "button_group": [({"choices": CHOICES, "return_format": "array"}, _KEYS)],
    "true_false": [({}, st.sampled_from([True, False, 0, 1, "0", "1", "true", "FALSE"]))],
    "google_map": [({}, _POINTS)],
    "date_picker": [({"return_format": "j F Y"}, st.one_of(
        _DAYS.map(lambda day: day.isoformat()),
        _DAYS.map(lambda day: day.isoformat().replace("-", ""))))],
    "date_time_picker": [({}, st.builds(
        "{}{}{}".format, _DAYS, st.sampled_from("T "), _TIMES))],
    "time_picker": [({"return_format": "H:i"}, st.one_of(
        _TIMES.map(str), st.sampled_from(["8:05", "23:59"])))],
    "color_picker": [({}, _COLOURS), ({"enable_opacity": 1, "return_format": "array"},
                      st.one_of(_COLOURS, _SEE_THROUGH))],
    "icon_picker": [({}, _ICONS), ({"return_format": "array"}, _ICONS)],
}  # fmt: skip
"""Of each type: settings, and values that fit them."""

_OBJECTS = st.sampled_from([True, [], {}, [[1]], {"a": 1}, [{}]])
_NO_MAP = st.sampled_from([
    {"lat": 91, "lng": 0}, {"lat": 1}, {"address": "x"}, "no json", 5, [], {"lat": "x", "lng": 1},
    {"lat": 1, "lng": 1, "zoom": 99},
])  # fmt: skip

INVALID: dict[str, list[tuple[dict[str, Any], st.SearchStrategy[Any]]]] = {
    **{kind: [({}, _OBJECTS), ({}, st.sampled_from(["a\x00", "\ud800"]))]
       for kind in ("text", "textarea", "password", "wysiwyg")},
    "email": [({}, _OBJECTS), ({}, st.sampled_from(
        ["ana", "a@b", "@x.example", "a b@x.example", "a@x..example", "a@-x.example",
         "<a@x.example>", "a\x00@x.example", f"{'a' * 250}@x.example"]))],
    "number": [({}, _OBJECTS), ({}, st.sampled_from(
                   ["x", "1,5", "0x1", "NaN", "inf", "1e400", float("inf"), 2**53, 1e300, "--1"])),
               ({"min": 1, "max": 2, "step": 0.1}, st.sampled_from([0.9, 2.1, "1.05", 1.0001]))],
    "range": [({}, st.sampled_from([-1, 101, 0.5, "x", True]))],
    **{kind: [({}, _OBJECTS), ({}, st.sampled_from(
        ["javascript:alert(1)", "JAVASCRIPT:x", "http://", "https:///x", "http://a b.example",
         "data:text/html,x", "http://x.example/<", "http://[", "/path", "http://x.example:99999"]))]
       for kind in ("url", "oembed")},
    "link": [({}, st.sampled_from(
        [5, [], True, {"url": "javascript:x"}, {"url": {}}, {"title": "no address"},
         "java\tscript:x",
         {"url": "/a", "target": "name"},
         {"url": "https://"}]))],
    "select": [({"choices": CHOICES}, st.sampled_from(
                    ["iv", "I", True, {}, ["i", "ii"], ["x"], 5, "other"])),
               ({"choices": CHOICES, "multiple": 1}, st.sampled_from(
                   ["x", ["i", "x"], [["i"]], {}]))],
    "checkbox": [({"choices": CHOICES}, st.sampled_from(
                     ["x", ["i", "x"], [{}], True, {"i": "I"}]))],
    "radio": [({"choices": CHOICES}, st.sampled_from(["x", True, {}, ["i", "ii"]]))],
    "button_group": [({"choices": CHOICES}, st.sampled_from(["x", True, {}, ["i", "ii"]])),
                     ({}, st.just("x"))],
    "true_false": [({}, st.sampled_from(["yes", 2, [], {}, 0.5]))],
    "google_map": [({}, _NO_MAP)],
    "date_picker": [({}, st.sampled_from(
        ["2026-02-30", "20261301", "21/11/2026", "tomorrow", "0000-00-00", "2026-11-21T08:00", True,
         [], 1.5, "20261121x"]))],
    "date_time_picker": [({}, st.sampled_from(
        ["2026-02-30 08:00:00", "2026-11-21", "2026-11-21 24:00:00", "2026-11-21T08:00:00Z", [],
         1]))],
    "time_picker": [({}, st.sampled_from(["24:00", "8", "08:60", "8 am", True, []]))],
    "color_picker": [({}, st.sampled_from(
        ["red", "#12", "#1234567", "rgb(256,0,0)", "rgba(1,2,3,0.5)", "#11223344", [], True]))],
    "icon_picker": [({}, st.sampled_from(
        ["dashicons-heart", {"type": "font", "value": "x"}, {"type": "dashicons", "value": "x"},
         {"type": "dashicons", "value": "dashicons-a b"}, {"type": "url", "value": "javascript:x"},
         {"type": "media_library", "value": "x"}, {"type": "media_library", "value": 0},
         {"type": ["url"], "value": "x"}])),
        ({"tabs": ["url"]}, st.just({"type": "dashicons", "value": "dashicons-heart"}))],
}  # fmt: skip
"""Of each type: settings, and values that are refused under them."""
