"""The commands: their words, their JSON, their exit codes."""

import asyncio
import json

import pytest
from click.testing import CliRunner, Result

from cms.cli_support import load_settings
from plugins.audit_trail import cli
from tests.plugins.audit_trail.conftest import House


@pytest.fixture
def audit(house: House, monkeypatch: pytest.MonkeyPatch):
    """Runs `cms audit …` against the house's database and data directory."""
    monkeypatch.setenv("CMS_DATA_DIR", str(house.host.settings.data))
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)
    assert not load_settings().is_embedded

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)

    return run


async def test_verify_is_green_red_or_unknown_with_its_exit_code(house: House, audit):
    unknown = await audit("verify")
    assert (unknown.exit_code, unknown.output.split()[0]) == (2, "UNKNOWN")
    await house.sequence(2)
    green = await audit("verify")
    assert (green.exit_code, green.output.split()[0]) == (0, "GREEN"), green.output
    house.tamper("update audit.events set actor_id = 9")
    red = await audit("verify")
    assert (red.exit_code, red.output.split()[0]) == (1, "RED")
    assert "event-altered x2, first bad entry 0" in red.output


async def test_verify_answers_scripts_in_json(house: House, audit):
    await house.sequence(3)
    house.tamper("update audit.events set actor_id = 9 where event_id = "
                 "(select event_id from audit.leaves where seq = 1)")  # fmt: skip
    answer = await audit("verify", "--json")
    report = json.loads(answer.output)
    assert answer.exit_code == 1
    assert (report["verdict"], report["entries"]) == ("red", 3)
    assert (report["first"]["kind"], report["first"]["seq"]) == ("event-altered", 1)


async def test_a_copy_of_the_heads_can_be_named(house: House, audit, tmp_path):
    await house.sequence(1)
    kept = house.folder.rename(tmp_path / "kept")
    assert (await audit("verify")).exit_code == 2
    assert (await audit("verify", "--heads", str(kept))).exit_code == 0


async def test_head_prints_the_signed_note(house: House, audit):
    assert (await audit("head")).exit_code == 2
    await house.sequence(1)
    assert (await audit("head")).output == (house.folder / "latest").read_text()
