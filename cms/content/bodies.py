"""What a reader gets of a post, before a door gives it its form."""

from dataclasses import dataclass, replace
from typing import Any

from cms.content.models import Post
from cms.content.reading import PostView


@dataclass
class PostBody:
    """The body of one post on its way out; filters of this class may add to `fields`."""

    view: PostView
    context: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Beside:
    """The values that stand beside the words of a post, for who may not edit it. Filters of
    this class may withdraw them all."""

    post: Post
    is_withdrawn: bool = False

    def withdrawn(self) -> "Beside":
        return replace(self, is_withdrawn=True)
