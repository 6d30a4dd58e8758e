"""Identifiers of other countries' registers: one number for the country, with no regional council.

Their forms are data too (`international` in data/councils.json); here stands what people write
before the number, and the check digit where a register publishes one.
"""

import re
from collections.abc import Callable
from functools import cache

import msgspec

from plugins.professional_registry.councils import table


class ForeignRegister(msgspec.Struct, frozen=True):
    """`acronym` is what the key holds as its council; `fault` says why a well-formed number cannot
    be one, and is empty for most."""

    acronym: str
    country: str
    form_regex: str
    form: str
    example: str
    fault: Callable[[str], str] = lambda _number: ""


def npi_fault(number: str) -> str:
    """The Luhn check over 80840 and the ten digits (CMS, NPI check digit calculation)."""
    return "" if _luhn(f"80840{number}") else "the check digit is wrong"


# The id in councils.json, what people write, what the number is made of, and an example.
_WRITTEN = {
    "US-NPPES": ("NPI", "10 digits, the first 1 or 2", "1234567893", npi_fault),
    "UK-GMC": ("GMC", "7 digits", "9999999", None),
    "AU-AHPRA": ("AHPRA", "3 letters and 10 digits", "MED0009999999", None),
    "FR-RPPS": ("RPPS", "11 digits", "99999999991", None),
    "NL-BIG": ("BIG", "11 digits", "99999999901", None),
}
_PROFESSIONS = {
    "GMC": {"": "physician"},
    "AHPRA": {"MED": "physician", "NMW": "nurse", "PSY": "psychologist", "PHA": "pharmacist"},
    "BIG": {"01": "physician", "02": "dentist", "30": "nurse"},
}
UNKNOWN_PROFESSION = "health_professional"


@cache
def registers() -> dict[str, ForeignRegister]:
    """The registers by their acronym."""
    found: dict[str, ForeignRegister] = {}
    for entry in table().international:
        if entry.id in _WRITTEN:
            acronym, form, example, fault = _WRITTEN[entry.id]
            register = ForeignRegister(
                acronym, entry.country, entry.number.form_regex, form, example
            )
            found[acronym] = msgspec.structs.replace(register, fault=fault) if fault else register
    return found


def named(text: str) -> tuple[ForeignRegister, str] | None:
    """The register that a text names, with the number after it. Ahpra's numbers name theirs by
    themselves: MED0001234567."""
    found = re.fullmatch(r"([A-Za-z]+)\s?[-:/]?\s?(?:n[.º°o]{0,2}\s)?(.*)", text)
    register = registers().get(found[1].upper()) if found else None
    if found and register:
        return register, re.sub(r"\s", "", found[2]).upper()
    return (registers()["AHPRA"], text.upper()) if _is_ahpra(text) else None


def fault_of(register: ForeignRegister, number: str) -> str:
    """Why this cannot be a number of the register, or nothing."""
    if not re.fullmatch(register.form_regex, number, re.ASCII):
        return f"a {register.acronym} number has {register.form}"
    return register.fault(number)


def profession_of(acronym: str, number: str) -> str:
    """What the number itself tells of the profession; most tell nothing."""
    known = _PROFESSIONS.get(acronym, {})
    key = {"AHPRA": number[:3], "BIG": number[-2:]}.get(acronym, "")
    return known.get(key, UNKNOWN_PROFESSION)


def _is_ahpra(text: str) -> bool:
    return re.fullmatch(r"[A-Z]{3}\d{10}", text.upper(), re.ASCII) is not None


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0
