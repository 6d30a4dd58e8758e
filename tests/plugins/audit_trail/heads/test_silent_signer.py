"""The signer may be gone or slow: events go on into the log, and heads follow when it is back."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from psycopg import AsyncConnection

from cms.kernel.declarations import Serves
from cms.kernel.events import Event, Risk, Subject
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.health import is_published, is_signed
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import Closing, HeadPort, SignerUnreachable
from plugins.audit_trail.heads.publish_folder import FolderTarget
from plugins.audit_trail.heads.remote import RemoteSigner, signer_of
from plugins.audit_trail.log import signing as signing_of_heads
from plugins.audit_trail.log.sequencer import Sequencer, open_sequencer, urgent_tags
from plugins.audit_trail.publication.service import Publisher
from plugins.audit_trail.settings import AuditSettings, PublishSettings
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.heads.signing_process import signing


class Alarming(Event, frozen=True, kw_only=True):
    """Critical without saying that it is urgent."""

    tag = "test:post:alarm"
    risk = Risk.CRITICAL

    def subject(self) -> Subject:
        return Subject("post", 1)


class Moody(LocalSigner):
    """Answers, is gone, is slow, or signs and then is gone before it can answer."""

    mood = "well"

    def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> Checkpoint:
        if self.mood == "slow":
            time.sleep(0.6)
        if self.mood == "gone":
            raise SignerUnreachable("nobody there")
        head = super().sign(size, root, proof)
        if self.mood == "mute":
            raise SignerUnreachable("died after it signed")
        return head

    def last(self) -> Checkpoint:
        if self.mood == "gone":
            raise SignerUnreachable("nobody there")
        return super().last()

    def roll(self, site: str, closing: Closing):
        epoch = super().roll(site, closing)
        if self.mood == "mute":
            raise SignerUnreachable("died after it closed the epoch")
        return epoch


@asynccontextmanager
async def sequencer(house: House, signer: HeadPort, **options) -> AsyncIterator[Sequencer]:
    settings = options.pop("settings", house.settings)
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        yield await open_sequencer(
            connection,
            Evidence(house.folder),
            "clinica.example",
            settings,
            house.host.secret.digest,
            signer=signer,
            **options,
        )


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the signer was away: after this much it is asked again."""
    for name in ("SHORTEST_PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(signing_of_heads, name, 0.1)


def signed(house: House) -> int:
    return house.ask("select max(size) from audit.checkpoints")[0][0]


def leaves(house: House) -> int:
    return house.ask("select count(*) from audit.leaves")[0][0]


async def test_it_signs_over_the_socket(house: House, tmp_path: Path):
    path = tmp_path / "s"
    settings = AuditSettings(checkpoint=0, signer_socket=str(path))
    signer = signer_of(settings, Evidence(tmp_path / "never"))
    assert isinstance(signer, RemoteSigner)
    with signing(house.folder, path):
        async with sequencer(house, signer) as one:
            await house.note(1, 2)
            await one.step()
            assert signed(house) == 2
    async with sequencer(house, signer, settings=settings) as one:
        for n in range(3):
            await house.note(n)
            await one.step()
        assert (leaves(house), signed(house)) == (5, 2)
        with signing(house.folder, path):
            await asyncio.sleep(0.2)
            await one.finish()
        assert signed(house) == 5
    assert not (tmp_path / "never").exists()
    assert house.verify().verdict == "green"


async def test_a_signer_that_comes_back_signs_what_came_meanwhile(house: House):
    signer = Moody(Evidence(house.folder))
    async with sequencer(house, signer) as one:
        await house.note(1)
        await one.step()
        signer.mood = "gone"
        for n in range(4):
            await house.note(n)
            await one.step()
        assert (leaves(house), signed(house)) == (5, 1)
        signer.mood = "well"
        await asyncio.sleep(0.2)
        await one.step()
        assert signed(house) == 5
    assert house.verify().verdict == "green"


async def test_a_slow_signer_holds_up_no_batch(house: House, monkeypatch):
    monkeypatch.setattr(signing_of_heads, "PATIENCE", 0.05)
    signer = Moody(Evidence(house.folder))
    async with sequencer(house, signer) as one:
        signer.mood = "slow"
        for n in range(4):
            await house.note(n)
            await one.step()
            assert leaves(house) == n + 1
        while signed(house) < 4:
            await one.step()
    assert house.verify().verdict == "green"


async def test_a_head_that_was_signed_and_not_answered_is_continued(house: House):
    signer = Moody(Evidence(house.folder))
    async with sequencer(house, signer) as one:
        signer.mood = "mute"
        await house.note(1, 2, 3)
        await one.step()
        assert (signed(house), signer.last().size) == (0, 3)
        await house.note(4)
        await one.step()
        signer.mood = "well"
        await asyncio.sleep(0.2)
        await one.finish()
        assert signed(house) == 4
    assert house.verify().verdict == "green"


async def test_a_start_without_the_signer_goes_on_with_sequencing(house: House):
    await house.sequence(3)
    signer = Moody(Evidence(house.folder))
    signer.mood = "gone"
    async with sequencer(house, signer) as one:
        await house.note(1)
        await one.step()
        assert (leaves(house), signed(house)) == (4, 3)
        signer.mood = "well"
        await asyncio.sleep(0.2)
        await one.finish()
    assert signed(house) == 4


async def test_a_rollover_that_was_not_answered_stops_the_log_until_the_signer_is_back(
    house: House, tmp_path: Path
):
    await house.sequence(2)
    house.tamper(
        "insert into audit.rollovers (epoch, site, reason, destroy_keys) "
        "values (0, 'clinica.example', 'because', true)"
    )
    signer = Moody(Evidence(house.folder))
    async with sequencer(house, signer) as one:
        signer.mood = "mute"
        with pytest.raises(SignerUnreachable):
            await one.step()
    with pytest.raises(SignerUnreachable):
        async with sequencer(house, RemoteSigner(tmp_path / "nobody", 1)):
            pass
    await house.sequence(1)
    assert house.ask("select max(number) from audit.epochs") == [(1,)]
    assert house.verify().verdict == "green"


async def test_what_is_urgent_is_signed_and_published_at_once(house: House, tmp_path: Path):
    rarely = AuditSettings(checkpoint=3600)
    house.host.registry.events["Alarming"] = Alarming
    async with (
        sequencer(house, LocalSigner(Evidence(house.folder)), settings=rarely) as one,
        await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection,
    ):
        signer, place = LocalSigner(Evidence(house.folder)), FolderTarget(tmp_path, tiles=False)
        publisher = Publisher(connection, signer, place, 3600)
        await house.note(1)
        await one.step()
        assert await publisher.step()
        for n in range(2, 4):
            await house.note(n)
            await one.step()
        assert signed(house) == 1
        assert not await publisher.step()
        async with house.work() as work:
            await work.emit(Alarming())
        await one.step()
        assert signed(house) == 4
        assert await publisher.step()
    assert (tmp_path / "epoch-000000/heads" / f"{4:020d}.note").exists()
    assert not (tmp_path / "epoch-000000/heads" / f"{3:020d}.note").exists()


async def test_an_event_that_its_plugin_calls_urgent_is_urgent(house: House):
    class Told(Alarming, frozen=True, kw_only=True):
        tag = "test:post:tell"
        risk = Risk.LOW
        is_urgent = True

    assert urgent_tags([Alarming, Told]) == {"test:post:tell"}
    rarely = AuditSettings(checkpoint=3600)
    local = LocalSigner(Evidence(house.folder))
    async with sequencer(house, local, settings=rarely, urgent={"test:post:note"}) as one:
        for n in range(3):
            await house.note(n)
            await one.step()
            assert signed(house) == n + 1


async def test_health_says_how_long_no_head_was_signed(house: House, monkeypatch):
    assert (await is_signed(house.host)).message.startswith("no log yet")
    await house.sequence(1)
    health = await is_signed(house.host)
    assert health.is_well
    assert "in the worker itself, the weaker form" in health.message
    monkeypatch.setitem(
        house.host.registry._settings, AuditSettings, AuditSettings(signer_socket="/run/s")
    )
    assert "by the signer at /run/s" in (await is_signed(house.host)).message
    signer = Moody(Evidence(house.folder))
    async with sequencer(house, signer) as one:
        signer.mood = "gone"
        await house.note(1)
        await one.step()
    assert (await is_signed(house.host)).is_well, "it is not late yet"
    for age, serves in (("1 minute", Serves.EVERYTHING), ("1 hour", Serves.READS)):
        house.tamper(f"update audit.batches set sequenced_at = now() - interval '{age}'")
        health = await is_signed(house.host)
        assert (health.is_well, health.serves) == (False, serves)
        assert "2 entries, 1 of them signed" in health.message
        assert "cms audit signer" in health.remedy


async def test_health_says_where_heads_are_not(house: House, monkeypatch, tmp_path: Path):
    assert "published nowhere" in (await is_published(house.host)).message
    settings = AuditSettings(publish=PublishSettings(folders=(str(tmp_path / "share"),)))
    monkeypatch.setitem(house.host.registry._settings, AuditSettings, settings)
    health = await is_published(house.host)
    assert (health.is_well, health.serves) == (False, Serves.EVERYTHING)
    assert "nothing is published there yet" in health.message
    await house.sequence(1)
    place = FolderTarget(tmp_path / "share", tiles=True)
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        publisher = Publisher(connection, LocalSigner(Evidence(house.folder)), place, 0)
        assert not await publisher.step()
        assert (await is_published(house.host)).is_well, "it is not late yet"
        house.tamper("update audit.checkpoints set stored_at = now() - interval '5 minutes'")
        health = await is_published(house.host)
        assert "behind for 300 s (1 attempts: " in health.message
        (tmp_path / "share").mkdir()
        house.tamper("update audit.publications set next_attempt = null")
        while await publisher.step():
            pass
    assert (await is_published(house.host)).message == "at 1 places"
