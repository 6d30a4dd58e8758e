"""What a text is rendered among: all of it loaded before, so that rendering is pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Source:
    """One file of an image; `width` in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Image:
    """An image of the library with its files by the name of their size; `full` is always there."""

    id: int
    page: str
    alt: str
    caption: str
    sizes: Mapping[str, Source]

    def size(self, name: str) -> Source:
        return self.sizes.get(name) or self.sizes["full"]


@dataclass(frozen=True)
class Shortcode:
    """`[name key="value"]content[/name]`. `render` gives HTML and must escape what it takes over;
    what it was given may be anything that passed the cleaning."""

    name: str
    render: "Callable[[Call, Surroundings], str]"


@dataclass(frozen=True)
class Call:
    """A shortcode as it stands in a text; `content` is None without a closing tag."""

    name: str
    attributes: Mapping[str, str]
    positional: tuple[str, ...] = ()
    content: str | None = None
    number: int = 1  # the which call of this shortcode in the text


@dataclass(frozen=True)
class DynamicBlock:
    """A block whose HTML is made on rendering, from its attributes and its rendered inner HTML."""

    name: str
    render: "Callable[[Mapping[str, Any], str, Surroundings], str]"


@dataclass(frozen=True)
class Surroundings:
    """`images` by the id of their attachment, `patterns` the stored markup of reusable blocks by
    their id. What a text refers to and is not here is left out."""

    post_id: int = 0
    images: Mapping[int, Image] = field(default_factory=lambda: _NOTHING)
    patterns: Mapping[int, str] = field(default_factory=lambda: _NOTHING)
    shortcodes: Mapping[str, Shortcode] = field(default_factory=lambda: _NOTHING)
    dynamic_blocks: Mapping[str, DynamicBlock] = field(default_factory=lambda: _NOTHING)


ALONE = Surroundings()
