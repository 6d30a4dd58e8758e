"""What is exported is what was hashed, with one proof for all of it."""

import csv
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.errors import CapabilityMissing, InvalidInput
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.covering import LogAltered, between
from plugins.audit_trail.exports.making import Order, make_export
from plugins.audit_trail.verification.offline.export import verify_export
from plugins.audit_trail.verifier import verify
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.exports.conftest import Exporter
from tests.plugins.audit_trail.exports.test_offline import restated, verdicts


def said(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the export's own verifier as its receiver does: alone, with nothing installed."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments],
        capture_output=True, text=True, env={"LANG": "en_GB.UTF-8"}, check=False,
    )  # fmt: skip
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_subtrees_between_cover_all_leaves_once(start: int, more: int):
    reached = start
    for level, position in between(start, start + more):
        assert position << level == reached
        reached += 1 << level
    assert reached == start + more


async def test_an_export_is_checked_by_itself_and_by_nothing_else(house: House, export: Exporter):
    await house.sequence(3, 4)
    folder = await export()
    code, words = said(folder)
    assert code == 0, words
    assert "7 entries are in the log of 7" in words
    assert "entry 7 of the log tells of this export" in words
    assert "2 ML-DSA-44 signatures" in words
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["entries"], manifest["asked"], manifest["asked_by"]) == (7, {}, "system")
    assert [one["name"] for one in manifest["files"] if one["is_evidence"]] == [
        "epochs/0.json", "events.jsonl", "heads/0.note", "keys.txt", "proof.txt",
    ]  # fmt: skip
    for one in manifest["files"]:
        content = (folder / one["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    # `sha256sum -c` of any system agrees.
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


async def test_the_lines_are_the_bytes_that_were_hashed(house: House, export: Exporter):
    await house.sequence(3)
    folder = await export()
    lines = (folder / "events.jsonl").read_bytes().splitlines()
    stored = house.ask("select leaf_hash from audit.leaves where seq < 3 order by seq")
    assert [(hashlib.sha256(b"\0" + line).digest(),) for line in lines] == stored


async def test_what_was_exported_is_told_to_the_trail(house: House, export: Exporter):
    await house.sequence(2)
    folder = await export(Form.CSV, resource_type="post", first=0, last=1)
    ((risk, version, detail),) = house.ask(
        "select risk_level, resource_version, event_data from audit.events "
        "where action = 'audit:trail:export'"
    )
    assert risk == "high"
    assert version == hashlib.sha256((folder / "manifest.json").read_bytes()).digest()
    assert detail["asked"] == {"resource_type": "post", "first": 0, "last": 1}
    assert (detail["entries"], detail["forms"]) == (2, ["csv"])
    receipt = json.loads((folder / "receipt" / "events.jsonl").read_text())
    assert receipt["resource_version"] == version.hex()
    assert house.verify().is_green


@pytest.mark.parametrize(
    ("asked", "entries", "covered"),
    [
        ({"first": 5, "last": 11}, 7, "run 5 11 "),
        ({"first": 0, "last": 0}, 1, "run 0 0 "),
        ({"resource_id": 101}, 3, "run 1 1 "),
        ({"resource_id": 999}, 0, "node 4 0 "),
        ({"last": 2, "epoch": 0}, 3, "run 0 2 "),
    ],
)
async def test_any_choice_of_entries_has_one_proof(
    house: House, export: Exporter, asked, entries, covered
):
    await house.sequence(7, 8, 5)
    folder = await export(**asked, patience=0)
    proof = (folder / "proof.txt").read_text()
    assert covered in proof
    code, words = said(folder)
    assert code == 0, words
    assert f"{entries} entries are in the log of 20" in words
    if entries < 20:
        assert f"{20 - entries} other entries" in words
    assert "Without a receipt" in words


async def test_events_of_another_tenant_are_told_by_hashes_only(
    house: House, export: Exporter, clinic_beside
):
    async with house.sequencer() as sequencer:
        for number in range(6):
            await house.note(number)
            await clinic_beside(1000 + number)
        await sequencer.step()
    folder = await export(patience=0)
    written = (folder / "events.jsonl").read_text()
    ids = [json.loads(line)["resource_id"] for line in written.splitlines()]
    assert ids == [str(number) for number in range(6)]
    assert "100" not in "".join(ids)
    code, words = said(folder)
    assert code == 0, words
    assert "6 other entries" in words


async def test_the_same_question_gives_the_same_bytes(house: House, export: Exporter):
    await house.sequence(4)
    first, second = [
        await export(Form.CSV, Form.OCSF, name=f"{name}", last=3, patience=0, epoch=0)
        for name in ("a", "b")
    ]
    for name in ("events.jsonl", "proof.txt", "events.csv", "ocsf.jsonl", "heads/0.note"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


async def test_an_archive_is_deterministic_and_holds_the_export(house: House, export: Exporter):
    await house.sequence(2)
    archive = await export(name="export.zip")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(archive.parent)
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened.namelist() == sorted(opened.namelist())
    assert said(archive.parent / "export")[0] == 0


async def test_nothing_half_done_shows(house: House, export: Exporter, tmp_path: Path):
    await house.sequence(3)
    house.tamper("update audit.events set risk_level = 'high' where event_id = "
                 "(select event_id from audit.leaves where seq = 1)")  # fmt: skip
    with pytest.raises(LogAltered, match="entry 1 is not what was hashed"):
        await export(Form.CSV)
    assert list(tmp_path.glob("*export*")) == []
    assert house.ask("select 1 from audit.events where action = 'audit:trail:export'") == []
    # What a killed run left is cleared away by the next.
    (tmp_path / ".export.draft").mkdir()
    (tmp_path / ".export.draft" / "events.jsonl").write_text("half")
    assert said(await export(first=2))[0] == 0
    assert [path.name for path in tmp_path.glob("*export*")] == ["export"]
    with pytest.raises(FileExistsError):
        await export(first=2)


async def test_a_stored_hash_that_was_changed_is_never_exported(house: House, export: Exporter):
    await house.sequence(9)
    house.tamper("update audit.leaves set leaf_hash = decode(repeat('ab', 32), 'hex') "
                 "where seq = 8")  # fmt: skip
    with pytest.raises(LogAltered, match="signed head of 9"):
        await export(first=2, last=3, patience=0)
    house.tamper("update audit.leaves set record_hash = decode(repeat('ab', 32), 'hex') "
                 "where seq = 2")  # fmt: skip
    with pytest.raises(LogAltered, match="Entry 2 does not follow"):
        await export(first=2, last=3, patience=0)


async def test_strangers_and_faults_are_refused(house: House, tmp_path: Path):
    await house.sequence(1)

    def nobody():
        from cms.kernel.actors import ANONYMOUS

        return house.work(ANONYMOUS)

    with pytest.raises(CapabilityMissing):
        await make_export(nobody, Order(Asked()), tmp_path / "no")
    with pytest.raises(InvalidInput) as refused:
        await make_export(house.work, Order(Asked(first=-1)), tmp_path / "no")
    assert "first" in str(refused.value.facts)
    assert list(tmp_path.glob("*no*")) == []


async def test_progress_reaches_its_end(house: House, export: Exporter):
    await house.sequence(5)
    steps: list[tuple[int, int]] = []
    await export(patience=0, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (5, 5)


async def test_cells_are_no_formulas(house: House, export: Exporter):
    from plugins.audit_trail.exports.forms.table import HEADER, _cell

    await house.note(1, before={"title": "=1+1"}, after={"title": 'a "quoted", title\r\n'})
    await house.sequence(0, 1)
    folder = await export(Form.CSV, patience=0)
    raw = (folder / "events.csv").read_bytes()
    assert raw.startswith(HEADER)
    assert raw.count(b"\r\n") >= 2
    with (folder / "events.csv").open(newline="", encoding="utf-8") as written:
        rows = list(csv.DictReader(written))
    assert len(rows) == 2
    assert json.loads(rows[0]["after_state"]) == {"title": 'a "quoted", title\r\n'}
    for start in ("=", "+", "-", "@", "\t", "\r", "\n"):
        assert _cell(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert set(rows[0]) >= {"timestamp", "lgpd_basis", "record_hash", "previous_record_hash"}


def test_the_verifier_speaks_portuguese(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "pt_BR.UTF-8")
    assert verify.main([str(tmp_path)]) == 2
    assert "não é uma exportação" in capsys.readouterr().out
    for sentence in verify.WORDS.values():
        english, portuguese = sentence.split(" | ")
        for gap in ("{0}", "{1}"):
            assert gap not in portuguese or gap in english


@pytest.mark.parametrize("asked", [{}, {"first": 2, "last": 3}, {"first": 6, "last": 8}])
async def test_a_stamped_head_is_shown_to_be_of_the_same_log(house: House, export: Exporter, asked):
    await house.sequence(5, 2, 4)
    house.tamper(
        "create or replace function audit.stamps() returns table (epoch integer, size bigint, "
        "note text, authority text, token bytea) language sql stable security definer as "
        "$$ select epoch, size, note, 'carimbo', 'token'::bytea from audit.checkpoints "
        "where size in (5, 11) $$"
    )
    folder = await export(**asked, patience=0)
    assert (folder / "heads/0-5.0.tsr").read_bytes() == b"token"
    assert (folder / "proof.txt").read_text().count("head ") == 2
    code, words = said(folder)
    assert code == 0, words
    assert "openssl ts -verify -in heads/0-5.0.tsr -data heads/0-5.note" in words
    report = verify_export(folder)
    assert (report.verdict, report.tokens) == ("green", ["heads/0-11.1.tsr", "heads/0-5.0.tsr"])
    (folder / "heads/0-5.note").write_bytes((folder / "heads/0-11.note").read_bytes())
    restated(folder)
    assert verdicts(folder) == ("red", 1)
