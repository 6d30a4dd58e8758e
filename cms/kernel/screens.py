"""What a plugin adds to the web application: lines of the menu, panels on others' screens, steps of
its lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "work": "My work",
        "content": "Content",
        "review": "Review",
        "compliance": "Compliance",
        "people": "People",
        "site": "Site",
        "system": "System",
    }
)
"""The sections of the menu, in their order, with what English readers see."""


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """A line of the menu. It is shown to who has the capability of the action, or the one that is
    named; the screen itself asks the policy. `label` is English and stands in the plugin's
    translations. `icon` names one of the web application's, see `templates/frame/icons.html`."""

    section: str
    label: str
    path: str
    action: str
    capability: str = ""
    icon: str = ""
    order: int = 50

    def __post_init__(self) -> None:
        if self.section not in SECTIONS:
            raise ValueError(f"menu section {self.section!r} must be one of {', '.join(SECTIONS)}")
        if not self.path.startswith("/admin"):
            raise ValueError(f"menu path {self.path!r} must begin with /admin")


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of a screen that somebody else draws. `where` names the place, such as `home` or
    `post.edit`; `draw` is the dotted name of a coroutine `(page, **about)` that returns markup, or
    nothing when there is nothing to show to this person."""

    where: str
    draw: str
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class ListStep:
    """What a plugin does with the posts that are ticked in a list. The screen at `path` gets them
    as `post`, and the address of the list as `query`, and shows what it would change before it
    does. It is offered to who has the capability of the action; `of_reviewed`: for reviewed types
    alone. `label` is English and stands in the plugin's translations."""

    name: str
    label: str
    path: str
    action: str
    of_reviewed: bool = False

    def __post_init__(self) -> None:
        if not self.path.startswith("/admin/"):
            raise ValueError(f"the path {self.path!r} of a step must begin with /admin/")
