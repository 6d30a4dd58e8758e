"""The words of the audit trail. Every room and every plugin has one enumeration of them.

A tag reads `source:subject:action`. Events and actions name members, so a misspelt tag is found by
the type checker; the registry refuses at the start what no vocabulary of the same plugin declares.
"""

import re
from enum import StrEnum

TAG = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")


class AuditTag(StrEnum):
    """Base of the vocabularies: `POST_CREATE = "content:post:create"`."""

    def __init__(self, *_: object) -> None:
        if not TAG.fullmatch(self.value):
            raise ValueError(f"audit tag {self.value!r} must read like 'content:post:publish'")

    @property
    def source(self) -> str:
        """The room or plugin that speaks."""
        return self.value.partition(":")[0]


class HostTag(AuditTag):
    """What every unit of work can say."""

    ACTION_REFUSE = "host:action:refuse"
