"""A clinic at work, through REST: its trail holds what the product wrote, event for event."""

import json
from typing import Any

import httpx

from cms.app import build_app
from cms.demo import seed_demo
from cms.host import Host

ARTICLES = "/wp-json/wp/v2/medical-articles"
POSTS = "/wp-json/wp/v2/posts"
PARAGRAPH = (
    "<!-- wp:paragraph -->\n<p>Texto sobre saúde, com ação e cuidado; tuberculose, gripe e "
    "vacinação em adultos, crianças e idosos.</p>\n<!-- /wp:paragraph -->\n\n"
)
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)


class Day:
    """The people of the demo clinic, signed in, and what they do from morning to evening."""

    def __init__(self, http: httpx.AsyncClient, people: dict[str, dict[str, str]]) -> None:
        self._http, self._people = http, people
        self._tokens: dict[str, dict[str, str]] = {}
        self._ids: dict[str, int] = {}

    async def sign_in(self, who: str) -> None:
        person = self._people[who]
        body = {"login": person["login"], "password": person["password"]}
        answer = await self._http.post("/api/v1/auth/token", json=body)
        token = answer.raise_for_status().json()["access_token"]
        self._tokens[who] = {"Authorization": f"Bearer {token}"}
        self._ids[who] = (await self.ask(who, "GET", "/wp-json/wp/v2/users/me"))["id"]

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await self._http.request(method, path, json=body, headers=self._tokens[who])
        if answer.status_code >= 300:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
        said: dict[str, Any] = answer.json()
        return said

    async def spend(self, number: int) -> None:
        """Two articles on their way, news, a wrong password, questions of the officer."""
        for who in ("author", "reviewer", "officer", "admin"):
            await self.sign_in(who)
        wrong = {"login": "author", "password": "not hers"}
        await self._http.post("/api/v1/auth/token", json=wrong)
        for article in range(2):
            await self._article(f"Enxaqueca: quando procurar ajuda {number}-{article}")
        await self._news(number)
        await self._officer()

    async def _article(self, title: str) -> None:
        text = PARAGRAPH * 14
        made = await self.ask("author", "POST", ARTICLES, {
            "title": title,
            "content": text,
            "excerpt": "Sinais de alerta e o que fazer em casa.",
            "evidence_level": "II",
            "scientific_references": [{"doi": "https://doi.org/10.1000/182"}],
            "target_audience": "patients",
            "responsible_professional": self._ids["author"],
            "medical_disclaimer": "Este texto informa e não substitui a consulta.",
        })  # fmt: skip
        where = f"{ARTICLES}/{made['id']}"
        for edit in range(3):
            text += PARAGRAPH
            body = {"content": text} if edit else {"content": text, "title": title + " (revisto)"}
            await self.ask("author", "POST", where, body)
        await self.ask("author", "POST", where, {"status": "pending"})

    async def _news(self, number: int) -> None:
        tag = await self.ask("admin", "POST", "/wp-json/wp/v2/tags", {"name": f"Tema {number}"})
        body = {"title": f"Campanha {number}", "content": PARAGRAPH * 12, "tags": [tag["id"]]}
        made = await self.ask("admin", "POST", POSTS, body | {"status": "publish"})
        where = f"{POSTS}/{made['id']}"
        await self.ask("admin", "POST", where, {"excerpt": "Vacinação até sexta-feira."})
        if number % 5 == 0:
            await self.ask("admin", "DELETE", where)
            await self.ask(
                "admin", "POST", "/wp-json/wp/v2/settings", {"title": f"Clínica {number}"}
            )

    async def _officer(self) -> None:
        await self.ask("officer", "GET", "/api/v1/audit/events?risk_level=high&limit=20")
        await self.ask("officer", "GET", "/api/v1/audit/events?actor_id=2&order=desc&limit=20")
        await self.ask("reviewer", "GET", "/api/v1/reviews")


async def spend_days(host: Host, days: int) -> None:
    """Seed the demo clinic and let it work so many days."""
    people = json.loads((await seed_demo(host)).read_text())["users"]
    transport = httpx.ASGITransport(app=build_app(host), client=("203.0.113.7", 40_000))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers={"User-Agent": BROWSER}
    ) as http:
        day = Day(http, people)
        for number in range(days):
            await day.spend(number)
