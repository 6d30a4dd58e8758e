"""A roster is taken whole or not at all."""

import zipfile
from pathlib import Path

import pytest

from plugins.professional_registry.demo_roster import DemoPhysician, write_roster
from plugins.professional_registry.roster import parse_specialties
from plugins.professional_registry.roster_file import (
    Reading,
    RosterRefused,
    RosterRow,
    collapsed,
    find_files,
    parse_line,
)

ANA = DemoPhysician("Ana Inventada", "SP", 9900101, specialties=(("CARDIOLOGIA", 99991),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_roster(tmp_path / "roster", [ANA])


def read(path: Path) -> Reading:
    reading = Reading(find_files(path))
    reading.seen = list(reading.rows())
    return reading


def faults(path: Path) -> list[str]:
    try:
        return [str(fault) for fault in read(path).faults]
    except RosterRefused as refusal:
        return [str(fault) for fault in refusal.faults]


def append(folder: Path, raw: bytes, uf: str = "SP") -> None:
    with (folder / f"{uf}.txt").open("ab") as file:
        file.write(raw)


def test_a_whole_roster_is_read(folder):
    reading = read(folder)
    assert reading.faults == []
    assert len(reading.counts) == 27
    assert reading.counts["SP"] == reading.counts["AC"] + 1
    assert (
        RosterRow("SP", "9900101", "P", "ANA INVENTADA", "A", "&CARDIOLOGIA - RQE Nº: 99991")
        in reading.seen
    )


def test_a_zip_is_read_like_its_folder(folder, tmp_path):
    archive = zipped(folder, tmp_path / "TOTAL.ZIP")
    assert read(archive).seen == read(folder).seen
    assert read(archive).sha256 == read(folder).sha256


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"lista/MEDICOS_{file.name}")
    return path


def test_a_missing_file_is_named(folder):
    (folder / "RR.txt").unlink()
    assert faults(folder) == ["RR.txt: is missing"]


def test_an_empty_file_is_named(folder):
    (folder / "RR.txt").write_bytes(b"")
    assert faults(folder) == ["RR.txt: is empty"]


def test_a_file_with_a_header_and_nothing_else_is_named(folder):
    (folder / "RR.txt").write_text("crm!uf!nome!tipoInscricao!situacao!especialidades\n")
    assert faults(folder) == ["RR.txt: the file has no rows"]


def test_a_second_file_of_a_uf_is_named(folder):
    (folder / "COPIA_SP.txt").write_text("x\n")
    assert faults(folder) == ["SP.txt: is a second file of SP, beside COPIA_SP.txt"]


def test_a_file_of_no_uf_is_named(folder):
    (folder / "LEIAME.txt").write_text("x\n")
    assert faults(folder) == ["LEIAME.txt: its name tells no UF"]


def test_something_that_is_no_roster_is_named(tmp_path):
    file = tmp_path / "roster.pdf"
    file.write_bytes(b"%PDF")
    assert faults(file) == [f"{file}: is neither a folder nor a ZIP file"]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"9900102!SP!ANA!P!A\n", "has 5 fields instead of 6"),
        (b"9900102!SP!ANA!P!A!!\n", "has 7 fields instead of 6"),
        (b"\n", "has 1 fields instead of 6"),
        (b"9900102!RJ!ANA!P!A!\n", "is of 'RJ' in the file of SP"),
        (b"99001020!SP!ANA!P!A!\n", "'99001020' is not a CRM number"),
        (b"0!SP!ANA!P!A!\n", "'0' is not a CRM number"),
        (b"!SP!ANA!P!A!\n", "crm is empty"),
        (b"9900102!SP! !P!A!\n", "nome is empty"),
        (b"9900102!SP!ANA!!A!\n", "tipoInscricao is empty"),
        (b"9900102!SP!ANA!P!!\n", "situacao is empty"),
        (b"9900102!SP!AN\xc3!P!A!\n", "is not UTF-8 at byte 14"),
        (b"9900102!SP!AN\x00A!P!A!\n", "has a control character"),
        (b"9900101!SP!OUTRA ANA!P!A!\n", "number 9900101 stands here for the second time"),
    ],
)
def test_a_broken_line_is_named_by_file_and_line(folder, raw, fault):
    append(folder, raw)
    (found,) = faults(folder)
    assert found.startswith("SP.txt, line 7: ")
    assert fault in found


def test_a_file_that_ends_in_the_middle_is_named(folder):
    whole = (folder / "SP.txt").read_bytes()
    (folder / "SP.txt").write_bytes(whole[:-4])
    assert faults(folder) == [
        "SP.txt, line 6: the file ends in the middle of a line: it is truncated"
    ]


def test_a_writer_who_ends_no_file_with_a_line_break_is_believed(folder):
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes().rstrip(b"\n"))
    assert faults(folder) == []


def test_dos_line_ends_and_a_byte_order_mark_are_only_habits(folder):
    plain = read(folder).seen
    for file in folder.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read(folder).seen == plain
    assert faults(folder) == []


def test_a_damaged_zip_is_named(folder, tmp_path):
    archive = zipped(folder, tmp_path / "TOTAL.ZIP")
    raw = bytearray(archive.read_bytes())
    raw[60:70] = b"\xff" * 10
    archive.write_bytes(raw)
    assert any("cannot be read" in fault for fault in faults(archive))


def test_words_that_nobody_knows_all_over_a_file_are_a_changed_layout(folder):
    append(folder, b"".join(b"99002%02d!SP!ANA!P!NOVO!\n" % n for n in range(10)))
    assert faults(folder) == ["SP.txt: 10 of 15 rows have an unknown status"]


def test_one_unknown_word_is_a_person_to_look_at(folder):
    append(folder, b"9900102!SP!ANA!P!NOVO!\n")
    assert faults(folder) == []


def test_every_fault_is_told_at_once_and_the_message_is_short():
    refusal = RosterRefused(read_faults := [f(n) for n in range(50)])
    assert len(refusal.faults) == len(read_faults) == 50
    assert "and 30 more" in refusal.message
    assert len(refusal.facts["faults"]) == 20


def f(line: int):
    from plugins.professional_registry.roster_file import Fault

    return Fault("SP.txt", line, "is wrong")


def test_a_roster_that_shrinks_too_far_is_taken_for_broken():
    before = {"SP": 1000, "RR": 10}
    assert collapsed(before, {"SP": 950, "RR": 6}, 0.1) == []
    assert [str(fault) for fault in collapsed(before, {"SP": 899, "RR": 4}, 0.1)] == [
        "RR.txt: has 4 rows; the roster in use has 10",
        "SP.txt: has 899 rows; the roster in use has 1000",
    ]


def test_specialties_are_read_with_their_rqe():
    text = "&CARDIOLOGIA - RQE Nº: 99.991&GINECOLOGIA E OBSTETRÍCIA - RQE 7&ACUPUNTURA"
    assert [(s.name, s.rqe) for s in parse_specialties(text)] == [
        ("CARDIOLOGIA", "99991"),
        ("GINECOLOGIA E OBSTETRÍCIA", "7"),
        ("ACUPUNTURA", None),
    ]
    assert parse_specialties("") == ()


def test_a_demo_number_never_collides_with_the_filling(tmp_path):
    with pytest.raises(ValueError, match="demo numbers start at 9900005"):
        write_roster(tmp_path, [DemoPhysician("Ana Inventada", "SP", 9900001)])


def test_a_line_of_rio_is_read_without_its_prefix():
    row = parse_line(b"52999991!RJ!ANA INVENTADA!P!A!\n", "RJ")
    assert isinstance(row, RosterRow)
    assert row.number == "999991"
