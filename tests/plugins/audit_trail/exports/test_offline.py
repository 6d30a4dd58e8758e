"""Whatever is altered in an export is found by both verifiers, with the database gone."""

import asyncio
import hashlib
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.audit_trail import cli
from plugins.audit_trail.exports.asked import Form
from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey
from plugins.audit_trail.verification.offline.export import verify_export
from plugins.audit_trail.verifier import verify
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.exports.conftest import Exporter

EVIDENCE = (
    "events.jsonl", "proof.txt", "keys.txt", "epochs/0.json", "heads/0.note", "manifest.json",
    "receipt/events.jsonl", "receipt/proof.txt", "receipt/heads/0.note", "SHA256SUMS",
)  # fmt: skip


def verdicts(folder: Path) -> tuple[str, int]:
    """That of the product and that of the one file."""
    return verify_export(folder).verdict, verify.Check(str(folder)).run()


def restated(folder: Path) -> None:
    """What a forger does next: new hashes in the manifest, new sums."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for told in manifest["files"]:
        content = (folder / told["name"]).read_bytes()
        told |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    resummed(folder)


def resummed(folder: Path) -> None:
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    )
    sums = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names]
    (folder / "SHA256SUMS").write_text("".join(sums))


async def test_a_flipped_byte_anywhere_is_found_by_both(house: House, export: Exporter):
    await house.sequence(5, 6)
    folder = await export(Form.CSV, first=2, last=9)
    assert verdicts(folder) == ("green", 0)
    sizes = {name: (folder / name).stat().st_size for name in EVIDENCE}

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(EVIDENCE), st.integers(0, 2**32), st.integers(1, 255))
    def flipped(name: str, at: int, flip: int) -> None:
        path = folder / name
        sound = path.read_bytes()
        altered = bytearray(sound)
        altered[at % sizes[name]] ^= flip
        try:
            path.write_bytes(altered)
            product, outsider = verdicts(folder)
            assert (product, outsider != 0) == ("red", True)
        finally:
            path.write_bytes(sound)

    await asyncio.to_thread(flipped)
    assert verdicts(folder) == ("green", 0)


async def test_a_forger_who_makes_new_sums_meets_the_tree(house: House, export: Exporter, copy_of):
    """Every byte of the evidence proper, with the manifest and the sums made anew each time; the
    receipt is dropped, for it would betray the new manifest by itself."""
    await house.sequence(5, 6)
    # From the first entry on: what stands before it is the hash of the epoch's record.
    folder = await export(last=9)
    seldom = random.Random(5)
    for name in ("events.jsonl", "proof.txt", "epochs/0.json", "heads/0.note", "keys.txt"):
        sound = (folder / name).read_bytes()
        for at in seldom.sample(range(len(sound)), 25):
            place = copy_of(folder)
            shutil.rmtree(place / "receipt")
            altered = bytearray(sound)
            altered[at] ^= 1 << seldom.randrange(7)
            (place / name).write_bytes(altered)
            restated(place)
            product, outsider = verdicts(place)
            assert product == "red", (name, at)
            if name == "heads/0.note" and outsider == 0:
                # What needs ML-DSA-44: the one file says that it has not checked it.
                line = sound[: at + 1].count(b"\n")
                assert line == 5, (name, at)
                continue
            if name == "keys.txt" and outsider == 0:
                assert sound[:at].count(b"\n") == 0, (name, at)  # the comment
                continue
            assert outsider != 0, (name, at)


async def test_a_forged_manifest_meets_the_receipt(house: House, export: Exporter, copy_of):
    await house.sequence(3)
    folder = await export(Form.CSV, actor_id=None)
    for field, value in (("asked_by", "12"), ("asked", {"actor_id": 3})):
        place = copy_of(folder)
        manifest = json.loads((place / "manifest.json").read_text())
        (place / "manifest.json").write_text(json.dumps({**manifest, field: value}))
        resummed(place)
        assert verdicts(place) == ("red", 1)
    place = copy_of(folder)
    (place / "events.csv").write_text("nothing happened\r\n")
    restated(place)
    assert verdicts(place) == ("red", 1)


@pytest.mark.parametrize("attack", ["drop", "swap", "double", "insert"])
async def test_events_cannot_be_left_out_swapped_or_added(
    house: House, export: Exporter, copy_of, attack: str
):
    await house.sequence(6)
    place = copy_of(await export(last=5))
    shutil.rmtree(place / "receipt")
    lines = (place / "events.jsonl").read_bytes().splitlines(keepends=True)
    match attack:
        case "drop":
            lines.pop(2)
        case "swap":
            lines[1], lines[2] = lines[2], lines[1]
        case "double":
            lines.insert(2, lines[2])
        case "insert":
            lines.insert(2, lines[2].replace(b'"post"', b'"page"'))
    (place / "events.jsonl").write_bytes(b"".join(lines))
    restated(place)
    assert verdicts(place) == ("red", 1)


async def test_a_log_rewritten_with_other_keys_is_betrayed_by_the_keys(
    house: House, export: Exporter, copy_of, tmp_path: Path
):
    """The whole export made anew, consistently, with keys of the forger's own."""
    await house.sequence(3)
    folder = await export()
    true_keys = tmp_path / "true.keys"
    true_keys.write_text((folder / "keys.txt").read_text())
    place = copy_of(folder)
    shutil.rmtree(place / "receipt")
    epoch = json.loads((place / "epochs/0.json").read_text())
    forged = [SigningKey.generate(epoch["origin"], kind) for kind in
              (Algorithm.ED25519, Algorithm.ML_DSA_44)]  # fmt: skip
    epoch["verifier_keys"] = [key.verifier.vkey for key in forged]
    record = json.dumps(epoch, sort_keys=True, separators=(",", ":"))
    (place / "epochs/0.json").write_text(record)
    (place / "keys.txt").write_text("\n".join(epoch["verifier_keys"]) + "\n")
    lines = [line.replace(b'"test:', b'"best:') for line in
             (place / "events.jsonl").read_bytes().splitlines()]  # fmt: skip
    leaves = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    link = hashlib.sha256(b"\x04" + record.encode()).digest()
    first = link.hex()
    for seq, leaf in enumerate(leaves):
        link = hashlib.sha256(b"\x02" + link + seq.to_bytes(8, "big") + leaf).digest()
    from plugins.audit_trail.hashing.tree import root

    head = Checkpoint(epoch["origin"], 3, root(leaves)).signed(forged, 1_800_000_000)
    (place / "heads/0.note").write_bytes(head.encode())
    (place / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    (place / "proof.txt").write_text(f"epoch 0\nrun 0 2 {first} {link.hex()}\n")
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["epochs"][0]["root"] = head.root.hex()
    (place / "manifest.json").write_text(json.dumps(manifest))
    restated(place)
    # One with itself, as both say; and of another log than the one whose keys are known.
    assert verdicts(place) == ("green", 0)
    assert verify.Check(str(place), str(true_keys)).run() == 1
    answer = CliRunner().invoke(
        cli.audit, ["verify", "--offline", str(place), "--keys", str(true_keys)]
    )
    assert answer.exit_code == 1, answer.output


async def test_the_command_needs_no_server_at_all(
    house: House, export: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    await house.sequence(3)
    folder, archive = await export(), await export(name="export.zip", first=1, last=1)
    keys = tmp_path / "keys"
    keys.write_text((folder / "keys.txt").read_text())
    await house.host.engine.dispose()
    environment = {
        "CMS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "CMS_DATA_DIR": str(tmp_path / "elsewhere"),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = "from cms.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, "audit", "verify", "--offline", *arguments],
            env=environment, capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    for place in (folder, archive):
        green = await asyncio.to_thread(run, str(place), "--keys", str(keys), "--json")
        assert green.returncode == 0, green.stdout + green.stderr
        report: dict[str, Any] = json.loads(green.stdout)
        assert (report["verdict"], report["agree"]) == ("green", True)
        kinds = {name.rpartition(" ")[2] for name in report["product"]["signers"]}
        assert kinds == {"ED25519", "ML_DSA_44"}
    with (folder / "events.jsonl").open("ab") as events:
        events.write(b"{}\n")
    red = await asyncio.to_thread(run, str(folder))
    assert (red.returncode, red.stdout.split()[0]) == (1, "RED")
    unknown = await asyncio.to_thread(run, str(tmp_path))
    assert (unknown.returncode, unknown.stdout.split()[0]) == (2, "UNKNOWN")
    other = SigningKey.generate("another.example/log", Algorithm.ED25519)
    keys.write_text(other.verifier.vkey + "\n")
    foreign = await asyncio.to_thread(run, str(archive), "--keys", str(keys))
    assert foreign.returncode == 2, foreign.stdout
