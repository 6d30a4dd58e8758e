"""Menus with their items and places, and the widgets of the sidebars."""

from typing import Any

from sqlalchemy import BigInteger, Computed, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow


class Menu(TenantRow, Base):
    """Its id is of the terms' space: WordPress knows a menu as a term of `nav_menu`."""

    __tablename__ = "menus"
    __table_args__ = (PROTECTED,)

    name: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"), Computed("cms.fold(name)"))
    slug: Mapped[CText]
    description: Mapped[str] = mapped_column(Text, default="")
    auto_add: Mapped[bool] = mapped_column(default=False)


class MenuItem(TenantRow, Base):
    """Its id is of the posts' space: WordPress knows an item as a post of `nav_menu_item`. Of what
    it points to only the id is kept, so that title and address are always the current ones."""

    __tablename__ = "menu_items"
    __table_args__ = (PROTECTED,)

    menu_id: Mapped[int | None] = mapped_column(BigInteger)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[CText]
    position: Mapped[int]
    kind: Mapped[CText]
    object: Mapped[CText]
    object_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(Text)
    slug: Mapped[CText]
    url: Mapped[str] = mapped_column(Text)
    attr_title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    target: Mapped[CText]
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    xfn: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[Moment]
    modified_at: Mapped[Moment]


class MenuLocation(Base):
    """A place of the theme and the menu that is shown there."""

    __tablename__ = "menu_locations"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    location: Mapped[CText] = mapped_column(primary_key=True)
    menu_id: Mapped[int] = mapped_column(BigInteger)


class Widget(Base):
    """A widget in a sidebar; `instance` is what it was set to."""

    __tablename__ = "widgets"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id_base: Mapped[CText] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sidebar: Mapped[CText]
    position: Mapped[int]
    instance: Mapped[dict[str, Any]] = mapped_column(JSONB)

    @property
    def id(self) -> str:
        """As WordPress writes it, such as `block-2`."""
        return f"{self.id_base}-{self.number}"
