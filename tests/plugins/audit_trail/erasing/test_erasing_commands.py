"""`cms audit erase`, `cms audit access-report` and what `cms audit verify` says afterwards."""

import asyncio
import json

import pytest
from click.testing import CliRunner, Result

from plugins.audit_trail import cli
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.people import ANA, IP, acted

ORDER = (
    "--order", "0001-22.2026", "--authority", "Tribunal de Justiça", "--ordered-on", "2026-01-02",
    "--ground", "art-15-iv",
)  # fmt: skip


@pytest.fixture
def audit(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CMS_DATA_DIR", str(house.host.settings.data))
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)

    return run


async def test_a_person_is_told_and_then_erased_by_order(house: House, audit):
    await acted(house, ANA)
    told = await audit("access-report", "--subject", "user:7")
    assert told.exit_code == 0, told.output
    assert "by her  test:post:note" in told.output
    assert IP in told.output
    asked = await audit("erase", "--subject", "user:7", *ORDER)
    assert asked.exit_code == 1, "without a confirmation nothing is erased"
    done = await audit("erase", "--subject", "user:7", *ORDER, "--yes", "--json")
    assert done.exit_code == 0, done.output
    count = json.loads(done.output)["events"]
    assert count >= 1
    await house.sequence(1)
    verified = await audit("verify")
    assert verified.exit_code == 0, verified.output
    assert f"content of {count} events erased on " in verified.output
    assert "by 0001-22.2026 of Tribunal de Justiça" in verified.output
    unclear = await audit("erase", "--subject", "Ana", *ORDER, "--yes")
    assert unclear.exit_code == 1
