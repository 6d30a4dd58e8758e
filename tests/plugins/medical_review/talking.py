"""Short ways to discuss a text through the real door."""

from typing import Any

import httpx

from tests.plugins.medical_review.conftest import REVIEWS
from tests.support.clinic import Person

THREADS = f"{REVIEWS}/threads"
COMMENTS = f"{REVIEWS}/comments"
Post = dict[str, Any]


def block(words: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{words}</p>\n<!-- /wp:paragraph -->"


def text(*paragraphs: str) -> str:
    return "\n\n".join(map(block, paragraphs))


async def said(by: Person, post: Post, **fields: Any) -> httpx.Response:
    """Open a thread; `quote`, `prefix`, `suffix`, `start`, `block` and `field` are its place."""
    names = ("field", "quote", "prefix", "suffix", "start", "block")
    place = {name: fields.pop(name) for name in names if name in fields}
    return await by.post(f"{THREADS}/of-post/{post['id']}", {"place": place, **fields})


async def say(by: Person, post: Post, **fields: Any) -> dict[str, Any]:
    return answer(await said(by, post, **fields), 201)


async def patched(by: Person, path: str, **fields: Any) -> httpx.Response:
    return await by.clinic.http.patch(path, json=fields, headers=by.bearer)


async def step(by: Person, thread: dict[str, Any], act: str, **fields: Any) -> httpx.Response:
    return await by.post(f"{THREADS}/{thread['id']}/{act}", fields)


async def listed(by: Person, post: Post, **query: Any) -> list[dict[str, Any]]:
    found = await by.get(f"{THREADS}/of-post/{post['id']}", params=query)
    threads: list[dict[str, Any]] = answer(found)["threads"]
    return threads


async def today(by: Person, post: Post) -> dict[str, Any]:
    """Where the only thread's place is in the working text."""
    [thread] = await listed(by, post)
    found: dict[str, Any] = thread["today"]
    return found


def answer(response: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    return body


def refused(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    body = response.json()
    return response.status_code, body.get("code", "")
