"""What happens to files. The trail keeps the hash of what readers got when the bytes are gone."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject

_FILES: tuple[str, ...] = ("cms.media_files",)


class _OfMedia(Event, frozen=True):
    """An event about the files of one attachment."""

    covers: ClassVar[tuple[str, ...]] = _FILES
    post_id: int
    sha256: str

    def subject(self) -> Subject:
        return Subject("media", self.post_id, self.sha256)


class MediaUploaded(_OfMedia, frozen=True):
    """A file was taken, stripped of what tells of people, and stored with its sizes."""

    tag = "media:file:upload"


class MediaRenewed(_OfMedia, frozen=True):
    """The sizes of a picture were made anew."""

    tag = "media:file:renew"


class MediaRemoved(_OfMedia, frozen=True):
    """An attachment was deleted: readers get none of its files any more."""

    tag = "media:file:remove"
    covers = ("cms.posts", *_FILES)
    risk: ClassVar[Risk] = Risk.MEDIUM


class MediaErased(_OfMedia, frozen=True):
    """The bytes of a deleted attachment, its original too, are gone from the storage."""

    tag = "media:file:erase"


EVENTS = (MediaUploaded, MediaRenewed, MediaRemoved, MediaErased)
