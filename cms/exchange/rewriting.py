"""Addresses of the old site inside texts: plain, in attributes, in srcset, escaped in JSON."""

import re
from urllib.parse import urlsplit

from cms.exchange.wxr import Channel

UPLOADS = "/wp-content/uploads/"


class Rewriter:
    """Puts the new site's address where the old one stood. Files stay where they are until they
    are here themselves: an address that leads nowhere helps no reader."""

    def __init__(self, old: str, new: str) -> None:
        self._new = new.rstrip("/")
        parts = urlsplit(old if "://" in old else f"http://{old}")
        self._host, self._path = parts.netloc.lower(), parts.path.rstrip("/")
        self._pattern = self._compiled() if self._host else None

    @classmethod
    def of(cls, channel: Channel, new: str) -> "Rewriter":
        return cls(channel.base_blog_url or channel.link or channel.base_site_url, new)

    def _compiled(self) -> re.Pattern[str]:
        """The address with `/` or `\\/`, of either scheme or none; not the beginning of a longer
        host name, nor the end of another address."""
        slash = r"(?:\\?/)"
        path = "".join(slash + re.escape(part) for part in self._path.split("/") if part)
        return re.compile(
            rf"(?<![\w.:-])(?P<scheme>https?:)?(?P<slashes>{slash}{slash}){re.escape(self._host)}"
            rf"{path}(?![\w.:@-]*\w)(?P<rest>(?:\\?/[\w%.~-]+){{0,3}})",
            re.IGNORECASE,
        )

    def __call__(self, text: str) -> str:
        return self.counted(text)[0]

    def counted(self, text: str) -> tuple[str, int, int]:
        """The text, how many addresses were rewritten, and how many lead to files that stay."""
        if self._pattern is None or self._host not in text.lower():
            return text, 0, 0
        done, left = 0, 0

        def replaced(found: re.Match[str]) -> str:
            nonlocal done, left
            rest = found["rest"]
            if rest.replace("\\", "").startswith(UPLOADS):
                left += 1
                return found[0]
            done += 1
            new = self._new.replace("/", "\\/") if "\\" in found["slashes"] else self._new
            return new + rest

        return self._pattern.sub(replaced, text), done, left
