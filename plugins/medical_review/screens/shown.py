"""A text under review as it is put on a page: its markup without what a page of ours refuses, and
the fields of the article in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from cms.admin.page import Page
from cms.admin.translating import N_
from cms.content.models import Revision
from cms.database.work import UnitOfWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.names import names_of
from plugins.professional_registry.bylines import byline

# The content security policy refuses both, and says so in the console.
_REFUSED = ("style", "srcset")
_EMBEDDED = "iframe, object, embed, form, script, style, link, meta"

LABELS: Mapping[str, str] = {
    "responsible_professional": N_("Responsible professional"),
    "target_audience": N_("Audience"),
    "evidence_level": N_("Level of evidence"),
    "evidence_question": N_("Question of the evidence"),
    "evidence_cebm": N_("Level of evidence (OCEBM 2011)"),
    "evidence_grade": N_("Certainty (GRADE)"),
    "evidence_recommendation": N_("Strength of the recommendation"),
    "evidence_reason": N_("Reasons for the judgement"),
    "evidence_cutoff_date": N_("Literature searched until"),
    "conflict_of_interest": N_("Conflicts of interest"),
    "funding": N_("Funding"),
    "content_nature": N_("Nature of the text"),
    "sponsor": N_("Sponsor"),
    "contains_patient_data": N_("Holds data of a patient"),
    "anonymization_applied": N_("Data of the patient are anonymised"),
    "consent_for_publication": N_("The patient consented to the publication"),
    "non_identification_confirmed": N_("Nobody can be identified: confirmed"),
    "ai_use": N_("Use of artificial intelligence"),
    "ai_use_statement": N_("What it was used for"),
    "change_note": N_("What was changed"),
    "medical_disclaimer": N_("Medical disclaimer"),
    "medical_keywords": N_("Keywords"),
    "specialties": N_("Specialties"),
    "seo_title": N_("Title for search engines"),
    "seo_description": N_("Description for search engines"),
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "target_audience": {
        "professionals": N_("professionals"),
        "patients": N_("patients"),
        "general": N_("the general public"),
    },
    "evidence_question": {
        "prevalence": N_("prevalence"),
        "diagnosis": N_("diagnosis"),
        "prognosis": N_("prognosis"),
        "therapy": N_("therapy"),
        "harms": N_("harms"),
        "screening": N_("screening"),
    },
    "evidence_grade": {
        "high": N_("high certainty"),
        "moderate": N_("moderate certainty"),
        "low": N_("low certainty"),
        "very_low": N_("very low certainty"),
    },
    "evidence_recommendation": {"strong": N_("strong"), "weak": N_("weak")},
    "content_nature": {"editorial": N_("editorial"), "sponsored": N_("sponsored")},
    "ai_use": {"none": N_("none"), "assisted": N_("assisted"), "generated": N_("generated")},
}


def in_page(html: str) -> Markup:
    """The rendered text as a part of our page. It was cleaned when it was stored; here goes what
    the policy of the page would refuse: styles of single elements, and what is embedded."""
    body = LexborHTMLParser(html).body if html.strip() else None
    if body is None:
        return Markup("")
    for node in body.css(_EMBEDDED):
        node.decompose()
    for name in _REFUSED:
        for node in body.css(f"[{name}]"):
            del node.attrs[name]
    return Markup(body.inner_html or "")  # noqa: S704 - cleaned when it was stored


async def article_facts(work: UnitOfWork, page: Page, revision: Revision) -> list[tuple[str, str]]:
    """Label and value of each field of the article that says something, and, of those that every
    article should have, also of those that say nothing."""
    part = revision.parts.get(PART, {})
    found = [(RESPONSIBLE, await _responsible(work, page, part.get(RESPONSIBLE)))]
    found += [(name, said) for name, said in _said(page, part) if name != RESPONSIBLE]
    order = list(LABELS)
    found.sort(key=lambda one: order.index(one[0]))
    return [(page.say(LABELS[name]), said) for name, said in found]


async def _responsible(work: UnitOfWork, page: Page, person: int | None) -> str:
    if person is None:
        return page.say("nobody")
    line = await byline(work, person)
    if line is not None:
        return line.text
    name = (await names_of(work, [person])).get(person, "")
    return page.say("%(name)s, whose registration does not let her sign today", name=name)


_ALWAYS = ("target_audience", "evidence_level", "conflict_of_interest", "funding")


def _said(page: Page, part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in LABELS:
        value = part.get(name)
        if value not in (None, "", [], False):
            yield name, _value(page, name, value)
        elif name in _ALWAYS:
            yield name, page.say("not stated")


def _value(page: Page, name: str, value: Any) -> str:
    if value is True:
        return page.say("yes")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "evidence_cutoff_date":
        locale = "pt_BR" if page.words.language == "pt" else "en_GB"
        return str(format_date(date.fromisoformat(value), "medium", locale=locale))
    if name == "medical_disclaimer":
        node = LexborHTMLParser(value).body
        return node.text(separator=" ").strip() if node else ""
    return page.say(VALUES.get(name, {}).get(value, str(value)))
