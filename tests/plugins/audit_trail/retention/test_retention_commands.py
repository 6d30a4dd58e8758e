"""`cms audit retention`, from the first look to a log that verifies without the range."""

import json
from pathlib import Path

import pytest

from cms.content.events import PostCreated
from plugins.audit_trail.verification.offline.twice import verify_twice
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.exports.conftest import running
from tests.plugins.audit_trail.retention.conftest import PART, THEN, approve, month

pytestmark = pytest.mark.asyncio


async def test_a_month_goes_by_the_commands_alone(cms, command, tmp_path) -> None:
    house = House(cms.host, cms.tenant)
    month(house)
    async with house.sequencer() as sequencer:
        for _ in range(3):
            async with house.work() as work:
                work.now = THEN
                for n in range(100):
                    await work.emit(PostCreated(post_id=n + 1))
            while await sequencer.step():
                pass
    assert f"{PART}  2016-03-01 to 2016-04-01: may go" in await command(
        "audit", "retention", "status"
    )
    (made,) = json.loads(await command("audit", "retention", "propose", "--json"))
    assert made["part"] == PART
    number = str(made["id"])
    assert "Nothing may go yet" in await command("audit", "retention", "propose")
    prune = ("audit", "retention", "prune", number, "--archive", str(tmp_path / "kept"))
    await command(*prune, code=1)
    approve(house, made["id"], 1, 2)
    async with running(house):
        said = await command(*prune)
    assert f"{PART} is gone: 300 events; the copy is in" in said
    (copy,) = Path(tmp_path / "kept").rglob("*.zip")
    assert verify_twice(copy, None, []).verdict == "green"
    assert f"proposal {number}: {PART}, 300 events, dropped" in await command(
        "audit", "retention", "status"
    )
    await command(*prune, code=1)
    said = await command("audit", "verify")
    assert "300 events of 2016-03-01 to 2016-04-01, told by entry" in said
    assert "GREEN" in await command("audit", "gaps")
