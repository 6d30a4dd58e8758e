"""The reviewed types of content, and the part of their revisions that belongs to medicine."""

from dataclasses import replace
from typing import cast

from cms.content import posts
from cms.content.events import Transition
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType, RevisionPart
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.stamps import PEOPLE

PART = "medical"
EVIDENCE_LEVELS = ("I", "II", "III", "IV")
AUDIENCES = ("professionals", "patients", "general")

MEDICAL_ARTICLE = PostType(
    name="medical_article",
    rest_base="medical-articles",
    label="Medical articles",
    singular="Medical article",
    description="Articles that a professional answers for and a reviewer has approved.",
    taxonomies=("category",),
    is_reviewed=True,
    rewrite="medical-articles",
)
PATIENT_EDUCATION = replace(
    MEDICAL_ARTICLE,
    name="patient_education",
    rest_base="patient-education",
    rewrite="patient-education",
    label="Patient education",
    singular="Patient education text",
    description="Texts for patients, reviewed like medical articles.",
)
POST_TYPES = (MEDICAL_ARTICLE, PATIENT_EDUCATION)
# Those of this plugin. A site or another plugin may have more, so that rules ask `is_reviewed`.
REVIEWED = tuple(post_type.name for post_type in POST_TYPES)


def is_reviewed(work: ReadableWork, post_type: str) -> bool:
    """Whether texts of this type reach readers only when they are approved."""
    return work.registry.is_reviewed(post_type)


async def is_of_reviewed(work: ReadableWork, move: Transition) -> bool:
    """Whether the post that moves is of a reviewed type. Whoever moves it has read it: nothing is
    asked of the database, so that other posts cost nothing."""
    post = await posts.get(cast(UnitOfWork, work), move.post_id)
    return is_reviewed(work, post.post_type)


def reviewed_types(work: ReadableWork) -> list[str]:
    """The names of every reviewed type of this site."""
    return work.registry.reviewed_types()


# No key is added here: the hash of a stored revision, and with it every approval, must outlive an
# upgrade. Later ones are in `attributes`, and in the part only where they say something.
MEDICAL_PART = RevisionPart(
    name=PART,
    post_types=REVIEWED,
    defaults={
        "evidence_level": None,
        "scientific_references": [],
        "target_audience": None,
        "medical_disclaimer": "",
        "responsible_professional": None,
        "medical_keywords": [],
        "contains_patient_data": False,
        "anonymization_applied": False,
        "consent_for_publication": False,
        "seo_title": "",
        "seo_description": "",
    },
    people=("responsible_professional", *PEOPLE),
    of_reviewed=True,
)
