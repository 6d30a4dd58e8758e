"""What each kind of widget is set to, as controls of a form. The names of settings, and whether a
switch is kept as 0 and 1, are those of WordPress 6.1, whose front ends read them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cms.admin.forms import Form
from cms.admin.translating import N_

_ADDRESS = re.compile(r"(?:https?://[^\s<>\"']+|/[^\s<>\"'/][^\s<>\"']*)")


class Control(StrEnum):
    """How a setting is shown and typed. MENU, TAXONOMY and FILE are chosen among those of the site;
    FLAG is a SWITCH that is kept as 0 and 1."""

    TEXT = "text"
    ADDRESS = "address"
    NUMBER = "number"
    SWITCH = "switch"
    FLAG = "flag"
    CHOICE = "choice"
    MENU = "menu"
    TAXONOMY = "taxonomy"
    FILE = "file"
    FILES = "files"


def _last(numbers: Sequence[int]) -> int:
    """What was chosen last stands last: a new box, or the number that was typed; 0 for nothing."""
    return numbers[-1] if numbers else 0


def _each_once(numbers: Sequence[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


_TICKED: Mapping[Control, Callable[[bool], Any]] = {Control.SWITCH: bool, Control.FLAG: int}
_CHOSEN: Mapping[Control, Callable[[Sequence[int]], Any]] = {
    Control.MENU: _last,
    Control.FILE: _last,
    Control.FILES: _each_once,
}


@dataclass(frozen=True)
class WidgetField:
    """One setting; `label` and `help` are English. `media_type`: which files can be chosen."""

    name: str
    label: str
    control: Control = Control.TEXT
    help: str = ""
    choices: Sequence[tuple[str, str]] = ()
    lowest: int = 1
    highest: int = 100
    otherwise: Any = ""
    media_type: str = ""

    def of(self, widget_id: str) -> str:
        """The name of its input: the widgets of a page have one each."""
        return f"set.{widget_id}.{self.name}"

    def sent(self, form: Form, widget_id: str) -> Any:
        """What the form says. ValueError says what is wrong with it."""
        name = self.of(widget_id)
        if self.control in _TICKED:
            return _TICKED[self.control](form.has(name))
        if self.control in _CHOSEN:
            return _CHOSEN[self.control](form.numbers(name))
        if self.control is Control.NUMBER:
            return self._number(form.number(name))
        return self._text(form.text(name))

    def _number(self, number: int | None) -> int:
        if number is None or not self.lowest <= number <= self.highest:
            raise ValueError(f"must be a whole number from {self.lowest} to {self.highest}")
        return number

    def _text(self, text: str) -> str:
        if self.control is Control.CHOICE and text not in dict(self.choices):
            raise ValueError("choose one of the list")
        if self.control is Control.ADDRESS and text and not _ADDRESS.fullmatch(text):
            raise ValueError("must begin with https:// or with the / of this site")
        return text


def _many(name: str, label: str, highest: int, otherwise: int) -> WidgetField:
    return WidgetField(name, label, Control.NUMBER, highest=highest, otherwise=otherwise)


def _flag(name: str, label: str) -> WidgetField:
    return WidgetField(name, label, Control.FLAG)


def _file(media_type: str, label: str) -> WidgetField:
    return WidgetField("attachment_id", label, Control.FILE, media_type=media_type, otherwise=0)


_DROPDOWN = _flag("dropdown", N_("To choose from, instead of a list"))
_COUNT = _flag("count", N_("With the number of posts"))
_URL = WidgetField(
    "url",
    N_("Its address, if it is elsewhere"),
    Control.ADDRESS,
    N_("Empty for one of the library."),
)
_LOOP = WidgetField("loop", N_("Begins again at its end"), Control.SWITCH)
_PRELOAD = WidgetField(
    "preload",
    N_("Loaded before somebody plays it"),
    Control.CHOICE,
    choices=(
        ("metadata", N_("only how long it is")),
        ("auto", N_("all of it")),
        ("none", N_("nothing")),
    ),
    otherwise="metadata",
)
_SIZES = (
    ("thumbnail", N_("as a thumbnail")),
    ("medium", N_("of medium size")),
    ("large", N_("large")),
    ("full", N_("as it is")),
)
_SIZE = WidgetField("size", N_("Size"), Control.CHOICE, choices=_SIZES, otherwise="medium")

WIDGET_FIELDS: Mapping[str, Sequence[WidgetField]] = {
    "block": (),
    "text": (),
    "custom_html": (),
    "archives": (_DROPDOWN, _COUNT),
    "calendar": (),
    "categories": (
        _DROPDOWN,
        _COUNT,
        _flag("hierarchical", N_("Each below the one that it belongs to")),
    ),
    "media_audio": (_file("audio", N_("File of the library")), _URL, _PRELOAD, _LOOP),
    "media_gallery": (
        WidgetField("ids", N_("Images"), Control.FILES, media_type="image", otherwise=()),
        _many("columns", N_("Columns"), 9, 3),
        _SIZE,
        WidgetField(
            "link_type",
            N_("An image leads"),
            Control.CHOICE,
            choices=(
                ("post", N_("to its page")),
                ("file", N_("to its file")),
                ("none", N_("to nothing")),
            ),
            otherwise="post",
        ),
        WidgetField("orderby_random", N_("In another order each time"), Control.SWITCH),
    ),
    "media_image": (
        _file("image", N_("Image of the library")),
        _URL,
        _SIZE,
        WidgetField("alt", N_("What the image shows, for who does not see it")),
        WidgetField("caption", N_("Caption")),
        WidgetField(
            "link_type",
            N_("The image leads"),
            Control.CHOICE,
            choices=(
                ("none", N_("to nothing")),
                ("file", N_("to its file")),
                ("post", N_("to its page")),
                ("custom", N_("to the address below")),
            ),
            otherwise="none",
        ),
        WidgetField("link_url", N_("Address that it leads to"), Control.ADDRESS),
    ),
    "media_video": (_file("video", N_("File of the library")), _URL, _PRELOAD, _LOOP),
    "meta": (),
    "nav_menu": (WidgetField("nav_menu", N_("Menu"), Control.MENU, otherwise=0),),
    "pages": (
        WidgetField(
            "sortby",
            N_("Order"),
            Control.CHOICE,
            choices=(
                ("post_title", N_("by title")),
                ("menu_order", N_("as it is set at the pages")),
                ("ID", N_("by when they were made")),
            ),
            otherwise="post_title",
        ),
        WidgetField(
            "exclude",
            N_("Without these pages"),
            help=N_("Their numbers, with commas between them."),
        ),
    ),
    "recent-comments": (_many("number", N_("How many"), 100, 5),),
    "recent-posts": (
        _many("number", N_("How many"), 100, 5),
        WidgetField("show_date", N_("With their dates"), Control.SWITCH),
    ),
    "rss": (
        WidgetField("url", N_("Address of the feed"), Control.ADDRESS),
        _many("items", N_("How many"), 20, 10),
        _flag("show_summary", N_("With what each is about")),
        _flag("show_author", N_("With who wrote it")),
        _flag("show_date", N_("With their dates")),
    ),
    "search": (),
    "tag_cloud": (
        WidgetField("taxonomy", N_("Terms of"), Control.TAXONOMY, otherwise="post_tag"),
        _flag("count", N_("With the number of posts")),
    ),
}
"""By the kind of the widget. Its title and its texts have controls of their own."""


def read(id_base: str, widget_id: str, form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings that the form says, and the faults of others, by the names of their inputs."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for one in WIDGET_FIELDS[id_base]:
        try:
            values[one.name] = one.sent(form, widget_id)
        except ValueError as fault:
            faults[one.of(widget_id)] = str(fault)
    return values, faults
