"""What is told of people on their way out through REST, open to plugins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass
class UserBody:
    """The body of one person. `context` is WordPress's view, edit or embed."""

    user_id: int
    context: str
    fields: dict[str, Any]


@dataclass
class UserBodies:
    """The bodies of one answer; filters of this class may add to the `fields` of each. They come
    together, so that a list of people is not asked about one by one."""

    bodies: Sequence[UserBody]
