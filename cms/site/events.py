"""What happens to menus and widgets. Texts stay out; what changed is told by field."""

from cms.kernel.events import Event, Subject
from cms.site.vocabulary import SiteTag

_MENU = ("cms.menus", "cms.menu_locations")


class MenuCreated(Event, frozen=True):
    """A menu was added."""

    tag = SiteTag.MENU_CREATE
    covers = _MENU
    menu_id: int

    def subject(self) -> Subject:
        return Subject("menu", self.menu_id)


class MenuChanged(Event, frozen=True):
    """A menu was renamed, described anew, or is shown elsewhere."""

    tag = SiteTag.MENU_EDIT
    covers = _MENU
    menu_id: int

    def subject(self) -> Subject:
        return Subject("menu", self.menu_id)


class MenuDeleted(Event, frozen=True):
    """A menu is gone with all its items."""

    tag = SiteTag.MENU_DELETE
    covers = (*_MENU, "cms.menu_items")
    menu_id: int

    def subject(self) -> Subject:
        return Subject("menu", self.menu_id)


class MenuItemCreated(Event, frozen=True):
    """An item was added to a menu, or to none."""

    tag = SiteTag.MENU_ITEM_CREATE
    covers = ("cms.menu_items",)
    item_id: int
    menu_id: int | None

    def subject(self) -> Subject:
        return Subject("menu_item", self.item_id)


class MenuItemChanged(Event, frozen=True):
    """An item was changed or moved; those below it move with it."""

    tag = SiteTag.MENU_ITEM_EDIT
    covers = ("cms.menu_items",)
    item_id: int
    menu_id: int | None

    def subject(self) -> Subject:
        return Subject("menu_item", self.item_id)


class MenuItemDeleted(Event, frozen=True):
    """An item is gone; those below it took its place."""

    tag = SiteTag.MENU_ITEM_DELETE
    covers = ("cms.menu_items",)
    item_id: int
    menu_id: int | None

    def subject(self) -> Subject:
        return Subject("menu_item", self.item_id)


class WidgetsChanged(Event, frozen=True):
    """Widgets of sidebars were added, set, moved or removed; `before` and `after` name them."""

    tag = SiteTag.WIDGET_EDIT
    covers = ("cms.widgets",)

    def subject(self) -> Subject:
        return Subject("widget")


EVENTS = (
    MenuCreated,
    MenuChanged,
    MenuDeleted,
    MenuItemCreated,
    MenuItemChanged,
    MenuItemDeleted,
    WidgetsChanged,
)
