"""WordPress's statuses. A review has stages of its own; `pending` only says "submitted"."""

from enum import StrEnum


class Status(StrEnum):
    PUBLISH = "publish"
    FUTURE = "future"
    DRAFT = "draft"
    PENDING = "pending"
    PRIVATE = "private"
    TRASH = "trash"
    AUTO_DRAFT = "auto-draft"
    INHERIT = "inherit"

    @property
    def is_public(self) -> bool:
        return self is Status.PUBLISH

    @property
    def is_published(self) -> bool:
        """Counts as published for the edit_published and delete_published capabilities."""
        return self in {Status.PUBLISH, Status.FUTURE}

    @property
    def shows_revision(self) -> bool:
        """Whether a post of this status has a live revision that somebody other than its editors
        reads."""
        return self in {Status.PUBLISH, Status.PRIVATE}
