"""A newsroom: physicians on the roster, a reviewer, articles on their way."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms.exchange.importing import Import
from cms.exchange.plan import Plan
from plugins.professional_registry import registrations
from plugins.professional_registry.commands import import_roster
from plugins.professional_registry.demo_roster import DemoPhysician, write_roster
from tests.exchange.files import export, item
from tests.support.clinic import Clinic, Person
from tests.support.queries import counted

ARTICLES = "/wp-json/wp/v2/medical-articles"
REVIEWS = "/api/v1/reviews"
DISCLAIMER = "<p>Este texto não substitui a consulta.</p>"
TEXT = (
    "<!-- wp:paragraph -->\n<p>A dor costuma passar com repouso.</p>\n<!-- /wp:paragraph -->\n\n"
    "<!-- wp:paragraph -->\n<p>Procure ajuda se ela vier de repente.</p>\n<!-- /wp:paragraph -->"
)
COMPLETE = {
    "title": "Dor de cabeça",
    "content": TEXT,
    "evidence_level": "I",
    "scientific_references": [{"title": "Diretriz inventada"}],
    "target_audience": "patients",
    "medical_disclaimer": DISCLAIMER,
}


@dataclass
class Newsroom:
    """Short ways to say what happens in one tenant."""

    cms: Clinic
    folder: Path
    roster: list[DemoPhysician] = field(default_factory=list)
    imports: int = 0

    async def journalist(self, login: str = "jo.jornalista") -> Person:
        return await self.cms.person(login, ["author"])

    async def reviewer(self, login: str = "bruno.revisor") -> Person:
        return await self.cms.person(login, ["content_reviewer"])

    async def physician(
        self, login: str = "ana.medica", roles: tuple[str, ...] = ("medical_professional",)
    ) -> Person:
        """A person whose registration the roster confirms."""
        person = await self.cms.person(login, roles)
        name = f"{login.replace('.', ' ').title()} Inventada"
        number = 9_900_100 + len(self.roster)
        async with self.cms.as_system() as work:
            await registrations.register(work, person.id, f"CRM-SP {number}", name)
        self.roster.append(DemoPhysician(name, "SP", number))
        await self.import_roster()
        return person

    async def revoke(self, person_index: int = 0) -> None:
        """The council takes the licence away, and the next roster says so."""
        was = self.roster[person_index]
        self.roster[person_index] = DemoPhysician(was.name, was.uf, was.number, "C")
        await self.import_roster()

    async def import_roster(self) -> None:
        self.imports += 1
        path = write_roster(self.folder / str(self.imports), self.roster)
        await import_roster(self.cms.host.shop, self.cms.tenant, path, taken_at=datetime.now(UTC))

    async def article(self, by: Person, **fields: Any) -> dict[str, Any]:
        """A complete draft; who writes it answers for it, unless said otherwise."""
        values = {**COMPLETE, "responsible_professional": by.id, **fields}
        return await self.cms.draft(by, "medical-articles", **values)

    async def edit(self, post: dict[str, Any], by: Person, **fields: Any) -> dict[str, Any]:
        changed = await self.change(post, by, **fields)
        assert changed.status_code == 200, changed.text
        body: dict[str, Any] = changed.json()
        return body

    async def change(self, post: dict[str, Any], by: Person, **fields: Any) -> httpx.Response:
        return await by.post(f"{ARTICLES}/{post['id']}", fields)

    async def submit(self, post: dict[str, Any], by: Person) -> dict[str, Any]:
        """Submit through WordPress's own door; the open review."""
        await self.edit(post, by, status="pending")
        return await self.review_of(post, by)

    async def review_of(self, post: dict[str, Any], by: Person) -> dict[str, Any]:
        """The newest review of the post."""
        found = await by.get(f"{REVIEWS}/of-post/{post['id']}")
        assert found.status_code == 200, found.text
        review: dict[str, Any] = found.json()[0]["review"]
        return review

    async def decide(
        self, review: dict[str, Any], by: Person, verdict: str = "approve", **fields: Any
    ) -> httpx.Response:
        body = {"verdict": verdict, "content_hash": review["content_hash"], **fields}
        return await by.post(f"{REVIEWS}/{review['id']}/decision", body)

    async def approve(self, post: dict[str, Any], author: Person, by: Person) -> dict[str, Any]:
        """Submit the post and have it approved; the answer to the decision."""
        decided = await self.decide(await self.submit(post, author), by)
        assert decided.status_code == 200, decided.text
        answer: dict[str, Any] = decided.json()
        return answer

    async def published(self, author: Person, by: Person, **fields: Any) -> dict[str, Any]:
        post = await self.article(author, **fields)
        await self.approve(post, author, by)
        return await self.edit(post, author, status="publish")

    async def read(self, post: dict[str, Any], by: Person | None = None) -> dict[str, Any]:
        """As readers get it, or with its working head for somebody who may edit it."""
        address = f"{ARTICLES}/{post['id']}"
        found = await (
            by.get(f"{address}?context=edit") if by is not None else self.cms.http.get(address)
        )
        assert found.status_code == 200, found.text
        body: dict[str, Any] = found.json()
        return body


@pytest.fixture
def newsroom(cms: Clinic, tmp_path: Path) -> Newsroom:
    return Newsroom(cms, tmp_path / "rosters")


@pytest.fixture
def bring(cms: Clinic, tmp_path: Path):
    """Import an export of these items; the report."""

    async def import_file(*items: str) -> Any:
        path = tmp_path / "export.xml"
        path.write_bytes(export(*items))
        plan = Plan(types={"artigo": "medical_article"})
        return await Import(cms.host.shop, cms.tenant, path, plan, "https://a.example").run()

    return import_file


@pytest.fixture
def statements(cms: Clinic):
    """What the application sends to the database from here on, but for what the clock asks for."""
    with counted(cms.host) as statements:
        yield statements.sent


def inherited_item(id: int, **fields: Any) -> str:
    """A published article of another site, as an export has it."""
    return item(id, type="artigo", **{"title": f"Artigo {id}", "content": "<p>Um.</p>", **fields})


def codes(refused: httpx.Response) -> list[str]:
    """The reasons of a refused transition."""
    assert refused.status_code == 409, refused.text
    return [objection["code"] for objection in refused.json()["data"]["objections"]]
