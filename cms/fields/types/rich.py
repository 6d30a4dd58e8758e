"""Formatted text, an embedded address, a link."""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from cms.fields.field import Field
from cms.fields.type import Setting, Showing, Taking, Types
from cms.fields.types.plain import DEFAULT, NO, YES, Plain, PlainText, text_of
from cms.fields.types.texts import absolute, has_address_letters, may_visit
from cms.markup.addresses import may_link, may_load
from cms.markup.clean import clean_content
from cms.markup.embeds import with_links_for_embeds
from cms.markup.render import render_content

_TARGETS = ("", "_blank")


class Wysiwyg(PlainText):
    """Formatted text: cleaned when it is written, with paragraphs and typography in `standard`."""

    name, label, control = "wysiwyg", "WYSIWYG Editor", "rich_text"
    category = "content"
    compared_as = ""
    settings = (
        Setting(
            "tabs",
            {"type": "string", "enum": ["all", "visual", "text"], "default": "all"},
            "Tabs",
        ),
        Setting("toolbar", {"type": "string", "default": "full"}, "Toolbar"),
        Setting("media_upload", YES, "Show the button for media"),
        DEFAULT,
        Setting("delay", NO, "Start the editor when it is clicked"),
    )

    def checked(self, field: Field, text: str, taking: Taking, path: str) -> str | None:
        return clean_content(text) or None

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        return _rendered(value)

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        body = LexborHTMLParser(value).body
        if body is not None:
            yield body.text(separator=" ")

    def sort_values(self, field: Field, value: Any) -> tuple[str, ...]:
        return ()

    def form(self, field: Field) -> dict[str, Any]:
        return {name: field.setting(name) for name in ("tabs", "toolbar", "media_upload", "delay")}


class OEmbed(PlainText):
    """The address of something to embed. `standard` is the house's embed, a link: neither the
    server nor a reader's browser asks another site unasked."""

    name, label, control = "oembed", "oEmbed", "embed"
    category = "content"
    nothing = None
    settings = (
        Setting("width", {"type": "integer", "default": 640, "minimum": 0}, "Width"),
        Setting("height", {"type": "integer", "default": 390, "minimum": 0}, "Height"),
    )

    def checked(self, field: Field, text: str, taking: Taking, path: str) -> str | None:
        address = absolute(text)
        if address is None or not may_load(address):
            message = "must be an address such as https://video.example/watch/1"
            taking.faults.add(path, "url", message, text)
            return None
        return address

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        return with_links_for_embeds(f"<p>{escape(value)}</p>")[3:-4]

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {**super().schema(field, types), "format": "uri"}

    def form(self, field: Field) -> dict[str, Any]:
        return {"width": field.setting("width"), "height": field.setting("height")}


class Link(Plain):
    """A link with its title and where it opens."""

    name, label = "link", "Link"
    category = "relational"
    nothing = None
    compared_as = "text"
    settings = (
        Setting(
            "return_format",
            {"type": "string", "enum": ["array", "url"], "default": "array"},
            "Return value",
        ),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> dict[str, str] | None:
        given = {"url": value} if isinstance(value, str) else value
        if not isinstance(given, dict):
            message = "must be an object with url, title and target"
            taking.faults.add(path, "type", message, value)
            return None
        texts = {
            name: text_of(_or_empty(given.get(name)), taking, f"{path}.{name}")
            for name in ("title", "url", "target")
        }
        if any(one is None for one in texts.values()):
            return None
        title, url, target = (str(texts[name]).strip() for name in ("title", "url", "target"))
        if not url:
            if title or target:
                taking.faults.add(f"{path}.url", "required", "must have an address", "")
            return None
        if not _may_lead(url):
            message = "must be an address such as https://clinica.example/ or /contato"
            taking.faults.add(f"{path}.url", "url", message, url)
        if target not in _TARGETS:
            message = "must be empty, or _blank for a window of its own"
            taking.faults.add(f"{path}.target", "enum", message, target)
        return {"title": title, "url": url, "target": target}

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        return value["url"] if field.setting("return_format") == "url" else value

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "required": field.is_required,
            "properties": {
                "title": {"type": "string"},
                "url": {"type": "string", "required": True, "format": "uri"},
                "target": {"type": "string"},
            },
        }

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "properties": {
                "title": {"type": "string"},
                "url": {"type": "string"},
                "target": {"type": "string", "enum": list(_TARGETS)},
            },
            "required": ["title", "url", "target"],
            "additionalProperties": False,
        }

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        yield value["title"]

    def sort_values(self, field: Field, value: Any) -> tuple[str, ...]:
        return (value["url"],)

    def form(self, field: Field) -> dict[str, Any]:
        return {"targets": list(_TARGETS)}


def _or_empty(value: Any) -> Any:
    return "" if value is None else value


def _may_lead(url: str) -> bool:
    """An address of another host, or a path, a place on the page or a mailbox."""
    if url.startswith(("http:", "https:", "//")):
        return may_visit(url)
    return has_address_letters(url) and may_link(url)


@lru_cache(maxsize=128)
def _rendered(text: str) -> str:
    return render_content(text)


TYPES = (Wysiwyg(), OEmbed(), Link())
