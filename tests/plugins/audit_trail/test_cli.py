"""The commands: their words, their JSON, their exit codes."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cms.cli_support import chosen_tenant
from cms.database.work import UnitOfWork
from cms.host import Host, open_host
from cms.kernel.actors import SYSTEM
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.officers import commands
from tests.plugins.audit_trail.conftest import House


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


async def test_show_tells_who_did_what_to_a_post(
    house: House, audit, monkeypatch: pytest.MonkeyPatch
):
    await house.note(7, 8, before={"title": "Antes"}, after={"title": "Depois"})
    await house.sequence(0, 1)
    await house.note(7)

    @asynccontextmanager
    async def command_work(slug: str | None) -> AsyncIterator[tuple[Host, UnitOfWork]]:
        # The command has a loop of its own, and so connections of its own.
        async with open_host(
            house.host.settings, house.host.addresses, house.host.registry
        ) as host:
            tenant = await chosen_tenant(host, slug)
            async with host.shop.work(tenant, SYSTEM) as work:
                yield host, work

    monkeypatch.setattr(commands, "command_work", command_work)
    lines = (await audit("show", "--post", "7", "--tenant", "clinica")).output.splitlines()
    assert [line.split("  ")[1:4] for line in lines] == [
        ["#0", "system", "test:post:note"],
        ["waiting", "system", "test:post:note"],
    ]
    assert lines[0].endswith('{"title":"Antes"} -> {"title":"Depois"}')
    shown = json.loads((await audit("show", "--post", "7", "--json")).output)
    assert [event["seq"] for event in shown] == [0, None]
    assert "Nothing is recorded" in (await audit("show", "--post", "9")).output
    assert house.ask("select count(*) from audit.events where action = 'audit:trail:read'") == [
        (3,)
    ]


async def test_an_event_is_proven_and_the_proof_checked_without_a_database(
    house: House, audit, tmp_path, monkeypatch
):
    await house.sequence(3)
    ((event_id,),) = house.ask("select event_id from audit.leaves where seq = 1")
    file = tmp_path / "event.tlog-proof"
    made = await audit("prove", str(event_id), "--output", str(file))
    assert made.exit_code == 0, made.output
    keys = tmp_path / "keys"
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    keys.write_text("# of the clinic\n" + "\n".join(epoch.verifier_keys))
    # Nothing of the installation is there any more.
    monkeypatch.setenv("CMS_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("CMS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    green = await audit("check-proof", str(file), "--keys", str(keys), "--json")
    assert green.exit_code == 0, green.output
    said = json.loads(green.output)
    assert (said["verdict"], said["index"], said["event"]["event_id"]) == (
        "green", 1, str(event_id),
    )  # fmt: skip
    assert said["signatures"] == ["ED25519", "ML_DSA_44"]
    lines = file.read_text().split("\n")
    event = json.loads(base64.b64decode(lines[1].removeprefix("extra ")))
    forged = json.dumps({**event, "actor_id": "9"}, sort_keys=True, separators=(",", ":"))
    lines[1] = "extra " + base64.b64encode(forged.encode()).decode()
    file.write_text("\n".join(lines))
    red = await audit("check-proof", str(file), "--keys", str(keys))
    assert (red.exit_code, red.output.split()[0]) == (1, "RED")
    nobody = await audit("check-proof", str(file))
    assert nobody.exit_code == 2
