"""`cms audit heads`, `rollover` and `signer`: their words, their JSON, their exit codes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from psycopg import AsyncConnection

from plugins.audit_trail import cli
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.publish_folder import FolderTarget
from plugins.audit_trail.heads.remote import RemoteSigner
from plugins.audit_trail.publication.service import Publisher
from tests.plugins.audit_trail.conftest import House
from tests.support.patience import LONG


@pytest.fixture
def audit(house: House, monkeypatch: pytest.MonkeyPatch):
    """Runs `cms audit …` as the worker's user would."""
    monkeypatch.setenv("CMS_DATA_DIR", str(house.host.settings.data))
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.worker)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)

    return run


async def test_heads_are_listed_with_who_has_them(house: House, audit, tmp_path: Path):
    assert "Nothing is signed yet" in (await audit("heads")).output
    await house.sequence(2)
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        signer = LocalSigner(Evidence(house.folder))
        publisher = Publisher(connection, signer, FolderTarget(tmp_path, tiles=False), 0)
        while await publisher.step():
            pass
    await house.sequence(3)
    listed = json.loads((await audit("heads", "--json")).output)
    assert [(head["size"], head["published"]) for head in listed] == [
        (5, []), (2, [f"folder:{tmp_path}"]), (0, [f"folder:{tmp_path}"]),
    ]  # fmt: skip
    assert listed[0]["root"] == house.ask(
        "select encode(root, 'hex') from audit.checkpoints where size = 5"
    )[0][0]  # fmt: skip
    lines = (await audit("heads", "--last", "1")).output.splitlines()
    assert len(lines) == 1
    assert "epoch 0  5 entries" in lines[0]
    assert "published: nowhere  witnessed: by nobody" in lines[0]


async def test_a_rollover_prints_the_new_keys(house: House, audit):
    none_yet = await audit("rollover", "--reason", "yearly", "--old-keys", "destroy")
    assert (none_yet.exit_code, "holds no log yet" in none_yet.output) == (2, True)
    await house.sequence(2)
    done = await audit("rollover", "--reason", "yearly", "--old-keys", "destroy", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.output.splitlines()[-1])
    record = Evidence(house.folder).records()[1]
    assert (said["number"], said["origin"], said["verifier_keys"]) == (
        1, record.origin, record.verifier_keys,
    )  # fmt: skip
    assert (await audit("verify")).exit_code == 0
    assert (await audit("rollover", "--reason", "x")).exit_code == 2


async def test_a_rollover_needs_the_workers_login(house: House, audit, monkeypatch):
    await house.sequence(1)
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    refused = await audit("rollover", "--reason", "yearly", "--old-keys", "keep")
    assert refused.exit_code == 2
    assert "worker's login" in refused.output


async def test_the_signer_takes_its_place_from_the_settings(house: House, tmp_path: Path):
    (tmp_path / "cms.toml").write_text(
        f'[plugins.audit_trail]\nsigner_socket = "{tmp_path / "s"}"\n'
    )
    command = [sys.executable, "-c", "from plugins.audit_trail.cli import audit; audit()", "signer"]
    environ = {**os.environ, "CMS_DATA_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = await asyncio.to_thread(process.stdout.readline)
            assert said == f"signs on {tmp_path / 's'}\n"
            # The process that was started is the signer itself, and knows nothing of the site.
            kept = Path(f"/proc/{process.pid}/environ").read_bytes()
            assert b"CMS_" not in kept
            assert (
                b"plugins.audit_trail.heads.process"
                in Path(f"/proc/{process.pid}/cmdline").read_bytes()
            )
            signer = RemoteSigner(tmp_path / "s", LONG)
            assert (await asyncio.to_thread(signer.open, "clinica.example")).number == 0
            assert (tmp_path / "audit/epoch").exists()
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, LONG) == 0
        finally:
            process.kill()
    nowhere = subprocess.run(
        command, cwd=tmp_path / "audit", env=environ, capture_output=True, text=True, timeout=LONG
    )
    assert nowhere.returncode == 2
    assert "Say where to listen" in nowhere.stderr
