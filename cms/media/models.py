"""Which bytes belong to which attachment."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment


class MediaRecord(Base):
    """The files of one attachment. `stem` is the public path up to where sizes differ, and is never
    given out again, so that an address always means the same picture. The row outlives its bytes:
    `removed_at` takes them from readers, `erased_at` says that they are gone."""

    __tablename__ = "media_files"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    stem: Mapped[CText]
    mime_type: Mapped[CText]
    width: Mapped[int]
    height: Mapped[int]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    original: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[Moment]
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def folder(self) -> str:
        """Year and month, as WordPress sorts uploads."""
        return self.stem.rpartition("/")[0]

    @property
    def is_image(self) -> bool:
        return self.mime_type.startswith("image/")

    @property
    def full(self) -> dict[str, Any]:
        """The file that stands for the attachment."""
        return next(one for one in self.files if one["size"] == "full" and not one["variant"])

    def file(self, name: str) -> dict[str, Any] | None:
        """The file of this name, if it is one of them."""
        return next((one for one in self.files if one["name"] == name), None)

    def key(self, name: str) -> str:
        """Where the storage has a public file."""
        return f"{self.tenant_id}/uploads/{self.folder}/{name}"

    def keys(self) -> list[str]:
        """Everything that the storage has of it, the private original too."""
        original = [str(self.original["key"])] if self.original else []
        return [*(self.key(one["name"]) for one in self.files), *original]
