"""What the form of a post sent, as plugins see it. It knows no web framework: their filters
are registered in every process."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cms.admin.forms import Form


@dataclass(frozen=True)
class SentParts:
    """What the form of a post sent for the parts of plugins. Filters of this class add what the
    inputs of their panels at `post.form` held; `before` are the parts as they are stored."""

    post_type: str
    form: "Form"
    before: Mapping[str, Mapping[str, Any]]
    parts: Mapping[str, Mapping[str, Any]]

    def with_value(self, part: str, name: str, value: Any) -> "SentParts":
        """The same with one value more."""
        own = {**self.parts.get(part, {}), name: value}
        return replace(self, parts={**self.parts, part: own})
