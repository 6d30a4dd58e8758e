"""At a published place a stranger finds who vouched for a head beside the log, and when."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.heads.publish_folder import FolderTarget
from plugins.audit_trail.publication.vouching import Vouching
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.outside.conftest import asking, outsider
from tests.plugins.audit_trail.publication.conftest import emptied

__all__ = ["outsider"]


@pytest.fixture
def place(share: Path) -> FolderTarget:
    return FolderTarget(share, tiles=False)


def found(share: Path, kind: str) -> list[Path]:
    return sorted((share / "epoch-000000" / kind).glob("*"))


async def test_the_lines_of_witnesses_stand_below_those_of_the_log(
    house: House, outsider, publisher, place: FolderTarget, share: Path
):
    dpo = await outsider()
    await house.sequence(3)
    dpo.trust(house)
    async with asking(house, dpo.configured) as ask, publisher(place) as publish:
        vouching = Vouching(publish._connection, place, publish.known_head, every=0)
        await emptied(publish)
        await vouching.step()
        assert found(share, "witnessed") == [], "nobody has signed beside the log yet"
        assert await ask.step() == "good"
        await vouching.step()
        await vouching.step()
        (path,) = found(share, "witnessed")
        epoch = Evidence(house.folder).epoch()
        assert epoch is not None
        everybody = {*trusted_keys(epoch), *dpo.keys}
        head = Checkpoint.parse(path.read_bytes())
        assert (head.size, set(head.signers(everybody))) == (3, everybody)
        await house.sequence(2)
        assert await ask.step() == "good"
        await vouching.step()
        assert len(found(share, "witnessed")) == 1, "a head that is not there is not vouched for"
        await emptied(publish)
        again = Vouching(publish._connection, place, publish.known_head, every=0)
        await again.step()
        assert [path.name[:20] for path in found(share, "witnessed")] == [f"{3:020d}", f"{5:020d}"]


async def test_what_the_database_made_up_is_not_published(
    house: House, outsider, publisher, place: FolderTarget, share: Path
):
    dpo = await outsider()
    await house.sequence(3)
    dpo.trust(house)
    async with asking(house, dpo.configured) as ask, publisher(place) as publish:
        await emptied(publish)
        assert await ask.step() == "good"
        house.tamper("update audit.checkpoints set root = sha256('another') where size = 3")
        with capture_logs() as said:
            await Vouching(publish._connection, place, publish.known_head, every=0).step()
    assert found(share, "witnessed") == []
    assert "is not the one that was signed" in said[0]["fault"]


async def test_tokens_of_an_authority_are_published_too(
    house: House, publisher, place: FolderTarget, share: Path
):
    await house.sequence(3)
    async with publisher(place) as publish:
        await emptied(publish)
        house.tamper("insert into audit.timestamps (epoch, size, authority, token, stamped_at) "
                     "values (0, 3, 'tsa.example', 'a token', now())")  # fmt: skip
        await Vouching(publish._connection, place, publish.known_head, every=0).step()
    (path,) = found(share, "timestamps")
    assert (path.suffix, path.read_bytes()) == (".tsr", b"a token")
