"""Whatever is changed in the database, by whomever, the verification names the first bad entry."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.verification.report import CannotVerify
from plugins.audit_trail.verification.verify import verify_log
from tests.plugins.audit_trail.attacker import rewrite_history
from tests.plugins.audit_trail.conftest import House

THIRD = "(select event_id from audit.leaves where seq = 2)"


def kinds(house: House, **options: Any) -> dict[str, int | None]:
    return {finding.kind: finding.seq for finding in house.verify(**options).findings}


async def test_an_untouched_log_is_green(house: House):
    await house.sequence(3, 1, 4)
    await house.note(1)
    report = house.verify()
    assert (report.verdict, report.findings, report.first) == ("green", [], None)
    assert (report.entries, report.batches) == (8, 3)
    assert (report.heads, report.signed, report.waiting) == (4, 8, 1)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("update audit.leaves set record_hash = sha256('x') where seq = 2", {"record-hash": 2}),
        (
            "update audit.leaves set leaf_hash = sha256('x') where seq = 2",
            {"event-altered": 2, "record-hash": 2, "head-root": 2, "batch-root": 2},
        ),
        ("update audit.batches set root = sha256('x') where last_seq = 4", {"batch-root": 2}),
        ("delete from audit.batches where first_seq = 0", {"batch-gap": 0}),
        (
            "update audit.checkpoints set root = sha256('x') where size = 5",
            {"checkpoint-root": 2, "checkpoint-unsound": None},
        ),
        (
            "update audit.checkpoints set note = replace(note, chr(10) || '5', chr(10) || '6')",
            {"checkpoint-unsound": None},
        ),
        (
            "update audit.events set occurred_at = occurred_at - interval '1 second' "
            f"where event_id = {THIRD}",
            {"event-missing": 2, "event-outside": None},
        ),
        (f"delete from audit.events where event_id = {THIRD}", {"event-missing": 2}),
        ("delete from audit.leaves where seq = 2", {"entry-missing": 2, "head-beyond": 2}),
        ("delete from audit.leaves where seq = 4", {"head-beyond": 4, "event-outside": None}),
        ("update audit.epochs set opened_at = now()", {"epoch": None}),
    ],
)
async def test_each_damage_has_a_name_and_a_place(
    house: House, damage: str, found: dict[str, int | None]
):
    await house.sequence(2, 3)
    house.tamper(damage)
    assert found.items() <= kinds(house).items()


@pytest.mark.parametrize("with_own_keys", [False, True])
async def test_a_history_rewritten_without_a_seam_is_betrayed_by_the_heads(
    house: House, with_own_keys: bool
):
    await house.sequence(2, 3, 2)
    rewrite_history(
        house.owner_url,
        f"update audit.events set actor_id = 9 where event_id = {THIRD}",
        with_own_keys=with_own_keys,
    )
    report = house.verify()
    found = {finding.kind: finding for finding in report.findings}
    assert (found["head-root"].seq, found["head-root"].until) == (2, 4)
    # Inside the database everything fits; only what was signed before does not.
    seams = {"epoch": None, "record-hash": 0} if with_own_keys else {}
    inside = {kind: finding.seq for kind, finding in found.items() if "head" not in kind}
    assert inside == {"checkpoint-unsound": None, **seams}
    assert report.first.seq == (0 if with_own_keys else 2)


async def test_an_entry_cut_out_without_a_seam_is_betrayed_by_the_heads(house: House):
    await house.sequence(2, 3, 2)
    rewrite_history(house.owner_url, f"delete from audit.events where event_id = {THIRD}")
    found = kinds(house)
    assert (found["head-root"], found["head-beyond"]) == (2, 6)
    assert "record-hash" not in found


async def test_a_cut_tail_is_betrayed_by_the_heads(house: House):
    await house.sequence(2, 3)
    rewrite_history(
        house.owner_url,
        "delete from audit.events where event_id in "
        "(select event_id from audit.leaves where seq >= 2)",
    )
    assert kinds(house) == {"head-beyond": 2}


async def test_an_older_copy_of_the_heads_is_enough(house: House, tmp_path: Path):
    await house.sequence(2)
    copy = shutil.copytree(house.folder, tmp_path / "kept-elsewhere")
    await house.sequence(3)
    assert verify_log(house.owner_url, copy).is_green
    rewrite_history(house.owner_url, "update audit.events set actor_id = 9")
    # Whoever owns the machine forges the folder as well.
    shutil.rmtree(house.folder)
    assert "head-root" in {finding.kind for finding in verify_log(house.owner_url, copy).findings}


async def test_what_bypassed_the_log_is_found(house: House):
    await house.sequence(1)
    copied = house.ask(
        "select string_agg(attname, ',') from pg_attribute "
        "where attrelid = 'audit.events'::regclass and attnum > 1"
    )[0][0]
    house.tamper(
        f"insert into audit.events (event_id, {copied}) "
        f"select gen_random_uuid(), {copied} from audit.events limit 1"
    )
    # Its number is borne by another event as well; which of the two comes first is chance.
    assert set(kinds(house)) == {"event-outside", "writer-number"}


async def test_the_queue_is_verified_too(house: House):
    await house.sequence(1)
    await house.note(1)
    assert kinds(house, lag=60) == {}
    report = verify_log(house.owner_url, house.folder)
    assert (report.is_green, report.waiting) == (True, 1), "waiting is no fault"
    assert kinds(house, lag=-1) == {"waiting-late": None}
    house.tamper("update audit.events set actor_id = 9 "
                 "where event_id in (select event_id from audit.pending)")  # fmt: skip
    assert kinds(house) == {"waiting-altered": None}
    house.tamper("delete from audit.events where event_id in (select event_id from audit.pending)")
    assert kinds(house) == {"waiting-orphan": None}
    house.tamper("delete from audit.pending")
    assert kinds(house) == {}


async def test_damaged_heads_are_found(house: House):
    await house.sequence(2, 3)
    heads = Evidence(house.folder).heads()
    heads[1].write_bytes(heads[1].read_bytes().replace(b"\n2\n", b"\n3\n"))
    heads[0].unlink()
    assert kinds(house) == {"head-unsound": None, "head-missing": None}


async def test_without_heads_it_says_that_it_cannot_tell(house: House):
    with pytest.raises(CannotVerify, match="cms worker"):
        house.verify()
    await house.sequence(1)
    shutil.rmtree(house.folder / "heads")
    with pytest.raises(CannotVerify, match="no head that can be trusted"):
        house.verify()


async def test_without_the_owners_rights_it_says_so(house: House):
    await house.sequence(1)
    with pytest.raises(CannotVerify, match="permission denied"):
        verify_log(house.host.addresses.web, house.folder)
