"""What a group says of itself beside its fields: ACF's keys with their defaults, and ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cms.fields.type import Setting

COMPLIANCE_LEVELS = ("basic", "professional", "sensitive")
HIDEABLE = (
    "permalink", "the_content", "excerpt", "custom_fields", "discussion", "comments", "revisions",
    "slug", "author", "format", "page_attributes", "featured_image", "categories", "tags",
    "send-trackbacks",
)  # fmt: skip

_TEXT = {"type": "string", "default": ""}


def _choice(*choices: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(choices), "default": choices[0]}


def _flag(default: bool) -> dict[str, Any]:
    return {"type": "boolean", "default": default}


# In the order of an export; the last four are ours.
GROUP_SETTINGS = (
    Setting("menu_order", {"type": "integer", "default": 0}, "Order"),
    Setting("position", _choice("normal", "side", "acf_after_title"), "Position"),
    Setting("style", _choice("default", "seamless"), "Style"),
    Setting("label_placement", _choice("top", "left"), "Label placement"),
    Setting("instruction_placement", _choice("label", "field"), "Instruction placement"),
    Setting(
        "hide_on_screen",
        {"type": "array", "items": {"type": "string", "enum": list(HIDEABLE)}, "default": []},
        "Hide on screen",
    ),
    Setting("active", _flag(True), "Active"),
    Setting("description", _TEXT, "Description"),
    Setting("show_in_rest", _flag(False), "Show in REST API"),
    Setting("display_title", _TEXT, "Display title"),
    Setting("allow_ai_access", _flag(False), "Allow access to AI"),
    Setting("ai_description", _TEXT, "AI description"),
    Setting("medical_context", _flag(False), "Holds medical content"),
    Setting("compliance_level", _choice(*COMPLIANCE_LEVELS), "Compliance level"),
    Setting("audit_changes", _flag(True), "Record changes in the audit trail"),
    Setting("translations", {"type": "object", "default": {}}, "Words in other languages"),
)

FIELD_SETTINGS = (
    Setting("key", {"type": "string"}, "Key"),
    Setting("label", _TEXT, "Label"),
    Setting("name", _TEXT, "Name"),
    Setting("aria-label", _TEXT, "Label for screen readers"),
    Setting("type", {"type": "string"}, "Type"),
    Setting("instructions", _TEXT, "Instructions"),
    Setting("required", _flag(False), "Required"),
    Setting("conditional_logic", {"type": ["array", "boolean"], "default": False}, "Shown when"),
    Setting(
        "wrapper",
        {
            "type": "object",
            "properties": {"width": _TEXT, "class": _TEXT, "id": _TEXT},
            "default": {"width": "", "class": "", "id": ""},
        },
        "Wrapper",
    ),
    Setting("source", _TEXT, "Value of a plugin that the field shows, as part.name"),
    Setting("filterable", _flag(False), "Lists can be filtered and sorted by it"),
    Setting("searchable", _flag(False), "Its words are found"),
    Setting("translations", {"type": "object", "default": {}}, "Words in other languages"),
)


class Notice(msgspec.Struct, frozen=True):
    """Something that was accepted and that its author should know: where in the definition, which
    kind of thing, and what follows from it."""

    place: str
    code: str
    message: str


@dataclass
class Notices:
    """Gathered while a definition is read and compared with the one before."""

    found: list[Notice] = field(default_factory=list)

    def add(self, place: str, code: str, message: str) -> None:
        self.found.append(Notice(place, code, message))


def unknown_hidden(names: Iterable[Any]) -> list[str]:
    """What `hide_on_screen` names that no editor has."""
    return [name for name in names if isinstance(name, str) and name not in HIDEABLE]


def in_language(definition: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """The definition with the words of a language, where its `translations` have them: those of a
    whole tag such as pt-BR, else those of its first part. Below it, every field and layout."""
    words = definition.get("translations")
    said = _of_language(words, language) if isinstance(words, Mapping) else {}
    inner = {
        name: [in_language(one, language) if isinstance(one, Mapping) else one for one in rows]
        for name in ("fields", "sub_fields", "layouts")
        if isinstance(rows := definition.get(name), list)
    }
    changed = {**said, **inner}
    return {**definition, **changed} if changed else definition


_TRANSLATED = frozenset(
    {"title", "display_title", "description", "label", "instructions", "choices", "placeholder",
     "message", "prepend", "append", "button_label", "aria-label"}
)  # fmt: skip


def _of_language(words: Mapping[str, Any], language: str) -> dict[str, Any]:
    found = words.get(language)
    if not isinstance(found, Mapping):
        first = language.partition("-")[0]
        found = next(
            (one for tag, one in words.items() if str(tag).partition("-")[0] == first), None
        )
    if not isinstance(found, Mapping):
        return {}
    return {name: value for name, value in found.items() if name in _TRANSLATED}
