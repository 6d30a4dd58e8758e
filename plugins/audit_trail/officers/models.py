"""What officers keep on their desk."""

from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, Moment, TenantRow

DESK = "audit_desk"
PROTECTED_HERE = ({"schema": DESK, "info": {"protected": True}},)


class Search(TenantRow, Base):
    """A question that is asked again and again; a shared one is everybody's who may look."""

    __tablename__ = "searches"
    __table_args__ = PROTECTED_HERE

    name: Mapped[str] = mapped_column(Text)
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB)
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    is_shared: Mapped[bool]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
