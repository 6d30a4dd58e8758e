"""A council's list as a CSV file: any delimiter, any usual heading; taken whole or not at all."""

import pytest

from plugins.professional_registry import commands
from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.roster_csv import CsvReading, regional_of
from plugins.professional_registry.roster_file import RosterRefused, RosterRow
from plugins.professional_registry.sources import PROVIDERS
from plugins.professional_registry.standing import standing
from plugins.professional_registry.statuses import Status

HEAD = "UF;Número de Registro;Categoria;Nome;Nome Social;Situação;Especialidades"


def read(path, text: str | bytes, council: str = "COREN", **options):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    reading = CsvReading(path, by_acronym()[council], **options)
    return list(reading.rows()), reading


@pytest.fixture
def path(tmp_path):
    return tmp_path / "lista.csv"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_delimiter_encoding_and_headings_are_recognised(path, delimiter, encoding):
    text = f'{HEAD}\r\nSP;099.991;Enf;"José ""Zé"" Inventado";Zélia;Ativo;\r\n\r\n'
    rows, reading = read(path, text.replace(";", delimiter).encode(encoding))
    assert (rows, reading.faults) == (
        [RosterRow("SP", "99991", "ENF", 'José "Zé" Inventado', "Ativo", "", "Zélia")],
        [],
    )
    assert reading.counts == {"SP": 1}


@pytest.mark.parametrize(
    ("council", "head", "line", "meant"),
    [
        ("CRP", "Região,Registro,Nome,Situação", "6ª Região,99991,N,ATIVO", ("06", "99991", "")),
        ("CRP", "UF,Registro,Nome,Situação", "SP,99991,N,ATIVO", ("06", "99991", "")),
        ("CRP", "Registro,Nome,Situação", "06/99991,N,ATIVO", ("06", "99991", "")),
        ("CRP", "Registro,Nome,Situação", "CRP 06/99991/J,N,ATIVO", ("06", "99991", "J")),
        ("CREFITO", "Região,Número,Tipo,Nome,Status", "3,99991,F,N,ATIVO", ("3", "99991", "F")),
        ("CRO", "UF,Número,Categoria,Nome,Status", "SP,99991,CD,N,ATIVO", ("SP", "99991", "CD")),
        ("CRESS", "Região,Número,Nome,Status", "9,99991,N,ATIVO", ("SP", "99991", "")),
        ("CRM", "UF,Número,Tipo,Nome,Status", "RJ,52-99999-1,P,N,A", ("RJ", "999991", "P")),
    ],
)
def test_a_key_is_read_as_its_council_writes_it(path, council, head, line, meant):
    rows, reading = read(path, f"{head}\n{line}\n", council)
    assert ([row[:3] for row in rows], reading.faults) == ([meant], [])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("XX;1;ENF;N;;Ativo;", "line 2: column 'UF': 'XX' is no region of COREN"),
        ("SP;12a;ENF;N;;Ativo;", "line 2: column 'Número de Registro': '12a' is not made of"),
        ("SP;1;XYZ;N;;Ativo;", "line 2: column 'Número de Registro': '1' is not made of"),
        ("SP;1;ENF;;;Ativo;", "line 2: column 'Nome': is empty"),
        ("SP;1;ENF;N;;;", "line 2: column 'Situação': is empty"),
        ("SP;1;ENF;N\x01;;Ativo;", "line 2: column 'Nome': has a control character"),
        ("SP;1;ENF;N;;Ativo", "line 2: has 6 columns instead of 7"),
        ('SP;1;ENF;"N;;Ativo;', "line 2: cannot be read: unexpected end"),
        ("SP;1;ENF;N;;Ativo;\nSP;1;ENF;M;;Ativo;", "line 3: column 'Número de Registro': 1 stands"),
        (f"SP;1;ENF;{'N' * 5000};;Ativo;", "cannot be read: the line is longer"),
        ("", "the file has no rows"),
        (
            "\n".join(f"SP;{n};ENF;N;;Esquisito;" for n in range(1, 9)),
            "8 of 8 rows have an unknown",
        ),
    ],
)
def test_a_fault_names_line_and_column(path, line, fault):
    _, reading = read(path, f"{HEAD}\n{line}\n")
    assert fault in str(reading.faults[0])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", "is empty"),
        ("Número;Nome\n".encode("utf-16"), "is UTF-16"),
        ("Número\n1\n", "no comma, semicolon or tab"),
        ("Número;Nome\n1;N\n", "no column is status: say which (--column status=…)"),
        ("Número;Nome;Status;Situação\n", "'Status', 'Situação' could all be status"),
    ],
)
def test_a_file_that_cannot_be_a_roster_is_refused(path, text, fault):
    with pytest.raises(RosterRefused) as refusal:
        read(path, text)
    assert fault in str(refusal.value)


def test_columns_can_be_named(path):
    text = "UF;Chave;Quem;Como\nSP;99991;N;Ativo\n"
    named = {"number": "Chave", "name": "quem", "status": "COMO"}
    rows, _ = read(path, text, mapping=named)
    assert rows[0][:4] == ("SP", "99991", "", "N")
    with pytest.raises(RosterRefused, match="no column is status"):
        read(path, text, mapping={**named, "status": "Foo"})
    with pytest.raises(RosterRefused, match="there is no field 'cpf'"):
        read(path, text, mapping={**named, "cpf": "Chave"})


def test_a_uf_that_two_regions_share_names_none():
    assert regional_of(by_acronym()["CRN"], "SP") == "3"
    assert regional_of(by_acronym()["CRP"], "CRP-06") == "06"
    assert regional_of(by_acronym()["CRP"], "99") is None
    assert regional_of(by_acronym()["CREFITO"], "RO") == "18"


async def test_a_csv_roster_replaces_the_one_in_use_or_nothing(clinic, path):
    user_id, professional_id = await clinic.registered("COREN-SP 99991-ENF", "Zélia Inventada Lima")

    async def imported(*lines: str):
        path.write_text("\n".join([HEAD, *lines, ""]))
        return await commands.import_csv(clinic.shop, clinic.tenant, path, "COREN")

    crowd = [f"SP;{n};TE;Pessoa Inventada;;Ativo;" for n in range(1, 20)]
    result = await imported(
        "SP;99991;ENF;JOSÉ INVENTADO LIMA;ZÉLIA INVENTADA LIMA;Cassado;", *crowd
    )
    assert (result.council, result.rows, result.verified) == ("COREN", 20, 1)
    async with clinic.work() as work:
        found = await standing(work, user_id)
        assert (await PROVIDERS[1].health(work)).is_well
    # The social name counts as much as the other.
    assert (found.status, found.source) == (Status.REVOKED, "council-roster")
    with pytest.raises(RosterRefused, match=r"lista\.csv, COREN SP: has 1 rows; .* has 20"):
        await imported("SP;99991;ENF;ZÉLIA INVENTADA LIMA;;Inativo;")
    with pytest.raises(RosterRefused, match="line 2"):
        await imported("SP;99991;ENF;;;Inativo;", *crowd)
    assert await clinic.history(professional_id) == [("UNVERIFIED", "REVOKED")]
