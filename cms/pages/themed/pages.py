"""A page of the site under way: what it is drawn from, and the answer that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from litestar import Request, Response

from cms.api import themed
from cms.database.work import UnitOfWork
from cms.errors import CmsError
from cms.pages.answers import cached
from cms.pages.themed.texts import Texts
from cms.rest.shape import front_url, site_url, uploads_url
from cms.site import chrome
from cms.site.themes import Theme, ThemeFault

Asked = Request[Any, Any, Any]
Facts = dict[str, Any]

SECONDS = 60
"""For how long caches may keep a page: as long as what `resolve` says of its address."""


def is_served(request: Asked, work: UnitOfWork) -> bool:
    """Whether the site's pages are drawn here: it wants that, and readers see it here."""
    site = work.tenant.site
    return site.serves_pages and _host(front_url(request, site)) == _host(site_url(request))


def _host(address: str) -> str:
    return address.partition("//")[2].partition("/")[0].lower()


@dataclass(frozen=True)
class Page:
    """One page for one reader."""

    request: Asked
    work: UnitOfWork
    theme: Theme

    @classmethod
    def of(cls, request: Asked, work: UnitOfWork) -> Self:
        return cls(request, work, themed.theme_of(work))

    @property
    def texts(self) -> Texts:
        return Texts(self.request, self.work, self.theme)

    @property
    def front(self) -> str:
        return front_url(self.request, self.work.tenant.site)

    @property
    def words(self) -> Any:
        return self.theme.says(self.work.tenant.language)

    async def around(self) -> Facts:
        return await chrome.around(self.work, self.theme, self._where)

    def bare(self) -> Facts:
        """For a page that nothing leads away from."""
        return chrome.bare(self.work, self.theme, self._where)

    @property
    def _where(self) -> chrome.Where:
        return chrome.Where(self.front, uploads_url(self.request))

    def head(
        self, title: str, path: str, *, description: str = "", robots: str = "", feed: str = ""
    ) -> Facts:
        """What the head of a page says of it; a site that hides is in no index."""
        hidden = "" if self.work.tenant.site.blog_public else "noindex, nofollow"
        return {
            "title": title,
            "canonical": f"{self.front}{path}" if path else "",
            "description": description,
            "robots": robots or hidden,
            "feed": f"{self.front}{feed}" if feed else "",
            "kind": "",
        }

    def answer(
        self, template: str, facts: Mapping[str, Any], *, modified: datetime | None = None
    ) -> Response[bytes]:
        """A page that everybody gets alike, with a validator for caches."""
        try:
            body = self.theme.draw(template, facts).encode()
        except ThemeFault:
            return themed.apology(self.request)
        sent = themed.security(self.request)
        return cached(
            self.request, body, themed.HTML, seconds=SECONDS, modified=modified, headers=sent
        )

    def own(
        self,
        template: str,
        facts: Mapping[str, Any],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response[bytes]:
        """A page for this reader only."""
        return themed.page(
            self.request, self.theme, template, facts, status=status, headers=headers
        )

    async def refusal(
        self, error: CmsError, headers: Mapping[str, str] | None = None
    ) -> Response[bytes]:
        """A page of the site that says why there is no other."""
        return themed.refusal(self.request, self.theme, await self.around(), error, headers)
