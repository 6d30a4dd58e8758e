"""What only shapes a form and has no value: messages, tabs, accordions."""

from html import escape
from typing import Any

from cms.fields.field import Field
from cms.fields.type import FieldType, Setting, Taking
from cms.fields.types.plain import NO, TEXT, frame
from cms.fields.types.texts import NEW_LINES, with_line_ends
from cms.markup.clean import clean_content

_END = Setting("endpoint", NO, "Ends what was open before")


class Layout(FieldType):
    """A part of a form; values are neither kept nor shown."""

    category = "layout"
    has_value = False

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> None:
        return None

    def widget(self, field: Field) -> dict[str, Any]:
        names = [one.name for one in self.settings]
        return {**frame(field, self.name), **{name: field.setting(name) for name in names}}


class Message(Layout):
    """A text for who fills the form."""

    name, label = "message", "Message"
    settings = (
        Setting("message", TEXT, "Message"),
        Setting(
            "new_lines", {"type": "string", "enum": NEW_LINES, "default": "wpautop"}, "New lines"
        ),
        Setting("esc_html", NO, "Show HTML as text"),
    )

    def widget(self, field: Field) -> dict[str, Any]:
        text = str(field.setting("message") or "")
        text = escape(text) if field.setting("esc_html") else clean_content(text)
        return {**frame(field, "message"), "html": with_line_ends(text, field.setting("new_lines"))}


class Tab(Layout):
    """Begins a tab; the fields after it belong to it."""

    name, label = "tab", "Tab"
    settings = (
        Setting(
            "placement", {"type": "string", "enum": ["top", "left"], "default": "top"}, "Placement"
        ),
        _END,
        Setting("selected", NO, "Open first"),
    )


class Accordion(Layout):
    """Begins a part that folds; the fields after it belong to it."""

    name, label = "accordion", "Accordion"
    settings = (
        Setting("open", NO, "Open at first"),
        Setting("multi_expand", NO, "Leave others open"),
        _END,
    )


class Separator(Layout):
    """A line in old groups: read and kept, no longer offered."""

    name, label = "separator", "Separator"
    category = "internal"


class Output(Layout):
    """A place for code of a theme in old groups: read and kept, shown as nothing."""

    name, label = "output", "Output"
    category = "internal"


TYPES = (Message(), Tab(), Accordion(), Separator(), Output())
