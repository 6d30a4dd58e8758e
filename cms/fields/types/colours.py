"""Colours: `#rrggbb`, with opacity `rgba(r, g, b, a)`."""

import re
from typing import Any

from cms.fields.field import Field
from cms.fields.type import Setting, Showing, Taking
from cms.fields.types.numbers import written
from cms.fields.types.plain import NO, TEXT, YES, PlainText

_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*([01]?\.?\d{1,4}))?\)"
)

Colour = tuple[int, int, int, float]


class ColorPicker(PlainText):
    """A colour."""

    name, label, control = "color_picker", "Color Picker", "colour"
    category = "advanced"
    settings = (
        Setting("default_value", TEXT, "Default value"),
        Setting("enable_opacity", NO, "Opacity"),
        Setting(
            "custom_palette_source",
            {"type": "string", "enum": ["", "custom", "themejson"], "default": ""},
            "Palette",
        ),
        Setting("palette_colors", TEXT, "Colours of the palette"),
        Setting("show_color_wheel", YES, "Show the colour wheel"),
        Setting(
            "return_format",
            {"type": "string", "enum": ["string", "array"], "default": "string"},
            "Return value",
        ),
    )

    def checked(self, field: Field, text: str, taking: Taking, path: str) -> str | None:
        if not text.strip():
            return None
        colour = parsed(text)
        if colour is None:
            message = "must be a colour such as #1a2b3c"
            taking.faults.add(path, "format", message, text)
            return None
        if colour[3] != 1 and not field.setting("enable_opacity"):
            message = "must be opaque, such as #1a2b3c; this field has no opacity"
            taking.faults.add(path, "opacity", message, text)
            return None
        return _stored(colour)

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        colour = parsed(value)
        if field.setting("return_format") != "array" or colour is None:
            return value
        return dict(zip(("red", "green", "blue", "alpha"), colour, strict=True))

    def form(self, field: Field) -> dict[str, Any]:
        palette = str(field.setting("palette_colors") or "").split(",")
        return {
            "opacity": bool(field.setting("enable_opacity")),
            "palette": [one.strip() for one in palette if one.strip()],
            "wheel": bool(field.setting("show_color_wheel")),
        }


def parsed(text: str) -> Colour | None:
    """Red, green and blue up to 255, and the opacity up to 1; None for what is no colour."""
    text = text.strip().lower()
    if found := _HEX.fullmatch(text):
        digits = found[1] if len(found[1]) > 3 else "".join(one * 2 for one in found[1])
        red, green, blue, *rest = (int(digits[at : at + 2], 16) for at in range(0, len(digits), 2))
        return red, green, blue, _opacity(rest[0] / 255) if rest else 1
    found = _RGB.fullmatch(text)
    if found is None:
        return None
    red, green, blue = (int(found[place]) for place in (1, 2, 3))
    alpha = float(found[4]) if found[4] else 1.0
    if max(red, green, blue) > 255 or alpha > 1:
        return None
    return red, green, blue, _opacity(alpha)


def _opacity(alpha: float) -> float | int:
    """Two digits are more than eyes tell apart, and the same when read again."""
    return 1 if alpha >= 0.995 else round(alpha, 2)


def _stored(colour: Colour) -> str:
    red, green, blue, alpha = colour
    if alpha == 1:
        return f"#{red:02x}{green:02x}{blue:02x}"
    return f"rgba({red},{green},{blue},{written(alpha)})"


TYPES = (ColorPicker(),)
