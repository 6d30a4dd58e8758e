"""What a plugin adds to the web application: lines of the menu, and panels on others' screens."""

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
