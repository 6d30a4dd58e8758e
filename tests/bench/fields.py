"""Ten pages with 25 custom fields each, to be listed beside ten without."""

from typing import Any

import httpx

from tests.bench.fill import CONTENT
from tests.support.installation import Installation

PAGES = "/wp-json/wp/v2/pages"
KINDS: dict[str, Any] = {
    "text": "Tomar com água, de seis em seis horas.",
    "number": 2.5,
    "true_false": True,
    "date_picker": "20261121",
    "select": "a",
}
_NAMES = [(f"field_{number}", kind) for number, kind in enumerate([*KINDS] * 5)]


def _client(made: Installation, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=made.url, headers=headers, timeout=60)


def add_pages(made: Installation, token: str) -> list[int]:
    """Ten published pages of 3 KB."""
    with _client(made, token) as http:
        return [
            http.post(PAGES, json={"title": f"Página {n}", "content": CONTENT, "status": "publish"})
            .raise_for_status()
            .json()["id"]
            for n in range(10)
        ]


def fill_fields(made: Installation, token: str, pages: list[int]) -> None:
    """A group of 25 fields of five types, and a value of each on every page."""
    fields = [
        {"key": f"field_{name}", "name": name, "label": name, "type": kind, "choices": {"a": "A"}}
        for name, kind in _NAMES
    ]
    location = [[{"param": "post_type", "operator": "==", "value": "page"}]]
    group = {"key": "group_bench", "title": "Doses", "fields": fields, "location": location}
    values = {name: KINDS[kind] for name, kind in _NAMES}
    with _client(made, token) as http:
        http.post("/api/v1/field-groups", json={**group, "show_in_rest": 1}).raise_for_status()
        for page in pages:
            answer = http.post(f"{PAGES}/{page}", json={"acf": values}).raise_for_status()
            assert len(answer.json()["acf"]) == len(_NAMES)
