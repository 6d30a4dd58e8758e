"""Verification and health say who vouches for what, since when, and what was forged."""

import asyncio
import json
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from click.testing import CliRunner

from plugins.audit_trail import cli
from plugins.audit_trail.outside.health import time_is_fixed, witnesses_agree
from plugins.audit_trail.outside.tokens import Authority
from plugins.audit_trail.outside.trust import Trust
from plugins.audit_trail.settings import AuditSettings, Timestamps, Witnesses
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.outside.authority import answering, found_authority
from tests.plugins.audit_trail.outside.conftest import asking
from tests.plugins.audit_trail.outside.strangers import stranger
from tests.plugins.audit_trail.outside.test_stamping import stamping


@pytest.fixture
async def vouched(house: House, outsider, tmp_path):
    """Nine entries; the DPO vouches for all, a second site for five, an authority for nine."""
    dpo, site = await outsider(), await outsider("site-b.example", "Second site")
    tsa = found_authority(tmp_path / "tsa")
    await house.sequence(2, 3)
    dpo.trust(house)
    site.trust(house)
    async with (
        asking(house, dpo.configured) as ask,
        asking(house, site.configured) as ask_site,
        stranger(answering(tsa.reply)) as url,
        stamping(house, url, tsa.root) as stamper,
    ):
        assert [await ask.step(), await ask_site.step()] == ["good", "good"]
        await house.sequence(4)
        assert [await ask.step(), await stamper.step()] == ["good", "good"]
    known = (dpo.configured, site.configured)
    return Trust(known, Authority.load((tsa.root,))), tsa


async def test_a_verification_says_who_vouches_for_what(house: House, vouched):
    trust, _ = vouched
    report = house.verify(trust=trust)
    assert report.is_green, report.findings
    assert [(one.organisation, one.size, one.lines) for one in report.vouched] == [
        ("The DPO", 9, 4), ("Second site", 5, 2),
    ]  # fmt: skip
    assert report.stamped is not None
    assert (report.stamped.size, report.unchecked) == (9, 0)
    unknown = house.verify()
    assert (unknown.is_green, unknown.vouched, unknown.unchecked) == (True, [], 7)


async def test_what_was_forged_or_put_elsewhere_is_found(house: House, vouched):
    trust, _ = vouched
    dropped = "alter table audit.{0} disable trigger user"
    for change, kind in (
        ("update audit.cosignatures set line = (select line from audit.cosignatures where size = 9 "
         "and witness = k.witness and key_id = k.key_id) from audit.cosignatures k where "
         "k.size = 5 and audit.cosignatures.size = 5 and k.witness = 'dpo.example/1' "
         "and audit.cosignatures.key_id = k.key_id", "cosignature-unsound"),
        ("update audit.cosignatures set witnessed_at = witnessed_at - interval '1 day'",
         "cosignature-unsound"),
        ("update audit.timestamps set stamped_at = stamped_at - interval '1 day'",
         "timestamp-unsound"),
        ("update audit.timestamps set size = 5", "timestamp-unsound"),
        ("update audit.timestamps set token = '\\x3003020102'", "timestamp-unsound"),
    ):  # fmt: skip
        before = house.ask("select count(*) from audit.cosignatures")
        kept = [house.ask(f"select * from audit.{table} order by 1, 2, 3, 4")
                for table in ("cosignatures", "timestamps")]  # fmt: skip
        house.tamper(dropped.format("cosignatures"), dropped.format("timestamps"), change)
        kinds = {finding.kind for finding in house.verify(trust=trust).findings}
        assert kinds == {kind}, change
        _put_back(house, kept)
        assert house.ask("select count(*) from audit.cosignatures") == before
    assert house.verify(trust=trust).is_green
    (token,) = (house.folder / "heads").glob("*.tsr")
    token.rename(house.folder / "heads" / f"{5:020d}.tsr")
    (finding,) = house.verify(trust=trust).findings
    assert finding.kind == "timestamp-unsound"
    assert "in the folder" in finding.message


def _put_back(house: House, kept: list[list[tuple[object, ...]]]) -> None:
    import psycopg

    with psycopg.connect(house.owner_url) as connection:
        for table, rows in zip(("cosignatures", "timestamps"), kept, strict=True):
            connection.execute(f"delete from audit.{table}")
            marks = ", ".join(["%s"] * len(rows[0]))
            for row in rows:
                connection.execute(f"insert into audit.{table} values ({marks})", row)


async def test_tokens_of_an_authority_that_is_not_trusted_any_more(house, vouched, tmp_path):
    trust, _ = vouched
    other = found_authority(tmp_path / "other")
    wrong = Trust(trust.witnesses, Authority.load((other.root,)))
    assert {f.kind for f in house.verify(trust=wrong).findings} == {"timestamp-unsound"}


async def test_a_contradiction_makes_the_verification_and_the_health_red(house, vouched):
    trust, _ = vouched
    settings = AuditSettings(witnesses=Witnesses(known=trust.witnesses, quorum=2))
    host = SimpleNamespace(
        engine=house.host.engine,
        shop=house.host.shop,
        registry=SimpleNamespace(settings=lambda kind: settings),
    )
    well = await witnesses_agree(host)
    assert (well.is_well, "2 organisations vouch" in well.message) == (True, True)
    house.tamper(
        "update audit.outside set state = 'unreachable', message = 'no connection' "
        "where name = 'site-b.example'"
    )
    assert (await witnesses_agree(host)).is_well, "not for long enough"
    house.tamper("update audit.outside set since = since - interval '2 hours'")
    away = await witnesses_agree(host)
    assert (away.is_well, "site-b.example: no connection" in away.message) == (False, True)
    message = "The witness dpo.example/1 (The DPO) has vouched for 12 entries …"
    house.tamper(
        "insert into audit.contradictions (epoch, witness, kind, our_size, witness_size, message) "
        f"values (0, 'dpo.example/1', 'rolled-back', 9, 12, '{message}')"
    )
    told = await witnesses_agree(host)
    assert (told.is_well, told.message) == (False, message)
    (finding,) = house.verify(trust=trust).findings
    assert (finding.kind, finding.message) == ("witness-contradicts", message)


async def test_an_authority_that_is_silent_for_two_intervals_is_told(house: House, vouched):
    settings = AuditSettings(timestamps=Timestamps(url="http://x", certificates=("x",)))
    host = SimpleNamespace(
        engine=house.host.engine,
        shop=house.host.shop,
        registry=SimpleNamespace(settings=lambda kind: settings),
    )
    assert "9 entries at" in (await time_is_fixed(host)).message
    house.tamper("update audit.outside set state = 'time-out', message = 'no answer' "
                 "where kind = 'timestamp'")  # fmt: skip
    assert (await time_is_fixed(host)).is_well
    house.tamper("update audit.outside set since = since - interval '3 hours'")
    assert not (await time_is_fixed(host)).is_well
    assert timedelta(hours=3) > timedelta(seconds=2 * settings.timestamps.interval)


async def test_the_commands_tell_it_and_proofs_need_their_quorum(
    house: House, vouched, tmp_path, monkeypatch
):
    trust, tsa = vouched
    (tmp_path / "cms.toml").write_text(_toml(trust, tsa.root))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CMS_DATA_DIR", str(house.host.settings.data))
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)

    async def run(*arguments: str):
        return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)

    green = await run("verify")
    assert green.exit_code == 0, green.output
    assert (
        "everything up to entry 8 is vouched for by The DPO (dpo.example/1, since" in green.output
    )
    assert "everything up to entry 4 is vouched for by Second site" in green.output
    assert "entry 8 and all before it were there at" in green.output
    policy = await run("policy")
    assert policy.exit_code == 0, policy.output
    (tmp_path / "clinic.policy").write_text(policy.output)
    events = dict(house.ask("select seq, event_id from audit.leaves"))
    for seq, is_met, size in ((1, True, 5), (7, False, 9)):
        file = tmp_path / f"{seq}.tlog-proof"
        made = await run("prove", str(events[seq]), "--output", str(file))
        assert made.exit_code == 0, made.output
        assert ("witnesses: 2 of 2" in made.output) is is_met
        assert ("No head over this event has its quorum yet" in made.output) is not is_met
        checked = await run("check-proof", str(file), "--policy", "clinic.policy", "--json")
        said = json.loads(checked.output)
        if is_met:
            assert (checked.exit_code, said["size"]) == (0, size), checked.output
            assert len(said["witnesses"]) == 4
        else:
            assert checked.exit_code == 1
            assert "1 of 2 (The-DPO); 2 are enough" in said["reason"]
        assert (await run("check-proof", str(file))).exit_code == 0, "without a policy it holds"
    (tmp_path / "clinic.policy").write_text("nonsense\n")
    unknown = await run("check-proof", str(file), "--policy", "clinic.policy")
    assert (unknown.exit_code, "line 1" in unknown.output) == (2, True)


def _toml(trust: Trust, root: str) -> str:
    lines = ["[plugins.audit_trail.witnesses]", "quorum = 2"]
    for one in trust.witnesses:
        lines.append("[[plugins.audit_trail.witnesses.known]]")
        lines += [f"{name} = {msgspec.json.encode(value).decode()}"
                  for name, value in msgspec.structs.asdict(one).items()]  # fmt: skip
    lines += ["[plugins.audit_trail.timestamps]", 'url = "http://127.0.0.1:1"',
              f'certificates = ["{root}"]']  # fmt: skip
    return "\n".join(lines) + "\n"
