"""Addresses of the old site inside texts: plain, in attributes, in srcset, escaped in JSON."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from cms.exchange.wxr import Channel

UPLOADS = "/wp-content/uploads/"


def upload_of(path: str) -> str:
    """The path below the uploads, decoded; empty for any other path."""
    plain = unquote(path.replace("\\", "")).rstrip(".")
    return plain.removeprefix(UPLOADS) if plain.startswith(UPLOADS) else ""


class Rewriter:
    """Puts the new site's address where the old one stood. Files stay where they are until they
    are here themselves: an address that leads nowhere helps no reader."""

    def __init__(self, old: str, new: str, uploads: str = "") -> None:
        self._new = new.rstrip("/")
        parts = urlsplit(old if "://" in old else f"http://{old}")
        self._host, self._path = parts.netloc.lower(), parts.path.rstrip("/")
        self._pattern = self._compiled() if self._host else None
        self._uploads = (uploads or f"{self._new}{UPLOADS}").rstrip("/")
        self.files: dict[str, str] = {}
        """Files that are here by now: the path below the old uploads, and the one below ours."""

    @classmethod
    def of(cls, channel: Channel, new: str, uploads: str = "") -> "Rewriter":
        """`uploads` is the address below which files are found here, when it is another one."""
        return cls(channel.base_blog_url or channel.link or channel.base_site_url, new, uploads)

    def _compiled(self) -> re.Pattern[str]:
        """The address with `/` or `\\/`, of either scheme or none; not the beginning of a longer
        host name, nor the end of another address."""
        slash = r"(?:\\?/)"
        path = "".join(slash + re.escape(part) for part in self._path.split("/") if part)
        return re.compile(
            rf"(?<![\w.:-])(?P<scheme>https?:)?(?P<slashes>{slash}{slash}){re.escape(self._host)}"
            rf"{path}(?![\w.:@-]*\w)(?P<rest>(?:\\?/[\w%.~-]+){{0,12}})",
            re.IGNORECASE,
        )

    def path_of(self, address: str) -> str:
        """The path of an address of the old site; empty for any other, and for one by id."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        is_ours = self._host and parts.netloc.lower() == self._host
        if not is_ours or parts.query or not parts.path.startswith(f"{self._path}/"):
            return ""
        return parts.path[len(self._path) :]

    def uploads_in(self, *texts: str) -> set[str]:
        """Paths below the old uploads that the texts name."""
        if self._pattern is None:
            return set()
        found = (one for text in texts if self._host in text.lower() for one in self._found(text))
        return {path for one in found if (path := upload_of(one["rest"]))}

    def _found(self, text: str) -> Iterator[re.Match[str]]:
        return self._pattern.finditer(text) if self._pattern is not None else iter(())

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
            is_escaped = "\\" in found["slashes"]
            if rest.replace("\\", "").startswith(UPLOADS):
                old = upload_of(rest)
                if old not in self.files:
                    left += 1
                    return found[0]
                done += 1
                here = f"{self._uploads}/{self.files[old]}" + "." * (
                    len(rest) - len(rest.rstrip("."))
                )
                return here.replace("/", "\\/") if is_escaped else here
            done += 1
            new = self._new.replace("/", "\\/") if is_escaped else self._new
            return new + rest

        return self._pattern.sub(replaced, text), done, left
