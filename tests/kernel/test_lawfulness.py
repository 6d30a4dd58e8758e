"""Why data may be used: a basis that does not count for its kind cannot even be declared."""

import re
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from cms.kernel.events import Event, Subject, lawful_grounds
from cms.kernel.lawfulness import (
    DataClass,
    DataSubject,
    Grounds,
    LegalBasis,
    PurposeOfUse,
    UnlawfulGrounds,
)

# The law as data, with its source.
LAW: dict[str, Any] = msgspec.json.decode(
    (files("cms.kernel") / "data" / "lgpd_legal_bases.json").read_bytes()
)


class CaseShown(Event, frozen=True):
    """A patient's case was shown."""

    tag = "test:case:show"
    data = DataClass.HEALTH
    basis = LegalBasis.SENSITIVE_CONSENT
    consent: str = ""

    def grounds(self) -> Grounds:
        return Grounds(self.data, self.basis, self.purpose, self.consent)

    def subject(self) -> Subject:
        return Subject("case")


def _said(article: str) -> str:
    """`11-II-a` as the members say it."""
    return f"art-{article.lower()}"


def test_the_legal_bases_are_those_of_the_law() -> None:
    assert {basis.value for basis in LegalBasis} == {_said(i["article"]) for i in LAW["items"]}
    assert LAW["meta"]["source"].startswith("https://www.planalto.gov.br/")
    sensitive = {_said(i["article"]) for i in LAW["items"] if i["applies_to"] == "sensitive"}
    assert {basis.value for basis in LegalBasis if basis.is_for_sensitive_data} == sensitive


@pytest.mark.parametrize("basis", [b for b in LegalBasis if not b.is_for_sensitive_data])
def test_no_basis_of_article_7_counts_for_health_data(basis: LegalBasis) -> None:
    """Legitimate interest and contract among them."""
    with pytest.raises(UnlawfulGrounds, match=r"no legal basis for data of the class health.*11"):
        Grounds(DataClass.HEALTH, basis, PurposeOfUse.OPERATIONS)


def test_an_event_cannot_be_declared_with_a_basis_that_does_not_count() -> None:
    with pytest.raises(UnlawfulGrounds, match="art-7-ix is no legal basis"):

        class Sold(Event, frozen=True):
            tag = "test:case:sell"
            data = DataClass.HEALTH
            basis = LegalBasis.LEGITIMATE_INTEREST


def test_an_event_that_relies_on_consent_names_it() -> None:
    with pytest.raises(UnlawfulGrounds, match=r"CaseShown relies on consent .* names none"):
        lawful_grounds(CaseShown())
    assert lawful_grounds(CaseShown(consent="consent:12")).consent == "consent:12"


def test_an_event_cannot_talk_itself_into_another_basis() -> None:
    class Liberal(CaseShown, frozen=True):
        def grounds(self) -> Grounds:
            return Grounds(self.data, LegalBasis.CONTRACT, self.purpose)

    with pytest.raises(UnlawfulGrounds, match="art-7-v is no legal basis"):
        lawful_grounds(Liberal())


def test_purposes_are_codes_of_hl7() -> None:
    assert all(re.fullmatch("[A-Z]{3,9}", code) for code in PurposeOfUse)
    assert {"HOPERAT", "HCOMPL", "HMARKT", "HRESCH", "PATRQT"} <= set(PurposeOfUse)


def test_a_person_is_the_same_however_her_address_is_written() -> None:
    assert DataSubject.email(" Ana@Example.org") == DataSubject.email("ana@example.org")
    assert DataSubject.user(7).name == "user:7"
