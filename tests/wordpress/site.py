"""One of the two sites: its people, and the ids that it gave to the things that both have."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

# The kinds of numbers: what is a post to WordPress shares one row of numbers.
KINDS = {
    "posts": "posts",
    "pages": "posts",
    "media": "posts",
    "blocks": "posts",
    "navigation": "posts",
    "menu-items": "posts",
    "categories": "terms",
    "tags": "terms",
    "menus": "terms",
    "comments": "comments",
    "users": "users",
}
_PLACE = re.compile(r"\{([a-z-]+\.[a-z0-9-]+)\}")


@dataclass(frozen=True)
class Ask:
    """One request, with `{posts.first}` where a site puts the id that it gave to that post."""

    method: str
    path: str
    by: str = ""
    query: Mapping[str, Any] | None = None
    json: Any = None
    form: Mapping[str, Any] | None = None
    files: Mapping[str, Any] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    keep: str = ""

    def __str__(self) -> str:
        sent = self.json if self.json is not None else self.form
        words = [self.by or "anonymous", self.method, self.path]
        words += [str(dict(self.query))] if self.query else []
        words += [json.dumps(sent, ensure_ascii=False)[:160]] if sent is not None else []
        words += [str(dict(self.headers))] if self.headers else []
        return " ".join(words)


@dataclass
class Site:
    """A site that speaks WordPress's REST API, and people who have accounts there."""

    url: str
    people: Mapping[str, Mapping[str, Any]]
    ids: dict[str, int] = field(default_factory=dict)
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=60))

    async def send(self, ask: Ask) -> httpx.Response:
        """Send it with this site's ids; what it made is kept under its name."""
        auth = None
        if ask.by:
            person = self.people[ask.by]
            auth = httpx.BasicAuth(person["login"], person["application_password"])
        root = self.url if ask.path.startswith("/?rest_route") else f"{self.url}/wp-json"
        answer = await self.client.request(
            ask.method,
            root + self._placed(ask.path),
            params=self._placed(dict(ask.query)) if ask.query else None,
            json=self._placed(ask.json) if ask.json is not None else None,
            data=self._placed(dict(ask.form)) if ask.form is not None else None,
            files=ask.files,
            content=ask.content,
            headers=dict(ask.headers),
            auth=auth,
        )
        if ask.keep and answer.status_code < 300:
            self.ids[ask.keep] = answer.json()["id"]
        return answer

    def names(self) -> dict[str, dict[int, str]]:
        """Of each kind, what its numbers mean."""
        named: dict[str, dict[int, str]] = {}
        for name, number in self.ids.items():
            named.setdefault(KINDS[name.split(".")[0]], {})[number] = name
        return named

    def _placed(self, value: Any) -> Any:
        if isinstance(value, str):
            whole = _PLACE.fullmatch(value)
            if whole:
                return self.ids.get(whole[1], 999_999)
            return _PLACE.sub(lambda found: str(self.ids.get(found[1], 999_999)), value)
        if isinstance(value, Mapping):
            return {key: self._placed(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._placed(one) for one in value]
        return value
