"""A registration by its key: country, council, regional, number, category; never the number alone.

CRM numbers repeat across UFs; CRP, CRN, CREFITO, CRFa and CRBM count by region.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from cms.errors import InvalidInput
from plugins.professional_registry import foreign
from plugins.professional_registry.councils import CRM, Council, by_acronym, table

_LONGEST = 60
_RIO_PREFIX = re.compile(r"52(?P<mark>[- .]?)(?P<number>\d[\d.]*)(?:-(?P<check>\d))?")
_NO = r"(?:N[.º°O]{0,2}\s?)?"
_RIO = (
    re.compile(rf"CRM\s?[-/ ]?\s?RJ\s?[-:/ ]?\s?{_NO}(?P<number>52.*)", re.IGNORECASE),
    re.compile(rf"CRM\s?[-:]?\s?{_NO}(?P<number>52.*?)\s?[-/ ]\s?RJ", re.IGNORECASE),
)


class RegistrationId(msgspec.Struct, frozen=True, order=True):
    """`council` is the register's acronym (CRM), `regional` a UF or a region's code, `number`
    digits without leading zeros, `category` what the council adds (ENF, CD, F, …) or nothing."""

    council: str
    regional: str
    number: str
    category: str = ""
    country: str = "BR"

    def __str__(self) -> str:
        return canonical(self)


def canonical(identity: RegistrationId) -> str:
    """The one spelling that the product shows: `CRM-SP 123456`, `CRP 06/12345`, `NPI 1234567893`"""
    if identity.council in foreign.registers():
        return f"{identity.council} {identity.number}"
    return _written(by_acronym()[identity.council].identity.written, identity)


def parse(text: str, councils: Mapping[str, Council] | None = None) -> RegistrationId:
    """The registration that a person means. InvalidInput names fault and accepted form.

    A number with a UF and no council is a physician's, as in `123456-SP`. `councils` are those of
    the table unless a tenant has corrected them.
    """
    if len(text) > _LONGEST:
        raise refused(text[:_LONGEST], f"is longer than {_LONGEST} characters")
    abroad = foreign.named(" ".join(text.split()))
    if abroad:
        return _foreign(text, *abroad)
    plain, known = _plain(text), councils or by_acronym()
    matches = {found for council in known.values() if (found := _read(council, plain))}
    if len(matches) != 1:
        raise refused(text, _fault(plain, known))
    return matches.pop()


def _foreign(text: str, register: foreign.ForeignRegister, number: str) -> RegistrationId:
    fault = foreign.fault_of(register, number)
    if fault:
        raise refused(text, f"{fault}; write it like {register.acronym} {register.example}")
    return RegistrationId(register.acronym, "", number, country=register.country)


def of_parts(council: Council, regional: str, number: str, category: str) -> RegistrationId | None:
    """A key from separate fields, as a spreadsheet has them; None when they make no number."""
    written = category.strip()
    found = RegistrationId(
        council.regional,
        regional,
        _digits(number),
        _category(council, {"category": written} if written else {}),
    )
    return found if _has_form(council, found) else None


def of_roster(uf: str, number: str) -> RegistrationId | None:
    """A physician's key from a roster line, or None when the number has no known form."""
    council = by_acronym()[CRM]
    found = RegistrationId(CRM, uf, _digits(_without_rio_prefix(number) if uf == "RJ" else number))
    return found if _has_form(council, found) else None


def refused(text: str, fault: str) -> InvalidInput:
    """The error for a registration that cannot be used."""
    return InvalidInput({"registration": f"{text!r}: {fault}"})


def _plain(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).split())
    if re.match(r"\d", plain):
        plain = f"{CRM} {plain}"
    rio = _RIO[0].fullmatch(plain) or _RIO[1].fullmatch(plain)
    return f"{CRM}-RJ {_without_rio_prefix(rio['number'])}" if rio else plain


def _without_rio_prefix(number: str) -> str:
    """CRM-RJ prints 52-NNNNNN and 52.NNNNN-D; the official service is asked without the 52.

    The check digit stays: both forms then give one number. A bare 52NNN is left as it is.
    """
    found = _RIO_PREFIX.fullmatch(number.strip())
    if not found:
        return number
    rest = (found["number"] + (found["check"] or "")).replace(".", "")
    is_prefixed = found["mark"] in {"-", " "} or found["check"] or len(rest) > 5
    return rest if is_prefixed else number


def _read(council: Council, text: str) -> RegistrationId | None:
    for pattern in _patterns(council.number.text_regex):
        found = pattern.fullmatch(text)
        identity = _identity(council, found.groupdict()) if found else None
        if identity and _has_form(council, identity):
            return identity
    return None


@cache
def _patterns(text_regex: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE) for p in text_regex)


def _identity(council: Council, groups: dict[str, str | None]) -> RegistrationId | None:
    # The expressions number the groups of their alternatives: uf, uf2, number3, …
    parts = {name.rstrip("23"): value for name, value in groups.items() if value}
    regional = _regional(council, parts)
    if regional is None:
        return None
    return RegistrationId(
        council.regional, regional, _digits(parts["number"]), _category(council, parts)
    )


def _regional(council: Council, parts: dict[str, str]) -> str | None:
    if "uf" in parts:
        return parts["uf"].upper()
    for region in council.regions:
        if region.code.isdigit() and int(region.code) == int(parts["region"]):
            return region.ufs[0] if council.identity.regional == "uf" else region.code
    return None


def _category(council: Council, parts: dict[str, str]) -> str:
    names = ("category", "profession", "suffix", "legal_entity", "provisional")
    written = next((parts[name] for name in names if name in parts), "")
    code = re.sub(r"[^A-Z0-9]", "", written.upper())
    for profession in council.professions:
        if code in profession.aliases:
            return profession.suffix
    return code


def _digits(number: str) -> str:
    """Thousands' dots and leading zeros are spelling; CRN's T for technicians is not."""
    plain = number.strip().upper().replace(".", "")
    digits = plain.removeprefix("T")
    return plain[: len(plain) - len(digits)] + digits.lstrip("0")


def _has_form(council: Council, identity: RegistrationId) -> bool:
    checked = _written(council.identity.checked, identity)
    has_number = identity.number.lstrip("T") != "" and identity.number.isascii()
    return has_number and re.fullmatch(council.number.form_regex, checked) is not None


def _written(template: str, identity: RegistrationId) -> str:
    shown = re.sub(r"\[([^\]]*)\]", r"\1" if identity.category else "", template)
    return shown.format(
        regional=identity.regional, number=identity.number, category=identity.category
    )


def _fault(text: str, known: Mapping[str, Council]) -> str:
    council = _named_council(text, known)
    if not text:
        return f"is empty; write it like {_example(by_acronym()[CRM])}"
    if council is None:
        acronyms = ", ".join([*known, *foreign.registers()])
        return f"names no council; write one of {acronyms}, like {_example(by_acronym()[CRM])}"
    return f"{'; '.join(_gaps(council, text))}; write it like {_example(council)}"


def _gaps(council: Council, text: str) -> Iterator[str]:
    digits = re.findall(r"\d+", text.replace(".", ""))
    words = {word.upper() for word in re.findall(r"[^\W\d_]+", text)}
    if council.identity.regional == "uf" and not words & set(table().ufs):
        yield f"the UF is missing or unknown ({' '.join(table().ufs)})"
    if council.identity.regional == "region" and digits and not _is_region(council, digits[0]):
        yield f"there is no region {digits[0]} ({' '.join(r.code for r in council.regions)})"
    if not digits or (council.identity.regional == "region" and len(digits) < 2):
        yield "the number is missing"
    else:
        yield f"a {council.regional} number has {_extent(council)}"


def _extent(council: Council) -> str:
    digits = council.number.digits
    return digits if "digits" in digits else f"{digits} digits"


def _is_region(council: Council, digits: str) -> bool:
    return any(int(region.code) == int(digits) for region in council.regions)


def _named_council(text: str, known: Mapping[str, Council]) -> Council | None:
    for acronym, council in sorted(known.items(), key=lambda item: -len(item[0])):
        if text.upper().startswith(acronym.upper()):
            return council
    return None


def _example(council: Council) -> str:
    example = parse(council.examples_valid[0])
    return canonical(example)
