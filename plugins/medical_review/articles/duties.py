"""What a medical text owes its readers by what it says of itself: nobody recognisable in it, and no
sponsor or machine behind it that is not named."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cms.kernel.objections import Objection

Medical = Mapping[str, Any]


def _is_identifiable(medical: Medical) -> bool:
    holds_case = medical.get("contains_patient_data")
    return bool(holds_case) and not medical.get("non_identification_confirmed")


def _hides_sponsor(medical: Medical) -> bool:
    return medical.get("content_nature") == "sponsored" and not medical.get("sponsor")


def _hides_machine(medical: Medical) -> bool:
    used = medical.get("ai_use") in {"assisted", "generated"}
    return used and not medical.get("ai_use_statement")


_DUTIES: tuple[tuple[Callable[[Medical], bool], Objection], ...] = (
    (
        # Code of Medical Ethics (CFM 2.217/2018), art. 75: not even with the patient's consent.
        _is_identifiable,
        Objection(
            "article.identifiable_case",
            "The text holds the case of a patient, and nobody has confirmed that the patient "
            "cannot be recognised in it. Consent does not replace this.",
            "Take out all that a reader could recognise the patient by, then confirm it in "
            "non_identification_confirmed; or take the case out of the text.",
        ),
    ),
    (
        _hides_sponsor,
        Objection(
            "article.sponsor_missing",
            "The text is sponsored, and does not say by whom.",
            "Name who paid for it in sponsor, or set content_nature to editorial.",
        ),
    ),
    (
        # CFM 2.454/2026 asks for the tool, and for the person who took what it made.
        _hides_machine,
        Objection(
            "article.ai_statement_missing",
            "Artificial intelligence had a part in the text, and it is not said which.",
            "Write into ai_use_statement which tool was used, for what, and who checked it.",
        ),
    ),
)


def statement_objections(medical: Medical) -> Iterator[Objection]:
    """What the text says of itself and has not kept."""
    return (objection for is_broken, objection in _DUTIES if is_broken(medical))
