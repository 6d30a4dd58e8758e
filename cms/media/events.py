"""What happens to files. The trail keeps the hash of what readers got when the bytes are gone."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.media.vocabulary import MediaTag

_FILES = ("cms.media_files",)


class MediaUploaded(Event, frozen=True):
    """A file was taken, stripped of what tells of people, and stored with its sizes."""

    tag = MediaTag.FILE_UPLOAD
    covers = _FILES
    post_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("media", self.post_id, self.content_hash)


class MediaRenewed(Event, frozen=True):
    """The sizes of a picture were made anew."""

    tag = MediaTag.FILE_RENEW
    covers = _FILES
    post_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("media", self.post_id, self.content_hash)


class MediaRemoved(Event, frozen=True):
    """An attachment was deleted: readers get none of its files any more."""

    tag = MediaTag.FILE_REMOVE
    covers = ("cms.posts", *_FILES)
    risk: ClassVar[Risk] = Risk.MEDIUM
    post_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("media", self.post_id, self.content_hash)


class MediaErased(Event, frozen=True):
    """The bytes of a deleted attachment, its original too, are gone from the storage."""

    tag = MediaTag.FILE_ERASE
    covers = _FILES
    post_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("media", self.post_id, self.content_hash)


EVENTS = (MediaUploaded, MediaRenewed, MediaRemoved, MediaErased)
