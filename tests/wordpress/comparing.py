"""Two answers made comparable - ids become names, hosts and the present time go - and compared."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.wordpress.site import KINDS, Site

_LONG = 60

HEADERS = ("x-wp-total", "x-wp-totalpages", "link", "allow", "content-type", "location")

# Under these keys stand ids of that kind.
_KEYS = {
    "author": "users",
    "post": "posts",
    "featured_media": "posts",
    "categories": "terms",
    "tags": "terms",
    "menus": "terms",
    "term_id": "terms",
    "page_on_front": "posts",
    "page_for_posts": "posts",
    "default_category": "terms",
    "menu": "terms",
}
_MADE = ("registered_date", "created", "last_used")
_IN_ADDRESS = re.compile(r"/wp/v2/([a-z-]+)/(\d+)")
_IN_QUERY = re.compile(r"\b(post|parent|p|page_id|attachment_id|categories|tags|menus)=(\d+)")
_ANSWERS = re.compile(r"(/wp/v2/comments\?parent=)(\d+)")
_IN_ANCHOR = re.compile(r"#comment-(\d+)")
_REVISION = re.compile(r"(/revisions/|/autosaves/|-revision-v1|-autosave-v1)(\d*)")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Difference:
    """Where, and what stands there in either answer."""

    where: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        ours, theirs = self.ours, self.theirs
        if isinstance(ours, str) and isinstance(theirs, str):
            # Of long texts, the place where they part.
            pairs = enumerate(zip(ours, theirs, strict=False))
            same = next((at for at, (one, other) in pairs if one != other), 0)
            if same > _LONG:
                ours, theirs = f"…{ours[same - 40 :]}", f"…{theirs[same - 40 :]}"
        return f"{self.where}: ours {_short(ours)}, WordPress {_short(theirs)}"


def compare(
    ours: tuple[Site, httpx.Response], theirs: tuple[Site, httpx.Response]
) -> list[Difference]:
    """All that differs between the answers of the two sites to one request."""
    one, other = Plain(*ours), Plain(*theirs)
    found = []
    if one.answer.status_code != other.answer.status_code:
        codes = [_code(side.answer) for side in (one, other)]
        return [Difference("status", *codes)]
    for name in HEADERS:
        left, right = one.header(name), other.header(name)
        if left != right:
            found.append(Difference(f"header {name}", left, right))
    found += _compared("", one.body(), other.body())
    return found


class Plain:
    """An answer without what cannot be the same on two machines."""

    def __init__(self, site: Site, answer: httpx.Response) -> None:
        self.site, self.answer, self.names = site, answer, site.names()
        self.now = datetime.now(UTC)

    def header(self, name: str) -> str:
        value = self.answer.headers.get(name, "")
        if name == "content-type":
            return value.lower().replace("; ", ";")
        return self.text(value)

    def body(self) -> Any:
        if not self.answer.content:
            return None
        try:
            return self.plain(json.loads(self.answer.content), "")
        except ValueError:
            return self.text(self.answer.text)

    def plain(self, value: Any, key: str, kind: str = "") -> Any:
        if isinstance(value, Mapping):
            kind = _kind_of(value) or kind
            if key in ("avatar_urls", "author_avatar_urls"):
                return dict.fromkeys(value, "<avatar>")
            return {self.text(name): self.plain(one, name, kind) for name, one in value.items()}
        if isinstance(value, list):
            return [self.plain(one, key, kind) for one in value]
        if isinstance(value, str):
            return f"<{key}>" if key in _MADE and value else self.text(value)
        if isinstance(value, int) and not isinstance(value, bool):
            if key == "object_id":
                kind = "terms" if kind == "items of terms" else "posts"
                return self.number(value, kind)
            shown_in = "posts" if kind == "items of terms" else kind
            own = shown_in if key in ("id", "parent") else ""
            return self.number(value, _KEYS.get(key) or own)
        return value

    def number(self, value: int, kind: str) -> Any:
        if not kind or not value:
            return value
        return self.names.get(kind, {}).get(value, "<id>")

    def text(self, value: str) -> str:
        value = value.replace(self.site.url, "http://site")
        value = _IN_ADDRESS.sub(self._named, value)
        value = _ANSWERS.sub(
            lambda found: f"{found[1]}{self.number(int(found[2]), 'comments')}", value
        )
        value = _IN_QUERY.sub(
            lambda found: f"{found[1]}={self.number(int(found[2]), _KEYS.get(found[1], 'posts'))}",
            value,
        )
        value = _IN_ANCHOR.sub(
            lambda found: f"#comment-{self.number(int(found[1]), 'comments')}", value
        )
        value = _REVISION.sub(lambda found: f"{found[1]}<id>", value)
        value = re.sub(
            r"<id>(?=-(revision|autosave)-v1)|\d+(?=-(revision|autosave)-v1)", "<id>", value
        )
        value = _UUID.sub("<uuid>", value)
        return _DATE.sub(self._dated, value)

    def _named(self, found: re.Match[str]) -> str:
        kind = KINDS.get(found[1])
        return f"/wp/v2/{found[1]}/{self.number(int(found[2]), kind or 'none')}"

    def _dated(self, found: re.Match[str]) -> str:
        told = datetime.fromisoformat(found[0]).replace(tzinfo=UTC)
        for hours in (0, -3):
            if abs(told - (self.now + timedelta(hours=hours))) < timedelta(minutes=20):
                return "<now>" if hours == 0 else "<now here>"
        return found[0]


def _kind_of(body: Mapping[str, Any]) -> str:
    """What an object is, by what it has: comments have a post, terms a taxonomy."""
    if "taxonomy" in body or "auto_add" in body:
        return "terms"
    if "object_id" in body and body.get("type") == "taxonomy":
        return "items of terms"
    if "author_name" in body:
        return "comments"
    if "avatar_urls" in body:
        return "users"
    return "posts" if "id" in body else ""


def _compared(where: str, ours: Any, theirs: Any) -> Iterator[Difference]:
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        yield from _objects(where, ours, theirs)
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield Difference(
                f"{where} (length)", [_brief(one) for one in ours], [_brief(one) for one in theirs]
            )
            return
        for one, other in zip(ours, theirs, strict=True):
            if _brief(one) != _brief(other) and isinstance(one, Mapping):
                order = [_brief(one) for one in ours], [_brief(one) for one in theirs]
                yield Difference(f"{where} (order of items)", *order)
                return
            yield from _compared(f"{where}[]", one, other)
    elif type(ours) is not type(theirs) or ours != theirs:
        yield Difference(where, ours, theirs)


def _objects(
    where: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in theirs.keys() - ours.keys():
        yield Difference(f"{where}.{name}", "absent", theirs[name])
    for name in ours.keys() - theirs.keys():
        yield Difference(f"{where}.{name}", ours[name], "absent")
    both = [name for name in ours if name in theirs]
    if not where.endswith("capabilities") and both != [name for name in theirs if name in ours]:
        yield Difference(
            f"{where} (order of keys)", both, [name for name in theirs if name in ours]
        )
    for name in both:
        yield from _compared(f"{where}.{name}", ours[name], theirs[name])


def _brief(value: Any) -> Any:
    return value.get("id", "{…}") if isinstance(value, Mapping) else value


def _code(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return str(answer.status_code)
    if isinstance(body, Mapping) and "code" in body:
        params = (body.get("data") or {}) if isinstance(body.get("data"), Mapping) else {}
        named = params.get("params")
        return f"{answer.status_code} {body['code']}" + (f" {list(named)}" if named else "")
    return str(answer.status_code)


def _short(value: Any) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) < 300 else f"{told[:300]}…"
