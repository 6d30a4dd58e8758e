"""Folder and bucket: the same files, created once, from which a stranger proves everything."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import obstore
import pytest
from obstore.store import S3Store

from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import ProofRefused, verify_consistency, verify_inclusion
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.heads.publish_bucket import BucketTarget
from plugins.audit_trail.heads.publish_folder import FolderTarget
from tests.plugins.audit_trail.conftest import House, Noted
from tests.plugins.audit_trail.publication.conftest import emptied, standing
from tests.plugins.audit_trail.publication.tile_reader import TileReader
from tests.support.bucket import serving_bucket


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with serving_bucket() as address:
        yield address


class Place:
    """A target and a stranger's way to read what is there."""

    def __init__(self, target: Any, read: Any, names: Any) -> None:
        self.target, self.read, self.names = target, read, names


def in_folder(share: Path) -> Place:
    return Place(
        FolderTarget(share, tiles=True),
        lambda path: (share / path).read_bytes(),
        lambda: sorted(str(p.relative_to(share)) for p in share.rglob("*") if p.is_file()),
    )


def in_bucket(address: str, prefix: str) -> Place:
    parts = urlsplit(address)
    endpoint = parse_qs(parts.query)["endpoint"][0]
    store = S3Store(
        "media", prefix=prefix, config={"region": "us-east-1", "endpoint": endpoint},
        client_options={"allow_http": True},
    )  # fmt: skip
    return Place(
        BucketTarget(f"s3://media/{prefix}?{parts.query}", tiles=True),
        lambda path: bytes(obstore.get(store, path).bytes()),
        lambda: sorted(o["path"] for chunk in obstore.list(store) for o in chunk),
    )


@pytest.fixture(params=["folder", "bucket"])
def place(request: Any, share: Path) -> Place:
    if request.param == "folder":
        return in_folder(share)
    address = request.getfixturevalue("bucket")
    return in_bucket(address, f"t{abs(hash(request.node.name))}")


async def grown(house: House, *sizes: int) -> list[bytes]:
    """A signed head at each size; the leaves."""
    async with house.sequencer() as sequencer:
        for size in sizes:
            async with house.work() as work:
                for n in range(size - sequencer.state.tree.size):
                    await work.emit(Noted(post_id=n))
            await sequencer.step()
    return [leaf for (leaf,) in house.ask("select leaf_hash from audit.leaves order by seq")]


async def test_every_head_is_there_once_in_order_with_what_checks_it(house, place, publisher):
    await grown(house, 2, 5)
    async with publisher(place.target) as one:
        assert await emptied(one) == 3
        assert await emptied(one) == 0
        assert standing(house) == [(place.target.name, 0, 5, 0, None, standing(house)[0][5])]
    folder = Evidence(house.folder)
    for path in folder.heads():
        assert await asyncio.to_thread(place.read, f"epoch-000000/heads/{path.name}") == (
            path.read_bytes()
        )
    keys = (await asyncio.to_thread(place.read, "epoch-000000/keys")).decode().splitlines()
    assert keys == folder.epoch().verifier_keys
    assert (
        await asyncio.to_thread(place.read, "epoch-000000/epoch")
        == (house.folder / "epoch").read_bytes()
    )
    assert (
        await asyncio.to_thread(place.read, "epoch-000000/checkpoint")
        == (house.folder / "latest").read_bytes()
    )
    names = [n for n in await asyncio.to_thread(place.names) if "tile" in n]
    assert names == ["epoch-000000/tile/0/000.p/2", "epoch-000000/tile/0/000.p/5"]


async def test_a_stranger_proves_inclusion_and_consistency_from_files_alone(
    house, place, publisher
):
    leaves = await grown(house, 3, 300, 700)
    async with publisher(place.target) as one:
        assert await emptied(one) == 4
    keys = trusted_keys(Evidence(house.folder).epoch())

    def of_epoch(path: str) -> bytes:
        return place.read(f"epoch-000000/{path}")

    def check() -> None:
        reader = TileReader(of_epoch)
        assert len(reader.head.signers(keys)) == 2
        for index in (0, 255, 256, 299, 511, 512, 699):
            proof = reader.inclusion(index)
            assert reader.leaf(index) == leaves[index]
            verify_inclusion(leaves[index], index, 700, proof, reader.head.root)
            with pytest.raises(ProofRefused):
                verify_inclusion(bytes(32), index, 700, proof, reader.head.root)
        for old in (3, 300):
            earlier = Checkpoint.parse(of_epoch(f"heads/{old:020d}.note"))
            proof = reader.consistency(old)
            verify_consistency(old, earlier.root, 700, reader.head.root, proof)
            # The partial tiles of an older head are still there for whoever holds that head.
            verify_inclusion(
                leaves[2], 2, old, TileReader(of_epoch, old).inclusion(2), earlier.root
            )

    await asyncio.to_thread(check)


async def test_another_file_under_the_same_name_is_a_conflict(house, place, publisher, share):
    await grown(house, 2)
    target = place.target
    async with publisher(target) as one:
        await emptied(one)
        house.tamper("update audit.publications set epoch = null, size = null")
        if isinstance(target, FolderTarget):
            (share / "epoch-000000/heads/00000000000000000002.note").write_bytes(b"forged")
        else:
            await obstore.put_async(
                target._store, "epoch-000000/heads/00000000000000000002.note", b"forged"
            )
        await emptied(one)
    ((_, epoch, size, attempts, fault, _),) = standing(house)
    assert (epoch, size, attempts) == (0, 0, 1)
    assert "another content" in fault


async def test_a_head_that_was_changed_in_the_database_is_not_published(house, place, publisher):
    await grown(house, 2)
    house.tamper(
        "update audit.checkpoints set root = sha256('x'), "
        "note = replace(note, encode(root, 'base64'), encode(sha256('x'), 'base64')) where size = 2"
    )
    async with publisher(place.target) as one:
        assert await emptied(one) == 1
    assert "does not verify" in standing(house)[0][4]
    assert not [name for name in await asyncio.to_thread(place.names) if "02.note" in name]


async def test_tiles_that_were_changed_in_the_database_are_not_published(house, place, publisher):
    await grown(house, 300)
    house.tamper("update audit.leaves set leaf_hash = sha256('x') where seq = 7")
    async with publisher(place.target) as one:
        assert await emptied(one) == 1
    assert "(level 0, number 0) is not the one that was signed" in standing(house)[0][4]
    house.tamper("update audit.leaves set leaf_hash = sha256('x') where seq = 290",
                 "update audit.publications set next_attempt = null")  # fmt: skip
    async with publisher(place.target) as one:
        assert await emptied(one) == 0
    assert "tree of 300 entries is not the one that was signed" in standing(house)[0][4]


async def test_a_position_that_somebody_else_wrote_hides_no_head(house, place, publisher):
    await grown(house, 2)
    async with publisher(place.target) as one:
        assert await emptied(one) == 2
        house.tamper("update audit.publications set epoch = 7, size = 1000000")
        await grown(house, 5)
        ((behind,),) = house.ask("select behind_since is not null from audit.publishing()")
        assert behind
        assert await emptied(one) == 3
    assert standing(house)[0][:4] == (place.target.name, 0, 5, 0)
    assert any("05.note" in name for name in await asyncio.to_thread(place.names))


async def test_a_share_that_is_not_mounted_is_not_taken_for_an_empty_one(house, share, publisher):
    await grown(house, 1)
    share.rmdir()
    async with publisher(FolderTarget(share, tiles=True)) as one:
        assert await emptied(one) == 0
        assert "mount or make it" in standing(house)[0][4]
        assert not share.exists()
        share.mkdir()
        assert await emptied(one) == 0, "it is not time yet"
        house.tamper("update audit.publications set next_attempt = now()")
        assert await emptied(one) == 2
    assert standing(house) == [(f"folder:{share}", 0, 1, 0, None, None)]


async def test_a_share_without_links_and_without_replacing_is_written_too(
    house, share, publisher, monkeypatch
):
    def refused(*_: Any) -> None:
        raise PermissionError(1, "not permitted")

    # The signer's own folder is no such share: it has signed before.
    await grown(house, 1)
    monkeypatch.setattr(os, "link", refused)
    monkeypatch.setattr("plugins.audit_trail.heads.publish_folder.replace", refused)
    async with publisher(FolderTarget(share, tiles=False)) as one:
        assert await emptied(one) == 2
    assert "newest head is the last file of heads" in standing(house)[0][5]
    assert len(list((share / "epoch-000000/heads").iterdir())) == 2


async def test_what_a_bucket_does_not_promise_is_said(house, bucket, publisher):
    endpoint = parse_qs(urlsplit(bucket).query)["endpoint"][0]
    owner = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    await asyncio.to_thread(owner.create_bucket, Bucket="locked", ObjectLockEnabledForBucket=True)
    await grown(house, 1)
    plain = in_bucket(bucket, "plain").target
    locked = BucketTarget(f"s3://locked/x?endpoint={endpoint}", tiles=False)
    for target in (plain, locked):
        async with publisher(target) as one:
            assert await emptied(one) == 2
    notices = {row[0]: row[5] for row in standing(house)}
    assert "keeps no versions" in notices["s3://media/plain"]
    assert "no object lock is seen" in notices["s3://locked/x"]
    head = "epoch-000000/heads/00000000000000000001.note"
    for mode, said in (("GOVERNANCE", "weaker mode"), ("COMPLIANCE", "")):
        await asyncio.to_thread(
            owner.put_object_retention,
            Bucket="locked",
            Key=f"x/{head}",
            Retention={"Mode": mode, "RetainUntilDate": datetime(2100, 1, 1, tzinfo=UTC)},
            BypassGovernanceRetention=True,
        )
        found = await locked._retention(head)
        assert said in found
        assert bool(found) == bool(said)


async def test_a_bucket_that_cannot_be_reached_is_told_in_one_line(house, publisher, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-tests")
    await grown(house, 1)
    target = BucketTarget("s3://media/x?endpoint=http://127.0.0.1:1", tiles=False)
    async with publisher(target) as one:
        assert await emptied(one) == 0
    fault = standing(house)[0][4]
    assert fault.startswith("s3://media/x: ")
    assert "\n" not in fault
