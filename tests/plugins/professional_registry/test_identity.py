"""One person writes CRM-SP 123.456, another 123456-SP: both mean one registration."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.errors import InvalidInput
from plugins.professional_registry.councils import Council, table
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
        ("CRM-SP " + "9" * 100, "is longer than 60 characters"),
    ],
)
def test_a_refusal_names_the_field_the_fault_and_an_accepted_form(written, fault):
    with pytest.raises(InvalidInput) as refusal:
        parse(written)
    message = refusal.value.faults["registration"]
    assert fault in message
    assert "longer" in fault or "like CRM-SP 9999991" in message or "CREFITO-3/999991-F" in message


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
        "CRFa": ["", "1", "9"],
    }
    return st.sampled_from(known.get(council.regional, [""]))


@st.composite
def foreign(draw: st.DrawFn) -> RegistrationId:
    council = draw(st.sampled_from([c for c in COUNCILS if c.identity.regional == "country"]))
    number = draw(st.from_regex(council.number.form_regex, fullmatch=True, alphabet="123456789"))
    return RegistrationId(council.regional, council.country, number, country=council.country)


@st.composite
def brazilian(draw: st.DrawFn) -> RegistrationId:
    council = draw(st.sampled_from([c for c in COUNCILS if c.country == "BR"]))
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


identities = st.one_of(brazilian(), foreign())


@given(identities)
def test_the_canonical_form_reads_back_as_itself(identity: RegistrationId):
    assert parse(canonical(identity)) == identity


@given(identities, st.sampled_from([str.lower, str.upper, lambda t: f"  {t}\n"]))
def test_case_and_space_around_it_mean_nothing(identity: RegistrationId, spell):
    assert parse(spell(canonical(identity))) == identity


@given(st.text(max_size=80) | st.from_regex(re.compile(r"\s?CRM[-/ ]?[A-Z]{2}\s?[\d.\- ]{1,12}")))
def test_whatever_is_written_is_read_or_refused_in_words(text: str):
    identity = None
    with suppress(InvalidInput):
        identity = parse(text)
    assert identity is None or parse(canonical(identity)) == identity
