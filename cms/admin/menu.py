"""The menu: what this person can go to, by section."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cms.admin.menu_entries import MENU
from cms.kernel.actors import Actor
from cms.kernel.registry import Registry
from cms.kernel.screens import SECTIONS, MenuEntry


class Link(NamedTuple):
    """A line of the menu; `label` is English, the template translates it."""

    label: str
    path: str
    icon: str
    is_here: bool


@dataclass(frozen=True)
class Section:
    label: str
    links: tuple[Link, ...]


def menu_of(registry: Registry, actor: Actor, here: str) -> Sequence[Section]:
    """The sections in which the person may see something. The capability decides what is shown;
    the policy decides again when she goes there."""
    listed = (*MENU, *_of_types(registry), *registry.each("menu"))
    entries = sorted(listed, key=lambda entry: entry.order)
    seen = [entry for entry in entries if _may_see(registry, actor, entry)]
    current = max(
        (entry.path for entry in seen if _is_below(here, entry.path)), key=len, default=""
    )
    sections = []
    for name, label in SECTIONS.items():
        links = tuple(
            Link(entry.label, entry.path, entry.icon, entry.path == current)
            for entry in seen
            if entry.section == name
        )
        if links:
            sections.append(Section(label, links))
    return sections


def _of_types(registry: Registry) -> Iterator[MenuEntry]:
    """A line for each type of content, those of the site too."""
    for place, one in enumerate(registry.post_types.values()):
        if one.rest_controller == "posts":
            yield MenuEntry(
                section="content",
                label=one.label,
                path=f"/admin/posts?type={one.name}",
                action="post.list",
                capability=one.capability("edit"),
                icon="pages" if one.is_hierarchical else "text",
                order=10 + place,
            )


def _may_see(registry: Registry, actor: Actor, entry: MenuEntry) -> bool:
    capability = entry.capability or registry.actions[entry.action].capability
    return capability is None or actor.has(capability)


def _is_below(here: str, path: str) -> bool:
    return here == path or (path != "/admin" and here.startswith(f"{path}/"))
