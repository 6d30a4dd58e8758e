"""Numbers of Brazilian documents, known by their check digits.

CPF: weights 10…2 and 11…2, modulo 11. CNS: Σ digit × (15…1) ≡ 0 modulo 11, which holds for
cards that begin with 1 or 2 as well as for those with 7, 8, 9. PIS/PASEP/NIT: weights
3 2 9 8 7 6 5 4 3 2.
"""

import re

from plugins.medical_review.checks.words import words

_PIS_WEIGHTS = (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
# The area codes that exist.
_AREAS = words("area_codes")
_NOT_DIGITS = re.compile(r"\D")


def digits(written: str) -> str:
    return _NOT_DIGITS.sub("", written)


def is_cpf(written: str) -> bool:
    """Whether the check digits are right; eleven equal digits are no CPF."""
    number = digits(written)
    if len(number) != 11 or number == number[0] * 11:
        return False
    return all(_cpf_digit(number[:size]) == int(number[size]) for size in (9, 10))


def _cpf_digit(number: str) -> int:
    total = sum(int(d) * w for d, w in zip(number, range(len(number) + 1, 1, -1), strict=True))
    return 0 if total % 11 < 2 else 11 - total % 11


def is_cns(written: str) -> bool:
    """Whether this is the number of a card of the SUS."""
    number = digits(written)
    if len(number) != 15 or number[0] not in "12789":
        return False
    return sum(int(d) * w for d, w in zip(number, range(15, 0, -1), strict=True)) % 11 == 0


def is_pis(written: str) -> bool:
    """Whether the check digit of a PIS, PASEP or NIT is right."""
    number = digits(written)
    if len(number) != 11 or number == number[0] * 11:
        return False
    total = sum(int(d) * w for d, w in zip(number, _PIS_WEIGHTS, strict=False))
    return (11 - total % 11) % 11 % 10 == int(number[10])


def is_phone(written: str) -> bool:
    """Whether this can be dialled in Brazil: area code, and eight or nine digits."""
    number = digits(written).removeprefix("55") if written.startswith("+") else digits(written)
    local = number[2:]
    if number[:2] not in _AREAS:
        return False
    return (len(local) == 9 and local[0] == "9") or (len(local) == 8 and local[0] in "2345")
