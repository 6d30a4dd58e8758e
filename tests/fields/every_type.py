"""One field of every type with every setting that ACF 6.8.1 has for it, and what it shows.

Made from tests/fields/data/acf.json; a setting that no sample is for stops the test.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = json.loads((Path(__file__).parent / "data" / "acf.json").read_text())["field_types"]

CHOICES = {"iv": "Intravenous", "po": "By mouth"}

# Settings that mean the same in every type.
COMMON: dict[str, Any] = {
    "placeholder": "Escreva aqui",
    "prepend": "~",
    "append": "mg",
    "allow_null": 1,
    "ui": 1,
    "ajax": 1,
    "library": "all",
    "preview_size": "thumbnail",
    "min_width": 1,
    "min_height": 1,
    "min_size": 0,
    "max_width": 5000,
    "max_height": 5000,
    "max_size": 20,
    "choices": CHOICES,
    "first_day": 0,
    "default_to_current_date": 0,
    "bidirectional_target": [],
    "post_type": ["post"],
    "create_options": 0,
    "save_options": 0,
    "button_label": "Mais uma",
}

OWN: dict[str, dict[str, Any]] = {
    "accordion": {"open": 1, "multi_expand": 1, "endpoint": 0},
    "button_group": {"default_value": "po", "layout": "vertical", "return_format": "label"},
    "checkbox": {
        "default_value": "po",
        "layout": "horizontal",
        "allow_custom": 1,
        "save_custom": 0,
        "toggle": 1,
        "return_format": "array",
        "custom_choice_button_text": "Outra",
    },
    "clone": {
        "clone": ["field_text"],
        "display": "group",
        "layout": "row",
        "prefix_label": 1,
        "prefix_name": 1,
    },
    "color_picker": {
        "default_value": "#ff0000",
        "enable_opacity": 1,
        "return_format": "array",
        "custom_palette_source": "custom",
        "palette_colors": "#ff0000,#00ff00",
        "show_color_wheel": 1,
    },
    "date_picker": {"display_format": "d/m/Y", "return_format": "d/m/Y"},
    "date_time_picker": {"display_format": "d/m/Y g:i a", "return_format": "d/m/Y g:i a"},
    "email": {"default_value": "plantao@clinica.example"},
    "file": {"return_format": "url", "mime_types": "pdf"},
    "gallery": {
        "return_format": "id",
        "insert": "prepend",
        "min": 1,
        "max": 3,
        "mime_types": "png",
    },
    "google_map": {"center_lat": -23.5, "center_lng": -46.6, "zoom": 12, "height": 300},
    "group": {"layout": "table"},
    "icon_picker": {
        "default_value": "",
        "tabs": ["dashicons", "url"],
        "return_format": "string",
    },
    "image": {"return_format": "array", "mime_types": "png"},
    "link": {"return_format": "url"},
    "message": {"message": "Leia a bula.", "new_lines": "br", "esc_html": 1},
    "number": {"default_value": 1, "min": 0, "max": 500, "step": 0.5},
    "oembed": {"width": 320, "height": 180},
    "page_link": {"post_type": ["post"], "taxonomy": [], "multiple": 0, "allow_archives": 1},
    "password": {},
    "post_object": {"taxonomy": [], "multiple": 0, "return_format": "id"},
    "radio": {
        "default_value": "iv",
        "layout": "horizontal",
        "other_choice": 1,
        "save_other_choice": 0,
        "return_format": "array",
    },
    "range": {"default_value": 5, "min": 0, "max": 10, "step": 1},
    "relationship": {
        "taxonomy": [],
        "min": 1,
        "max": 3,
        "filters": ["search"],
        "elements": ["featured_image"],
        "return_format": "id",
    },
    "repeater": {
        "min": 1,
        "max": 4,
        "layout": "block",
        "collapsed": "field_repeater_dose",
        "rows_per_page": 10,
    },
    "flexible_content": {"min": 1, "max": 4},
    "select": {"default_value": "iv", "multiple": 1, "return_format": "label"},
    "tab": {"placement": "left", "endpoint": 1, "selected": 1},
    "taxonomy": {
        "taxonomy": "category",
        "field_type": "checkbox",
        "multiple": 1,
        "return_format": "id",
        "add_term": 1,
        "load_terms": 0,
        "save_terms": 0,
    },
    "text": {"default_value": "nada", "maxlength": 40},
    "textarea": {"default_value": "", "maxlength": 400, "new_lines": "br", "rows": 4},
    "time_picker": {"display_format": "g:i a", "return_format": "g:i a"},
    "true_false": {"default_value": 1, "message": "Sim", "ui_on_text": "S", "ui_off_text": "N"},
    "url": {"default_value": "https://clinica.example"},
    "user": {"role": ["editor"], "multiple": 0, "return_format": "id"},
    "wysiwyg": {
        "default_value": "",
        "tabs": "visual",
        "toolbar": "basic",
        "media_upload": 0,
        "delay": 1,
    },
}

NESTED = ("sub_fields", "layouts")


def _dose(parent: str) -> dict[str, Any]:
    return _common("number", f"{parent}_dose", "dose") | {"min": 0, "max": 9}


def _common(kind: str, key: str, name: str) -> dict[str, Any]:
    return {
        "key": f"field_{key}",
        "label": name.title(),
        "name": name,
        "aria-label": "",
        "type": kind,
        "instructions": "Como na bula.",
        "required": 0,
        "conditional_logic": 0,
        "wrapper": {"width": "50", "class": "c", "id": ""},
    }


def field_of(kind: str) -> dict[str, Any]:
    """A field of the type with every setting; KeyError for one that nobody has a sample for."""
    settings = TABLE[kind]["schema_settings"]
    own = {
        name: OWN[kind][name] if name in OWN[kind] else COMMON[name]
        for name in settings
        if name not in NESTED
    }
    made = {**_common(kind, kind, kind), **own, "unknown_to_us": {"z": 1, "a": [2]}}
    if "sub_fields" in settings:
        made["sub_fields"] = [_dose(kind), _common("text", f"{kind}_unit", "unit")]
    if "layouts" in settings:
        made["layouts"] = [
            {
                "key": "layout_dose",
                "name": "one_dose",
                "label": "Dose",
                "display": "block",
                "sub_fields": [_dose(kind)],
                "min": "",
                "max": "3",
            }
        ]
    return made


def group() -> dict[str, Any]:
    """An export file's group with a field of every type."""
    return {
        "key": "group_every",
        "title": "Every type",
        "fields": [field_of(kind) for kind in TABLE],
        "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
        "menu_order": 3,
        "position": "normal",
        "style": "default",
        "label_placement": "top",
        "instruction_placement": "label",
        "hide_on_screen": "",
        "active": True,
        "description": "Tudo",
        "show_in_rest": 1,
        "modified": 1_700_000_000,
        "key_of_tomorrow": "kept",
    }


@dataclass(frozen=True)
class Known:
    """Ids of what values name."""

    post: int
    category: int
    editor: int
    image: int
    file: int


def values(known: Known) -> dict[str, tuple[Any, Any, Any]]:
    """By type: what is sent, and what ACF shows in the light and in the standard form. Where the
    standard form is an object of many keys, a function that looks at it."""
    doses = [{"dose": 1.5, "unit": "mg"}, {"dose": 2, "unit": "g"}]
    standard = [{"dose": "1.5", "unit": "mg"}, {"dose": "2", "unit": "g"}]
    layouts = [{"acf_fc_layout": "one_dose", "dose": 3}]
    place = {"address": "Rua Um", "lat": -23.5, "lng": -46.6, "zoom": 12}
    return {
        "text": ("Dor", "Dor", "Dor"),
        "textarea": ("a\nb", "a\nb", "a<br />\nb"),
        "number": (2.5, 2.5, "2.5"),
        "range": (7, 7, "7"),
        "email": ("a@clinica.example",) * 3,
        "url": ("https://clinica.example/x",) * 3,
        "password": ("segredo",) * 3,
        "image": (known.image, known.image, lambda one: one["ID"] == known.image),
        "file": (known.file, known.file, lambda one: one.endswith(".pdf")),
        "gallery": ([known.image], [known.image], [known.image]),
        "wysiwyg": ("<b>a</b>", "<b>a</b>", "<p><b>a</b></p>\n"),
        "oembed": (
            "https://video.example/1",
            "https://video.example/1",
            lambda one: "video" in one,
        ),
        "select": (["po"], ["po"], ["By mouth"]),
        "checkbox": (["po"], ["po"], [{"value": "po", "label": "By mouth"}]),
        "radio": ("iv", "iv", {"value": "iv", "label": "Intravenous"}),
        "button_group": ("po", "po", "By mouth"),
        "true_false": (False, False, False),
        "link": (
            {"title": "Bula", "url": "https://bula.example", "target": "_blank"},
            {"title": "Bula", "url": "https://bula.example", "target": "_blank"},
            "https://bula.example",
        ),
        "post_object": (known.post,) * 3,
        "page_link": (known.post, known.post, lambda one: one.startswith("http")),
        "relationship": ([known.post],) * 3,
        "taxonomy": ([known.category],) * 3,
        "user": (known.editor,) * 3,
        "google_map": (place, place, place),
        "date_picker": ("20261121", "20261121", "21/11/2026"),
        "date_time_picker": ("2026-11-21 08:30:00", "2026-11-21 08:30:00", "21/11/2026 8:30 am"),
        "time_picker": ("08:30:00", "08:30:00", "8:30 am"),
        "color_picker": (
            "rgba(255,0,0,0.5)",
            "rgba(255,0,0,0.5)",
            {"red": 255, "green": 0, "blue": 0, "alpha": 0.5},
        ),
        "icon_picker": (
            {"type": "dashicons", "value": "dashicons-heart"},
            {"type": "dashicons", "value": "dashicons-heart"},
            "dashicons-heart",
        ),
        "group": (doses[0], doses[0], standard[0]),
        "repeater": (doses, doses, standard),
        "flexible_content": (layouts, layouts, [{"acf_fc_layout": "one_dose", "dose": "3"}]),
        "clone": ({"text": "Dois"},) * 3,
    }
