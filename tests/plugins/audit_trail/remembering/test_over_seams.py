"""Whoever keeps a head of an epoch whose keys were changed since can still tell."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from plugins.audit_trail import cli
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.log.rollovers import Order, carry_out, order
from plugins.audit_trail.remembering.following import SEAMS, ShownEpoch
from plugins.audit_trail.remembering.kept import KeptHead
from tests.plugins.audit_trail.conftest import House
from tests.support.clinic import Clinic


async def rolled(house: House, **options: Any) -> None:
    signer = LocalSigner(Evidence(house.folder))
    wanted = Order("yearly change", destroy_keys=True, **options)
    await carry_out(house.host, signer, await order(house.host, signer, wanted), 20)


async def check(house: House, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setenv("CMS_DATA_DIR", str(house.host.settings.data))
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)
    return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)


async def test_two_changes_of_keys_later_the_kept_head_is_continued(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    file = tmp_path / "head"
    await house.sequence(3)
    await check(house, monkeypatch, "head", "--remember", str(file))
    await house.sequence(4)
    await rolled(house)
    await house.sequence(2)
    await rolled(house)
    await house.sequence(1)
    told = await check(house, monkeypatch, "check-head", str(file), "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["verdict"] == "green"
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    kept = KeptHead.parse(file.read_bytes())
    assert (kept.head.origin, [key.vkey for key in kept.keys]) == (
        epoch.origin, epoch.verifier_keys,
    )  # fmt: skip
    again = await check(house, monkeypatch, "check-head", str(file))
    assert (again.exit_code, again.output.split()[0]) == (0, "GREEN")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("update audit.successions set note = (select note from audit.checkpoints "
         "where epoch = 1 and size = 0)", "No trusted key has signed"),
        ("update audit.epochs set verifier_keys = (select verifier_keys from audit.epochs "
         "where number = 0) where number = 1", "is not that of the keys"),
        ("update audit.epochs set closing_checkpoint = (select note from audit.checkpoints "
         "where epoch = 0 and size = 3) where number = 1", "continues 3 entries"),
    ],
)  # fmt: skip
async def test_a_seam_that_the_old_keys_did_not_sign_leads_nowhere(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str, reason: str
):
    file = tmp_path / "head"
    await house.sequence(3)
    await check(house, monkeypatch, "head", "--remember", str(file))
    await house.sequence(2)
    await rolled(house)
    await house.sequence(1)
    house.tamper("alter table audit.successions disable trigger user", change)
    told = await check(house, monkeypatch, "check-head", str(file))
    assert told.exit_code in {1, 2}, told.output
    assert reason in told.output


async def test_after_stolen_keys_the_new_ones_come_on_another_way(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    file = tmp_path / "head"
    await house.sequence(3)
    await check(house, monkeypatch, "head", "--remember", str(file))
    await rolled(house, compromised_since=datetime.now(UTC))
    await house.sequence(1)
    told = await check(house, monkeypatch, "check-head", str(file))
    assert (told.exit_code, "were stolen and vouch for nobody" in told.output) == (2, True)


async def test_the_web_shows_the_epochs(clinic: Clinic, house_of: Any):
    house: House = house_of(clinic)
    await house.sequence(1)
    await rolled(house)
    await house.sequence(1)
    shown = await clinic.http.get("/.well-known/audit/epochs")
    assert shown.status_code == 200
    found = [ShownEpoch(**one) for one in shown.json()]
    assert [(one.number, one.succession is not None) for one in found] == [(0, False), (1, True)]
    assert len(house.ask(str(SEAMS))) == 2
    closed = await clinic.http.get("/.well-known/audit/consistency?from=0&epoch=0")
    assert (closed.status_code, found[0].origin in closed.text) == (200, True)
    assert (
        await clinic.http.get("/.well-known/audit/consistency?from=0&epoch=9")
    ).status_code == 404
