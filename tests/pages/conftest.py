"""A site that is drawn here, and its pages as a reader's browser reads them."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.support.clinic import Clinic, Person


@dataclass
class Seen:
    """A page that was answered."""

    answer: httpx.Response

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.answer.text)

    def texts(self, selector: str) -> list[str]:
        return [" ".join(one.text().split()) for one in self.tree.css(selector)]

    def text(self, selector: str) -> str:
        (found,) = self.texts(selector)
        return found

    def values(self, selector: str, attribute: str) -> list[str]:
        return [one.attributes.get(attribute) or "" for one in self.tree.css(selector)]


@dataclass
class Site:
    """The clinic's public site, and an editor who writes for it."""

    cms: Clinic
    editor: Person

    async def see(self, path: str, **options: Any) -> Seen:
        return Seen(await self.cms.http.get(path, **options))

    async def send(self, path: str, fields: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.cms.http.post(path, data=fields, headers=headers)

    async def post(self, base: str = "posts", **fields: Any) -> dict[str, Any]:
        """A published text."""
        return await self.cms.draft(self.editor, base, **{"status": "publish", **fields})

    async def path(self, base: str = "posts", **fields: Any) -> str:
        return str((await self.post(base, **fields))["link"]).removeprefix("http://clinica.example")


@pytest.fixture
async def site(cms: Clinic) -> Site:
    await cms.set_options(serves_pages=True, language="pt-BR")
    return Site(cms, await cms.person("edith.editora", ["administrator"]))
