"""What a reader gets of a post, before a door gives it its form."""

from dataclasses import dataclass
from typing import Any

from cms.content.reading import PostView


@dataclass
class PostBody:
    """The body of one post on its way out; filters of this class may add to `fields`."""

    view: PostView
    context: str
    fields: dict[str, Any]
