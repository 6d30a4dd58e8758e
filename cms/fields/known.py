"""What values refer to, as this reader may see it: posts, media, terms and people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.content.attachment_reading import MediaView
from cms.content.reading import PostView
from cms.kernel.declarations import PostType, Taxonomy
from cms.media.models import MediaRecord


@dataclass(frozen=True)
class KnownPost:
    """A post that this reader may read, and where it stands on the public site. `view` is what
    readers get of it, absent where only its being there was asked; `record` are the files of an
    attachment. `is_closed`: who reads it must give a password first."""

    post: Any
    post_type: PostType
    path: str = ""
    view: PostView | None = None
    record: MediaRecord | None = None
    parent: Any = None

    @property
    def id(self) -> int:
        return int(self.post.id)

    @property
    def is_media(self) -> bool:
        return self.post_type.name == "attachment"

    @property
    def is_closed(self) -> bool:
        return bool(self.post.password)

    @property
    def title(self) -> str:
        """Of what readers get; the row's where no text was read."""
        return str(self.view.revision.title if self.view else self.post.title)

    @property
    def media(self) -> MediaView | None:
        """The attachment with its files; None for any other post."""
        if self.view is None or self.record is None:
            return None
        return MediaView(self.view, self.record, self.parent)

    @property
    def terms(self) -> Mapping[str, Sequence[int]]:
        """What it is filed under, by taxonomy."""
        return self.view.revision.terms if self.view else {}


@dataclass(frozen=True)
class KnownTerm:
    """A term; `count` is how many published posts it holds, where that was asked."""

    term: Any
    taxonomy: Taxonomy
    count: int = 0
    path: str = ""


@dataclass(frozen=True)
class KnownUser:
    """Somebody with her roles. `is_open`: the reader may list people, and so may know what others
    do not: how she signs in, her address, her roles. `is_public`: everybody may see her."""

    user: Any
    roles: Sequence[str] = ()
    is_open: bool = False
    path: str = ""
    is_public: bool = False
