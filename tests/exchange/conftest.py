"""An import into a clinic, in one line."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cms.exchange.importing import Import
from cms.exchange.plan import Plan
from cms.exchange.report import Report, lines_of
from tests.support.clinic import Clinic

Bring = Callable[..., Awaitable[Report]]


@pytest.fixture
def bring(cms: Clinic, tmp_path: Path) -> Bring:
    """`await bring(export(…))` imports the file into the clinic, or into another one."""

    async def import_file(raw: bytes, into: Clinic | None = None, **choices: Any) -> Report:
        clinic = into or cms
        path = tmp_path / "export.xml"
        path.write_bytes(raw)
        url = f"https://{clinic.tenant.slug}.example"
        files = choices.pop("files", None)
        one = Import(clinic.host.shop, clinic.tenant, path, Plan(**choices), url, files=files)
        return await one.run()

    return import_file


async def told(clinic: Clinic, report: Report) -> list[tuple[str, str, str]]:
    """(kind, key, outcome) of each line of the report."""
    async with clinic.as_system() as work:
        lines = await lines_of(work, report.run_id)
    return [(line.kind, line.key, line.outcome) for line in lines]


async def notes(clinic: Clinic, report: Report, key: str) -> list[str]:
    """What the report says of one thing."""
    async with clinic.as_system() as work:
        lines = await lines_of(work, report.run_id)
    return [note for line in lines if line.key == key for note in line.notes]


async def read(clinic: Clinic, base: str, post_id: int) -> dict[str, Any]:
    """A post as readers get it."""
    found = await clinic.http.get(f"/wp-json/wp/v2/{base}/{post_id}")
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body
