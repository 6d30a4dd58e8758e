"""One person writes CRM-SP 123.456, another 123456-SP: both mean one registration."""

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.errors import InvalidInput
from plugins.professional_registry.councils import Council, table
from plugins.professional_registry.foreign import npi_fault
from plugins.professional_registry.identity import RegistrationId, canonical, of_roster, parse

COUNCILS = table().councils


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CRM-SP 9900001", "CRM-SP 9900001"),
        ("CRM/SP 9.900.001", "CRM-SP 9900001"),
        ("crm sp nº 9900001", "CRM-SP 9900001"),
        ("  CRM -  SP   9900001 ", "CRM-SP 9900001"),
        ("CRM 9900001/SP", "CRM-SP 9900001"),
        ("9900001-SP", "CRM-SP 9900001"),
        ("9.900.001/SP", "CRM-SP 9900001"),
        ("CRM-SP 0099991", "CRM-SP 99991"),
        ("CRM-RJ 52-999991", "CRM-RJ 999991"),
        ("CRM-RJ 52.99999-1", "CRM-RJ 999991"),
        ("CRM/RJ nº 52 99999-1", "CRM-RJ 999991"),
        ("52.99999-1/RJ", "CRM-RJ 999991"),
        ("CRM 52-999991/RJ", "CRM-RJ 999991"),
        ("CRM-RJ 52999991", "CRM-RJ 999991"),
        ("CRM-RJ 999991", "CRM-RJ 999991"),
        # Without a mark, 52 may be the number's own first digits.
        ("CRM-RJ 52999", "CRM-RJ 52999"),
        ("CRM-RJ 52.999", "CRM-RJ 52999"),
        # Only Rio has the prefix.
        ("CRM-SP 5299991", "CRM-SP 5299991"),
        ("COREN-SP 99991-TEC", "COREN-SP 99991-TE"),
        ("CRESS 9991 - 9ª Região", "CRESS-SP 9991"),
        ("CRP 6/99991", "CRP 06/99991"),
        ("CREF 99991-G/SP", "CREF 099991-G/SP"),
        ("CREFITO-20 nº 999991.F", "CREFITO-20/999991-F"),
        ("CRP06/99991", "CRP 06/99991"),
        ("CRP 6ª Região/99991", "CRP 06/99991"),
        ("CRP 06/99991-J", "CRP 06/99991/J"),
        ("COREN/SP 99.991 ENF", "COREN-SP 99991-ENF"),
        ("COREN 99991-AUX/SP", "COREN-SP 99991-AE"),
        ("COREN-SP-99991-OBST", "COREN-SP 99991-OBST"),
        ("CRN3 nº 99991", "CRN-3 99991"),
        ("CRN 3ª Região 99991", "CRN-3 99991"),
        ("CRN-4 99999991", "CRN-4 99999991"),
        ("CRN-3 T99991", "CRN-3 T99991"),
        ("CRN-3 99991/P", "CRN-3 99991/P"),
        ("CRO/SP-CD-99991", "CRO-SP CD-99991"),
        ("CRO CD 99991/SP", "CRO-SP CD-99991"),
        ("CRO 99991/SP", "CRO-SP 99991"),
        ("CRF/SP 99.991", "CRF-SP 99991"),
        ("CRF 99991/SP", "CRF-SP 99991"),
        ("CREFITO 3/99991-TO", "CREFITO-3/99991-TO"),
        ("CREFITO-3 99.991F", "CREFITO-3/99991-F"),
        ("CRMV 99991-VP/SP", "CRMV-SP 99991-VP"),
        ("CRMV-SP 99991/ZS", "CRMV-SP 99991-ZS"),
        ("Crefono 2-99991", "CRFa 2-99991"),
        ("CRFa 2ª Região 99991", "CRFa 2-99991"),
        ("CRFa 2/99991-1", "CRFa 2-99991-1"),
        ("CRBM 1ª Região 99991", "CRBM-1 99991"),
        ("CRBM 1/99991", "CRBM-1 99991"),
        ("CRESS/SP 99991", "CRESS-SP 99991"),
        ("CRESS nº 99991 9ª Região", "CRESS-SP 99991"),
        ("CREF nº 099.991-P/SP", "CREF 099991-P/SP"),
        ("OAB/SP 999.991-A", "OAB/SP 999991-A"),
        ("OAB 999991E/SP", "OAB/SP 999991-E"),
        ("OAB/SP nº 999.991", "OAB/SP 999991"),
        ("NPI 1234567893", "NPI 1234567893"),
        ("npi: 1234567893", "NPI 1234567893"),
        ("GMC nº 0123456", "GMC 0123456"),
        ("MED0001234567", "AHPRA MED0001234567"),
        ("ahpra med 0001234567", "AHPRA MED0001234567"),
        ("RPPS 10101010101", "RPPS 10101010101"),
        ("BIG 99999999901", "BIG 99999999901"),
    ],
)
def test_every_spelling_of_a_registration_means_the_same_one(written, meant):
    assert canonical(parse(written)) == meant


@pytest.mark.parametrize(
    ("council", "example"), [(c, e) for c in COUNCILS for e in c.examples_valid], ids=str
)
def test_the_examples_of_the_table_are_read(council: Council, example: str):
    assert parse(example).council == council.regional


@pytest.mark.parametrize(
    "example",
    # "CRFa 2-12345" is a wrong CRF and a right CRFa.
    [e for c in COUNCILS for e in c.examples_invalid if not e.startswith("CRFa 2")],
)
def test_the_wrong_examples_of_the_table_are_refused(example: str):
    with pytest.raises(InvalidInput):
        parse(example)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "is empty"),
        ("Dra. Ana Inventada", "names no council"),
        ("CRM/XX 9900001", "the UF is missing or unknown"),
        ("CRM 12345678901", "the UF is missing or unknown"),
        ("CRM-SP", "the number is missing"),
        ("CRM-SP 12345678", "a CRM number has 1-7 digits"),
        ("CRM-SP 0", "a CRM number has 1-7 digits"),
        ("CRM-SP ١٢٣", "a CRM number has 1-7 digits"),
        ("CREFITO-3/99991", "F/TO"),
        ("CREFITO-33/99991-F", "there is no region 33 (1 2 3"),
        ("CREFITO-3/99991-LTF", "F/TO"),
        ("CRP 25/99991", "there is no region 25 (01 02"),
        ("CRP 00/99991", "there is no region 00 (01 02"),
        ("CRP 06", "the number is missing"),
        ("CRN-15 9991", "there is no region 15 (1 2"),
        ("CRBM-9 123", "there is no region 9 (1 2"),
        ("CRFa 0-123", "there is no region 0 (1 2"),
        ("COREN-SP 99991-XYZ", "a COREN number has 1-7 plus category"),
        ("CRO/ZZ 999", "the UF is missing or unknown"),
        ("CRMV-SP 99991-PJ", "a CRMV number has"),
        ("CRESS 99991 - 28ª Região", "the UF is missing"),
        ("CREF 99991-X/SP", "G (graduate) or P"),
        ("OAB/SP 99991-Z", "a OAB number has 1-6"),
        ("NPI 1234567890", "the check digit is wrong"),
        ("NPI 3234567893", "a NPI number has 10 digits, the first 1 or 2"),
        ("GMC 123456", "a GMC number has 7 digits"),
        ("AHPRA MED1", "3 letters and 10 digits"),
        ("RPPS 1010101010", "a RPPS number has 11 digits"),
        ("BIG 9", "a BIG number has 11 digits"),
        ("GMC ١٢٣٤٥٦٧", "a GMC number has 7 digits"),
        ("CRM-SP " + "9" * 100, "is longer than 60 characters"),
    ],
)
def test_a_refusal_names_the_field_the_fault_and_an_accepted_form(written, fault):
    with pytest.raises(InvalidInput) as refusal:
        parse(written)
    message = refusal.value.faults["registration"]
    assert fault in message
    assert "longer" in fault or parse(message.partition("write it like ")[2] or message[-14:])


def test_a_number_from_the_roster_is_read_by_its_uf():
    assert of_roster("RJ", "52999991") == parse("CRM-RJ 999991")
    assert of_roster("SP", "0009991") == parse("CRM-SP 9991")
    assert of_roster("SP", "52999991") is None
    assert of_roster("SP", "12a") is None


def categories(council: Council) -> st.SearchStrategy[str]:
    known = {
        "COREN": ["", "ENF", "TE", "AE", "OBST", "PAR"],
        "CRO": ["", "CD", "TSB"],
        "CREFITO": ["F", "TO"],
        "CREF": ["G", "P"],
        "CRMV": ["", "VP", "VS", "ZP", "ZS"],
        "CRP": ["", "J"],
        "CRN": ["", "P"],
        "OAB": ["", "A", "B", "E"],
        "CRFa": ["", "1", "9"],
    }
    return st.sampled_from(known.get(council.regional, [""]))


@st.composite
def identities(draw: st.DrawFn, only: Council | None = None) -> RegistrationId:
    council = only or draw(st.sampled_from(COUNCILS))
    regional = draw(
        st.sampled_from(
            table().ufs
            if council.identity.regional == "uf"
            else [region.code for region in council.regions]
        )
    )
    longest = 7 if council.regional in {"CRM", "COREN"} else 6
    number = str(draw(st.integers(1, 10**longest - 1)))
    return RegistrationId(council.regional, regional, number, draw(categories(council)))


@pytest.mark.parametrize("council", COUNCILS, ids=lambda council: council.regional)
@settings(max_examples=50)
@given(data=st.data())
def test_the_canonical_form_of_each_council_reads_back_as_itself(council: Council, data):
    identity = data.draw(identities(council))
    assert parse(canonical(identity)) == identity


def luhn(nine: str) -> str:
    """An NPI from its first nine digits: the last one is what the check wants."""
    return next(nine + d for d in "0123456789" if not npi_fault(nine + d))


@given(
    st.from_regex(
        r"GMC [0-9]{7}|RPPS [0-9]{11}|BIG [0-9]{11}|AHPRA [A-Z]{3}[0-9]{10}", fullmatch=True
    )
    | st.from_regex(r"[12][0-9]{8}", fullmatch=True).map(lambda nine: f"NPI {luhn(nine)}")
)
def test_foreign_numbers_read_back_as_themselves(text: str):
    assert canonical(parse(text)) == text


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_of_an_npi_is_found(nine: str, place: int, off: int):
    right = luhn(nine)
    wrong = str((int(right[place]) + off) % 10)
    assert npi_fault(right[:place] + wrong + right[place + 1 :]) == "the check digit is wrong"


@given(identities(), st.sampled_from([str.lower, str.upper, lambda t: f"  {t}\n"]))
def test_case_and_space_around_it_mean_nothing(identity: RegistrationId, spell):
    assert parse(spell(canonical(identity))) == identity


@given(st.text(max_size=80) | st.from_regex(re.compile(r"\s?CRM[-/ ]?[A-Z]{2}\s?[\d.\- ]{1,12}")))
def test_whatever_is_written_is_read_or_refused_in_words(text: str):
    identity = None
    with suppress(InvalidInput):
        identity = parse(text)
    assert identity is None or parse(canonical(identity)) == identity
