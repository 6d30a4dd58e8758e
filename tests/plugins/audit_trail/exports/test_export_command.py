"""`cms audit export`: its words, its JSON, its exit codes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cms.host import Host, open_host
from plugins.audit_trail import cli
from plugins.audit_trail.exports import commands
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.exports.conftest import running


@pytest.fixture
def audit(house: House, monkeypatch: pytest.MonkeyPatch):
    """Runs `cms audit …` against the house."""

    @asynccontextmanager
    async def opened_host() -> AsyncIterator[Host]:
        # The command has a loop of its own, and so connections of its own.
        host = house.host
        async with open_host(host.settings, host.addresses, host.registry) as own:
            yield own

    monkeypatch.setattr(commands, "opened_host", opened_host)

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)

    return run


async def test_export_by_all_kinds_of_conditions(house: House, audit, tmp_path: Path):
    await house.sequence(4, 5)
    async with running(house):
        made = await audit("export", str(tmp_path / "a.zip"), "--format", "csv", "--entries", "0:8")
    assert made.exit_code == 0, made.output
    assert made.output == (
        f"{tmp_path}/a.zip: 9 events under the signed head of 9 entries; "
        "entry 9 of the log tells of it\n"
    )
    green = await audit("verify", "--offline", str(tmp_path / "a.zip"))
    assert green.exit_code == 0, green.output
    assert "entry 9 of the log tells of this export" in green.output
    # Nobody signs now: the export is made, and says that it has no receipt.
    for number, (conditions, count) in enumerate(
        [
            (["--resource", "post:101"], 2),
            (["--resource", "post", "--entries", "3:"], 6),
            (["--since", "2020-01-01", "--until", "2021-01-01"], 0),
            (["--action", "test:post:note", "--risk", "low", "--outcome", "success"], 9),
            (["--request", "request-1", "--entries", ":1"], 2),
            (["--actor", "7"], 0),
        ]
    ):
        target = tmp_path / str(number)
        made = await audit("export", str(target), *conditions, "--wait", "0", "--json")
        assert made.exit_code == 0, made.output
        said = json.loads(made.output)
        assert (said["entries"], said["receipt"]) == (count, None), conditions
        assert (await audit("verify", "--offline", str(target))).exit_code == 0
    told = await audit("export", str(tmp_path / "b"), "--wait", "0")
    assert "no receipt" in told.output


async def test_what_cannot_be_is_said_in_one_line(house: House, audit, tmp_path: Path):
    early = await audit("export", str(tmp_path / "a"), "--wait", "0")
    assert (early.exit_code, "no signed head" in early.output) == (1, True), early.output
    await house.sequence(1)
    (tmp_path / "there").mkdir()
    for arguments, code in (
        (["there"], 2), (["x", "--entries", "first"], 2), (["x", "--resource", "post:x"], 2),
        (["x", "--format", "xml"], 2),
    ):  # fmt: skip
        answer = await audit("export", str(tmp_path / arguments[0]), *arguments[1:])
        assert answer.exit_code == code, answer.output
    house.tamper("update audit.events set actor_id = 9")
    red = await audit("export", str(tmp_path / "x"), "--wait", "0")
    assert (red.exit_code, "cms audit verify" in red.output) == (1, True)
    assert not (tmp_path / "x").exists()
