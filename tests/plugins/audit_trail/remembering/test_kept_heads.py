"""Whoever keeps a head at home finds a log that was rewritten, even by who has its keys."""

import asyncio
import json
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from plugins.audit_trail import cli
from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused, SigningKey
from plugins.audit_trail.heads.evidence import KEYS, Evidence, trusted_keys
from plugins.audit_trail.remembering.kept import Contradicted, KeptHead
from tests.plugins.audit_trail.attacker import rewrite_history
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.outside.strangers import stranger
from tests.plugins.audit_trail.test_proofs import grown
from tests.plugins.audit_trail.witness.trees import FORK, TREE, TRUSTED, asked, head
from tests.support.clinic import Clinic


@pytest.fixture
def audit(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CMS_DATA_DIR", str(house.host.settings.data))
    monkeypatch.setenv("CMS_DATABASE_URL", house.host.addresses.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", house.owner_url)

    async def run(*arguments: str):
        return await asyncio.to_thread(CliRunner().invoke, cli.audit, arguments)

    return run


async def rewritten_with_stolen_keys(house: House, change: str) -> None:
    """The attacker owns the database and the folder: every note is signed by the log's own keys."""
    rewrite_history(house.owner_url, change)
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    keys = [SigningKey.load(house.folder / "keys" / file, epoch.origin, kind)
            for file, kind in KEYS.items()]  # fmt: skip
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("alter table audit.checkpoints disable trigger user")
        rows = connection.execute(
            "select size, root from audit.checkpoints order by size"
        ).fetchall()
        for size, root in rows:
            note = Checkpoint(epoch.origin, size, root).signed(keys, 1_800_000_000).encode()
            (house.folder / "heads" / f"{size:020d}.note").write_bytes(note)
            connection.execute(
                "update audit.checkpoints set note = %s where size = %s", [note.decode(), size]
            )
        (house.folder / "latest").write_bytes(note)
        (house.folder / "promised").write_text(Checkpoint.parse(note).text)
    house.tamper(
        "alter table audit.subtrees disable trigger user",
        "delete from audit.subtrees",
        "alter table audit.subtrees enable trigger user",
    )
    async with house.sequencer():
        pass  # it makes the stored subtrees anew, and finds nothing wrong


async def test_a_kept_head_is_brought_up_to_date_and_finds_a_rewriting(house, audit, tmp_path):
    file = tmp_path / "head"
    assert (await audit("head", "--remember", str(file))).exit_code == 2, "nothing is signed yet"
    await house.sequence(3)
    kept = await audit("head", "--remember", str(file))
    assert (kept.exit_code, "3 entries" in kept.output) == (0, True), kept.output
    assert (await audit("head", "--remember", str(file))).exit_code == 2, "never over another"
    await house.sequence(2, 300)
    grown = await audit("check-head", str(file), "--json")
    assert grown.exit_code == 0, grown.output
    said = json.loads(grown.output)
    assert (said["verdict"], said["old"], said["size"]) == ("green", 3, 305)
    assert KeptHead.parse(file.read_bytes()).head.size == 305
    again = await audit("check-head", str(file))
    assert (again.exit_code, again.output.split()[0]) == (0, "GREEN")
    before = file.read_bytes()
    await rewritten_with_stolen_keys(house, "update audit.events set actor_id = 9")
    assert house.verify().is_green, "from inside nothing is wrong"
    red = await audit("check-head", str(file))
    assert (red.exit_code, red.output.split()[0]) == (1, "RED"), red.output
    assert "Two trees of 305 leaves" in red.output
    await house.sequence(4)
    red = await audit("check-head", str(file))
    assert red.exit_code == 1, red.output
    assert "today's log of 309 entries is no continuation of the 305" in red.output
    assert file.read_bytes() == before, "evidence"


async def test_a_log_that_was_set_back_says_so_itself(house, audit, tmp_path):
    file = tmp_path / "head"
    await house.sequence(2, 3)
    await audit("head", "--remember", str(file))
    house.tamper("delete from audit.checkpoints where size > 2")
    red = await audit("check-head", str(file))
    assert (red.exit_code, "set back" in red.output) == (1, True), red.output


async def test_an_officer_asks_from_afar_with_nothing_but_a_file(house, audit, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("# of the clinic\n" + "\n".join(key.vkey for key in TRUSTED))
    file = tmp_path / "head"
    assert (await audit("check-head", str(file))).exit_code == 2
    async with stranger((200, "text/plain", head(5).encode())) as url:
        first = await audit("check-head", str(file), "--url", url, "--keys", str(keys))
    assert (first.exit_code, "5 entries" in first.output) == (0, True), first.output
    heard: list[bytes] = []
    for answer, code, word in (
        ((200, "text/plain", asked(5, 9)), 0, "GREEN"),
        ((200, "text/plain", asked(9, 12, FORK)), 1, "rewritten"),
        ((200, "text/plain", asked(5, 12)), 1, "proves from 5"),
        ((200, "text/plain", asked(9, 9, FORK)), 1, "rewritten"),
        ((409, "text/plain", b""), 1, "set back"),
        ((500, "text/plain", b""), 2, "500"),
        ((200, "text/html", b"<html>"), 2, "UNKNOWN"),
    ):
        async with stranger(answer, heard) as url:
            told = await audit("check-head", str(file), "--url", url)
        assert (told.exit_code, word in told.output) == (code, True), (answer, told.output)
    assert heard[0].startswith(b"GET /.well-known/audit/consistency?from=5 ")
    assert heard[-1].startswith(b"GET /.well-known/audit/consistency?from=9 ")
    file.write_text("nonsense")
    assert (await audit("check-head", str(file), "--url", "http://127.0.0.1:1")).exit_code == 2


def test_what_is_kept_is_continued_by_the_same_log_and_keys_only():
    kept = KeptHead.first(head(5), TRUSTED)
    assert KeptHead.parse(kept.encode()) == kept
    assert kept.continued(Extension.parse(asked(5, 9))).head.size == 9
    other = Extension(5, (), Checkpoint("other.example", 9, TREE.root(9)))
    with pytest.raises(Contradicted, match="another log"):
        kept.continued(other)
    half = Extension(5, tuple(TREE.consistency_proof(5, 9)), Checkpoint(
        head(9).origin, 9, TREE.root(9), head(9).signatures[:1]))  # fmt: skip
    with pytest.raises(Contradicted, match="not signed by the keys you know"):
        kept.continued(half)
    with pytest.raises(NoteRefused):
        KeptHead.parse(b"")


async def test_the_web_application_gets_the_same_proof(clinic: Clinic, house_of: Any):
    house: House = house_of(clinic)
    await grown(house, 300)
    officer, ana = await clinic.person("vera", ["compliance_officer"]), await clinic.person("ana")
    epoch = Evidence(house.folder).epoch()
    assert epoch is not None
    ((note,),) = house.ask("select note from audit.checkpoints where size = 0")
    ((second,),) = house.ask(
        "select note from audit.checkpoints where size > 0 order by size limit 1"
    )
    for text in (note, second):
        kept = KeptHead.first(Checkpoint.parse(text.encode()), trusted_keys(epoch))
        for door, address in (
            (officer, f"/api/v1/audit/consistency?old={kept.head.size}"),
            (clinic.http, f"/.well-known/audit/consistency?from={kept.head.size}"),
        ):
            answer = await door.get(address)
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"].startswith("text/plain")
            assert kept.continued(Extension.parse(answer.content)).head.size >= 300
    assert (await ana.get("/api/v1/audit/consistency?old=0")).status_code == 403
    assert (await clinic.http.get("/api/v1/audit/consistency?old=0")).status_code == 401
    for door, address in (
        (officer, "/api/v1/audit/consistency?old="),
        (clinic.http, "/.well-known/audit/consistency?from="),
    ):
        assert (await door.get(f"{address}99999")).status_code == 409
        assert (await door.get(f"{address}-1")).status_code in {400, 422}
        assert (await door.get(f"{address}x")).status_code == 400
