"""What is told of a person on her way out through REST, open to plugins."""

from dataclasses import dataclass
from typing import Any


@dataclass
class UserBody:
    """The body of one person; filters of this class may add to `fields`. `context` is WordPress's
    view, edit or embed."""

    user_id: int
    context: str
    fields: dict[str, Any]
