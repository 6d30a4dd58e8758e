"""What any reader of tlog-tiles gets: a head, and tiles that have its root."""

from typing import Any

import pytest

from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import root
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.test_proofs import grown
from tests.support.clinic import Clinic

HERE = "/.well-known/audit"


@pytest.fixture
def house(clinic: Clinic, house_of: Any) -> House:
    return house_of(clinic)


async def _tile(clinic: Clinic, path: str) -> list[bytes]:
    answer = await clinic.http.get(f"{HERE}/tile/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "immutable" in answer.headers["cache-control"]
    return [answer.content[i : i + 32] for i in range(0, len(answer.content), 32)]


async def test_a_stranger_rebuilds_the_signed_root_from_tiles(clinic, house):
    assert (await clinic.http.get(f"{HERE}/checkpoint")).status_code == 404
    await grown(house, 600)
    answer = await clinic.http.get(f"{HERE}/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    head = Checkpoint.parse(answer.content)
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    assert len(head.signers(trusted_keys(epoch))) == 2
    full, rest = divmod(head.size, 256)
    assert full == 2
    leaves = [
        *await _tile(clinic, "0/000"),
        *await _tile(clinic, "0/001"),
        *await _tile(clinic, f"0/002.p/{rest}"),
    ]
    assert root(leaves) == head.root
    above = await _tile(clinic, "1/000.p/2")
    assert above == [root(leaves[:256]), root(leaves[256:512])]


NO_TILES = [
    "0/002",
    "0/002.p/255",
    "0/002.p/0",
    "0/000.p/256",
    "0/000.p/01",
    "1/000",
    "2/000.p/1",
    "8/000",
    "0/x000/003",
    "0/0",
    "0/000.p/",
    "entries/000",
    "0/../000",
    "0/x1/000",
]


async def test_what_no_head_signs_and_what_is_no_tile_is_not_there(clinic, house):
    await grown(house, 520)
    for path in NO_TILES:
        answer = await clinic.http.get(f"{HERE}/tile/{path}")
        assert answer.status_code == 404, path
