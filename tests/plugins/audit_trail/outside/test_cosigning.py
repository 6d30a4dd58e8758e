"""The installation takes its heads to witnesses, and hears it when they know another history."""

import asyncio
from types import SimpleNamespace

import psycopg
import pytest

from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.outside import cosigning, standing
from plugins.audit_trail.settings import Witness as Configured
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.outside.conftest import asking
from tests.plugins.audit_trail.outside.strangers import stranger
from tests.support.patience import until

VKEY = SigningKey.generate("dpo.example/1", Algorithm.ED25519_COSIGNATURE).verifier.vkey
CONTRADICTIONS = "select kind, our_size, witness_size, message, evidence, cleared_at is null " \
    "from audit.contradictions order by id"  # fmt: skip


def _standing(house: House) -> list[tuple[str, str, int | None]]:
    return house.ask("select name, state, size from audit.outside order by name")


async def test_each_head_is_vouched_for_and_published_with_the_lines(house: House, outsider):
    dpo, site = await outsider(), await outsider("site-b.example", "Second site")
    async with asking(house, dpo.configured) as ask, asking(house, site.configured) as ask_site:
        assert await ask.step() == "good", "nothing is signed yet, and nothing is wrong"
        await house.sequence(3)
        assert await ask.step() == "not-trusted"
        dpo.trust(house)
        site.trust(house)
        assert (await ask.step(), await ask_site.step()) == ("good", "good")
        await house.sequence(2, 300)
        assert (await ask.step(), await ask_site.step()) == ("good", "good")
    assert _standing(house) == [("dpo.example/1", "good", 305), ("site-b.example", "good", 305)]
    sizes = house.ask("select witness, size, count(*) from audit.cosignatures group by 1, 2 "
                      "order by 1, 2")  # fmt: skip
    assert sizes == [(name, size, 2) for name in ("dpo.example/1", "site-b.example")
                     for size in (3, 305)]  # fmt: skip
    ((_, size, note),) = house.ask("select * from audit.latest_head()")
    head = Checkpoint.parse(note.encode())
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    everybody = (*trusted_keys(epoch), *dpo.keys, *site.keys)
    assert (size, set(head.signers(everybody))) == (305, set(everybody))


async def test_a_witness_that_forgot_or_never_knew_is_shown_all_of_it(house: House, outsider):
    dpo = await outsider()
    await house.sequence(3)
    dpo.trust(house)
    async with asking(house, dpo.configured) as ask:
        assert await ask.step() == "good"
        for kept in dpo.memory.folder.glob("logs/*/*"):
            if kept.name in {"seen", "checkpoint"}:
                kept.unlink()
        await house.sequence(4)
        assert await ask.step() == "good", "409 names 0, and the proof starts from there"
    assert house.ask(CONTRADICTIONS) == []


async def test_a_restored_backup_is_told_by_name_sizes_and_what_is_proven(house: House, outsider):
    """The attack, or the accident: the database as it was at five entries, and its folder too."""
    dpo = await outsider()
    await house.sequence(2, 3)
    dpo.trust(house)
    async with asking(house, dpo.configured) as ask:
        await ask.step()
        await house.sequence(4)
        await ask.step()
    _set_back(house, 5)
    async with asking(house, dpo.configured) as ask:
        assert await ask.step() == "contradicts"
        assert await ask.step() == "contradicts"
    ((kind, ours, theirs, message, evidence, is_open),) = house.ask(CONTRADICTIONS)
    assert (kind, ours, theirs, is_open) == ("rolled-back", 5, 9, True)
    assert "The witness dpo.example/1 (The DPO) has vouched for 9 entries" in message
    assert "this log has 5" in message
    assert "Entries 5 to 8 are gone" in message
    assert "Still proven: the first 5 entries, by dpo.example/1 at" in message
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    shown = Checkpoint.parse(evidence.encode())
    assert (shown.size, len(shown.signers(trusted_keys(epoch)))) == (9, 2), "signed by our own keys"
    # The log goes on from the backup, and grows past what the witness knows.
    await house.sequence(7)
    async with asking(house, dpo.configured) as ask:
        assert await ask.step() == "contradicts"
    kinds = [(row[0], row[1], row[2]) for row in house.ask(CONTRADICTIONS)]
    assert kinds == [("rolled-back", 5, 9), ("rewritten", 12, 9)]
    assert "Still proven: the first 5 entries" in house.ask(CONTRADICTIONS)[1][3]


async def test_a_log_that_is_made_whole_again_is_at_peace_with_its_witness(house: House, outsider):
    dpo = await outsider()
    await house.sequence(3)
    dpo.trust(house)
    async with asking(house, dpo.configured) as ask:
        await ask.step()
    with psycopg.connect(house.owner_url) as connection:
        connection.execute(
            "insert into audit.contradictions (epoch, witness, kind, our_size, witness_size, "
            "message) values (0, 'dpo.example/1', 'rolled-back', 1, 4, 'x')"
        )
    async with asking(house, dpo.configured) as ask:
        assert await ask.step() == "good"
        assert house.ask(CONTRADICTIONS)[0][-1], "3 entries do not reach what it knew"
        await house.sequence(1)
        assert await ask.step() == "good"
    assert not house.ask(CONTRADICTIONS)[0][-1]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((500, "text/plain", b"oops"), "http-status"),
        ((302, "text/html", b""), "http-status"),
        ((429, "text/plain", b""), "busy"),
        ((404, "text/plain", b""), "not-trusted"),
        ((403, "text/plain", b""), "not-trusted"),
        ((409, "text/plain", b"3\n"), "unsound"),
        ((409, "text/x.tlog.size", b"03\n"), "unsound"),
        ((409, "text/x.tlog.size", b"<html>"), "unsound"),
        ((409, "text/x.tlog.size", b"1\n"), "unsteady"),
        ((422, "text/plain", b""), "refused"),
        ((200, "text/html", b"<html>welcome</html>"), "unsound"),
        ((200, "text/plain", b""), "unsound"),
        ((200, "text/plain", "— somebody.example AAAAAAAA\n".encode()), "unsound"),
        ((200, "text/plain", b"x" * (1 << 19)), "too-large"),
        (None, "time-out"),
    ],
)
async def test_whatever_a_witness_answers_has_a_name_and_stops_nobody(house, answers, state):
    await house.sequence(3)
    async with stranger(answers) as url:
        vkeys = (VKEY,)
        configured = Configured("dpo.example/1", "The DPO", url, vkeys)
        async with asking(house, configured) as ask:
            ask._client._seconds = 0.5
            assert await ask.step() == state
    assert _standing(house)[0][:2] == ("dpo.example/1", state)
    await house.sequence(1)
    assert house.ask("select max(size) from audit.checkpoints") == [(4,)]
    assert house.ask("select count(*) from audit.cosignatures") == [(0,)]


async def test_nobody_there_and_a_forged_line(house: House, outsider):
    dpo, other = await outsider(), await outsider("other.example", "Other")
    await house.sequence(3)
    nobody = Configured("x", "X", "http://127.0.0.1:1", dpo.configured.vkeys)
    async with asking(house, nobody) as ask:
        assert await ask.step() == "unreachable"
    other.trust(house)
    # Another witness's address under this one's keys: its lines are of unknown keys.
    mixed = Configured("dpo.example/1", "The DPO", other.configured.url, dpo.configured.vkeys)
    async with asking(house, mixed) as ask:
        assert await ask.step() == "unsound"
    assert house.ask("select count(*) from audit.cosignatures") == [(0,)]


async def test_a_line_from_the_future_is_not_kept(house: House, outsider):
    dpo = await outsider()
    await house.sequence(1)
    dpo.trust(house)
    async with asking(house, dpo.configured) as ask:
        ask._client._clock = lambda: 1_000
        assert await ask.step() == "clock"


async def test_the_service_asks_by_itself_and_waits_longer_for_who_is_away(
    house: House, outsider, monkeypatch
):
    dpo = await outsider()
    await house.sequence(2)
    waited = []

    async def wait(self):
        waited.append(self._next)
        self._next *= 2
        dpo.trust(house)
        await asyncio.sleep(0)

    monkeypatch.setattr(standing.Pause, "wait", wait)
    settings = cosigning.Witnesses(known=(dpo.configured,), every=0.01)

    registry = SimpleNamespace(settings=lambda kind: kind(witnesses=settings))
    host = SimpleNamespace(addresses=house.host.addresses, registry=registry)
    service = asyncio.create_task(cosigning.run(host))
    cosigned = "select count(*) from audit.cosignatures"
    await until(lambda: house.ask(cosigned) == [(2,)], "two cosignatures")
    service.cancel()
    await asyncio.gather(service, return_exceptions=True)
    assert waited == [standing.FIRST_PAUSE]


def _set_back(house: House, size: int) -> None:
    """As a restored backup has it: nothing after `size`, in the tables and in the folder."""
    leaves = [row[0] for row in house.ask("select leaf_hash from audit.leaves order by seq")]
    assert Tree(leaves).size > size
    with psycopg.connect(house.owner_url) as connection:
        for table in ("events", "leaves", "batches", "checkpoints", "cosignatures", "subtrees"):
            connection.execute(f"alter table audit.{table} disable trigger user")
        connection.execute(f"""
            delete from audit.events where event_id in
              (select event_id from audit.leaves where seq >= {size});
            delete from audit.leaves where seq >= {size};
            delete from audit.batches where last_seq >= {size};
            delete from audit.cosignatures where size > {size};
            delete from audit.checkpoints where size > {size};""")
        for table in ("events", "leaves", "batches", "checkpoints", "cosignatures", "subtrees"):
            connection.execute(f"alter table audit.{table} enable trigger user")
    heads = sorted((house.folder / "heads").glob("*.note"))
    for path in heads:
        if int(path.stem) > size:
            path.unlink()
    kept = Checkpoint.parse((house.folder / "heads" / f"{size:020d}.note").read_bytes())
    (house.folder / "promised").write_text(kept.text)
    (house.folder / "latest").write_bytes(kept.encode())
