"""A proof of one event: made from the stored tree, checked by nothing but keys."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused
from plugins.audit_trail.hashing.tree import Coordinate, Tree
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.proving.proofs import LogProof
from tests.plugins.audit_trail.conftest import House
from tests.support.clinic import Clinic

LARGEST = 5_000
"""Bytes of a proof with the post-quantum line, its event beside it."""


@given(st.integers(0, 700), st.integers(1, 700))
def test_an_edge_tells_each_subtree_that_it_completes(before: int, more: int) -> None:
    leaves = [leaf_hash_of(str(i).encode()) for i in range(before + more)]
    edge = Tree(leaves[:before]).frontier()
    told = dict(edge.extend(leaves[before:]))
    whole = Tree(leaves)
    assert told == {at: whole.read(at) for at in told}
    complete = {
        Coordinate(level, position)
        for level in range(1, 11)
        for position in range(before >> level, (before + more) >> level)
    }
    assert set(told) == complete


@pytest.fixture
def house(clinic: Clinic, house_of: Any) -> House:
    return house_of(clinic)


async def grown(house: House, count: int) -> None:
    """So many events in the log, in a few transactions."""
    async with house.sequencer() as sequencer:
        for start in range(0, count, 100):
            async with house.work() as work:
                for n in range(start, min(start + 100, count)):
                    await work.emit(_noted(n))
            await sequencer.step()


def _noted(post_id: int) -> Any:
    from cms.content.events import PostCreated

    return PostCreated(post_id=post_id)


async def test_every_event_is_proven_to_an_officer_and_by_nobody_else(clinic, house):
    await grown(house, 600)
    officer = await clinic.person("vera", ["compliance_officer"])
    ana = await clinic.person("dr.ana")
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    keys = trusted_keys(epoch)
    stored = house.ask("select event_id, seq from audit.leaves where seq in (0, 255, 256, 599)")
    assert len(stored) == 4
    for event_id, seq in stored:
        path = f"/api/v1/audit/events/{event_id}/proof"
        answer = await officer.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].endswith('.tlog-proof"')
        proof = LogProof.parse(answer.content)
        assert proof.encode() == answer.content
        assert proof.index == seq
        assert proof.extra is not None
        assert json.loads(proof.extra)["event_id"] == str(event_id)
        assert len(proof.verify(leaf_hash_of(proof.extra), keys)) == 2
        bare = (await officer.get(f"{path}?with_event=false")).content
        assert LogProof.parse(bare).extra is None
        assert len(bare) <= LARGEST
        assert (await ana.get(path)).status_code == 403
        assert (await clinic.http.get(path)).status_code == 401


async def test_a_changed_event_is_not_proven(clinic, house):
    await grown(house, 3)
    officer = await clinic.person("vera", ["compliance_officer"])
    ((event_id,),) = house.ask("select event_id from audit.leaves where seq = 1")
    house.tamper(f"update audit.events set risk_level = 'high' where event_id = '{event_id}'")
    refused = await officer.get(f"/api/v1/audit/events/{event_id}/proof")
    assert (refused.status_code, "cms audit verify" in refused.text) == (409, True)


async def test_the_subtrees_of_an_older_log_are_made_at_the_next_start(house):
    await grown(house, 520)
    first = house.ask("select level, position, hash from audit.subtrees order by 1, 2")
    assert [row[:2] for row in first] == [(8, 0), (8, 1)]
    with pytest.raises(Exception, match="only grows"):
        house.ask("delete from audit.subtrees")
    house.tamper(
        "alter table audit.subtrees disable trigger user",
        "delete from audit.subtrees",
        "alter table audit.subtrees enable trigger user",
    )
    async with house.sequencer():
        pass
    assert house.ask("select level, position, hash from audit.subtrees order by 1, 2") == first


async def test_a_stored_subtree_that_was_changed_is_found_and_never_proves_anything(clinic, house):
    await grown(house, 520)
    officer = await clinic.person("vera", ["compliance_officer"])
    assert house.verify().is_green
    house.tamper(
        "alter table audit.subtrees disable trigger user",
        "update audit.subtrees set hash = decode(repeat('ab', 32), 'hex') where position = 1",
        "alter table audit.subtrees enable trigger user",
    )
    report = house.verify()
    assert [(f.kind, f.seq, f.until) for f in report.findings] == [("subtree-altered", 256, 511)]
    ((event_id,),) = house.ask("select event_id from audit.leaves where seq = 3")
    refused = await officer.get(f"/api/v1/audit/events/{event_id}/proof")
    assert refused.status_code == 409
    house.tamper(
        "alter table audit.subtrees disable trigger user",
        "delete from audit.subtrees where position = 1",
        "alter table audit.subtrees enable trigger user",
    )
    assert [f.kind for f in house.verify().findings] == ["subtree-altered"]
    refused = await officer.get(f"/api/v1/audit/events/{event_id}/proof")
    assert refused.status_code == 409


def _proof() -> tuple[LogProof, bytes]:
    leaves = [leaf_hash_of(f"event {i}".encode()) for i in range(5)]
    tree = Tree(leaves)
    head = Checkpoint("clinica.example/audit/1", 5, tree.root())
    return LogProof(3, tuple(tree.inclusion_proof(3)), head, b"event 3"), leaves[3]


def test_a_proof_that_nobody_trusted_has_signed_is_refused():
    proof, leaf = _proof()
    with pytest.raises(NoteRefused, match="No trusted key speaks"):
        proof.verify(leaf, [])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (b"", "does not begin"),
        (b"c2sp.org/tlog-proof@v2\n", "does not begin"),
        (b"c2sp.org/tlog-proof@v1\nindex 01\n\nx", "index"),
        (b"c2sp.org/tlog-proof@v1\nextra *\nindex 1\n\nx", "base64"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx", "32 bytes"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\n\nx", "signature lines"),
        (b"\xff", "UTF-8"),
        (b"x" * (1 << 21), "larger"),
    ],
)
def test_a_file_that_is_no_proof_is_refused_in_words(wrong: bytes, reason: str) -> None:
    with pytest.raises(NoteRefused, match=reason):
        LogProof.parse(wrong)
