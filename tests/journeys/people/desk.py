"""Somebody at the web application, who types one address and goes on by what she sees."""

from collections.abc import Mapping
from typing import Any, Self

from playwright.async_api import Locator, Page, expect

from tests.browser.walking import NARROW, USUAL, Walk
from tests.support.chromium import Site
from tests.support.clinic import Person

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


class Desk:
    """A window of hers, in the words of who works in it: the names that she reads."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def of(cls, site: Site, person: Person | None = None, **options: Any) -> Self:
        """At the overview; without a person at the sign-in."""
        desk = cls(await site.page(person, **options))
        await desk.comes()
        return desk

    async def comes(self) -> None:
        """The one address that everybody knows."""
        await self.page.goto("/admin")

    async def opens(self, line: str) -> None:
        """A line of the main menu, which is folded where there is little room."""
        menu = self.page.locator("nav.menu")
        link = menu.get_by_role("link", name=line, exact=True)
        await menu.wait_for()
        if not await link.is_visible():
            await menu.locator("summary").click()
        await link.click()

    async def follows(self, link: str, *, exact: bool = False) -> None:
        """The first link of the page, beside its menu, that is called so."""
        await self.main.get_by_role("link", name=link, exact=exact).first.click()

    async def presses(self, button: str, *, within: Locator | None = None) -> None:
        await (within or self.main).get_by_role("button", name=button, exact=True).first.click()

    async def fills(self, values: Mapping[str, str]) -> None:
        """Fields by their labels; a select by what its choice says or stands for."""
        for label, value in values.items():
            field = self.field(label)
            if await field.evaluate("one => one.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)

    def field(self, label: str) -> Locator:
        """Needed fields say so in their labels."""
        found = self.main.get_by_label(label, exact=True)
        for needed in ("required", "obrigatório"):
            found = found.or_(self.main.get_by_label(f"{label} ({needed})", exact=True))
        return found.first

    async def writes(self, text: str, *, after: str = "") -> None:
        """In the editor: at the end of the paragraph with these words, or of what is there."""
        editor = self.page.locator("cms-editor .ProseMirror")
        where = editor.locator("p", has_text=after) if after else editor
        await where.first.click()
        await self.page.keyboard.press("End" if after else "Control+End")
        await self.page.keyboard.type(text)
        await expect(editor).to_contain_text(text)

    async def reads(self, words: str) -> None:
        """What she looks for stands there."""
        await expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()

    async def is_told(self, words: str) -> None:
        """What the page says of the step that was just taken, to screen readers too."""
        await expect(self.page.locator("#told")).to_contain_text(words)

    async def is_for_everybody(self) -> None:
        """What only a form leads to is looked at here, as the lines of the menu are elsewhere: WCAG
        2.2, level AA, as far as a machine can say it, in both themes; and no wider than a phone."""
        walk, usual = Walk(self.page), self.page.viewport_size
        for theme in ("light", "dark"):
            await walk.is_accessible(self.page.url, theme)
        await self.page.emulate_media(color_scheme="null", reduced_motion="null")
        await walk.fits(NARROW, self.page.url)
        await self.page.set_viewport_size(usual or USUAL)
        assert not walk.faults, "\n".join(walk.faults)

    async def fits(self) -> None:
        """Nothing is wider than the window (WCAG 2.2, 1.4.10)."""
        wide, room = await self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room, self.page.url

    @property
    def main(self) -> Locator:
        return self.page.locator("main")
