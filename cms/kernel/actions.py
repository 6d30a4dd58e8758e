"""The action table: capability, policy action and audit tag of each thing that can be done."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from cms.kernel.vocabulary import TAG

_NAME = re.compile(r"[a-z_]+\.[a-z_]+")


class Action(msgspec.Struct, frozen=True):
    """`name` is what a policy speaks of, `capability` what WordPress would ask for, `tag` what the
    audit trail says (`source:subject:action`, a member of the room's vocabulary). No capability:
    the policy alone decides."""

    name: str
    resource: str
    tag: str
    capability: str | None = None
    reads: bool = False
    summary: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"action {self.name!r} must read like 'post.publish'")
        if not TAG.fullmatch(self.tag):
            raise ValueError(f"audit tag {self.tag!r} must read like 'content:post:publish'")


class ActionTable:
    """All actions of the host and its plugins, by name. Two of one name are refused."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._by_name: dict[str, Action] = {}
        for action in actions:
            if action.name in self._by_name:
                raise ValueError(f"action {action.name!r} is declared twice")
            self._by_name[action.name] = action

    def __getitem__(self, name: str) -> Action:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Action]:
        return iter(sorted(self._by_name.values(), key=lambda action: action.name))
