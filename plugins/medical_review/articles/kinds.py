"""The reviewed types of content, and the part of their revisions that belongs to medicine."""

from dataclasses import replace

from cms.kernel.declarations import PostType, RevisionPart

PART = "medical"
EVIDENCE_LEVELS = ("I", "II", "III", "IV")
AUDIENCES = ("professionals", "patients", "general")

MEDICAL_ARTICLE = PostType(
    name="medical_article",
    rest_base="medical-articles",
    label="Medical articles",
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
    description="Texts for patients, reviewed like medical articles.",
)
POST_TYPES = (MEDICAL_ARTICLE, PATIENT_EDUCATION)
REVIEWED = tuple(post_type.name for post_type in POST_TYPES)

# A key added here later is not added to stored revisions: their hash, and with it every approval,
# must outlive an upgrade.
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
    people=("responsible_professional",),
)
