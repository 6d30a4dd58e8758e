"""The seed's field group *Medical Article Fields*, as data that forms are drawn from."""

from plugins.medical_review.articles.kinds import PART, REVIEWED

# The field is another name for the value that the plugin keeps in its own part of the revision: the
# hash of a text, and with it its approval, is the same whichever of the two names it came by.
MEDICAL_ARTICLE_FIELDS = {
    "key": "group_medical_article",
    "title": "Medical Article Fields",
    "fields": [
        {
            "key": "field_evidence_level",
            "label": "Evidence Level",
            "name": "evidence_level",
            "type": "select",
            "instructions": "How strong the evidence is that the text rests on.",
            "choices": {
                "I": "Level I - RCT",
                "II": "Level II - Cohort",
                "III": "Level III - Case-control",
                "IV": "Level IV - Case series",
            },
            "allow_null": 1,
            "return_format": "value",
            "source": f"{PART}.evidence_level",
            "filterable": 1,
            "translations": {
                "pt": {
                    "label": "Nível de evidência",
                    "instructions": "Quão forte é a evidência em que o texto se apoia.",
                    "choices": {
                        "I": "Nível I - Ensaio clínico randomizado",
                        "II": "Nível II - Coorte",
                        "III": "Nível III - Caso-controle",
                        "IV": "Nível IV - Série de casos",
                    },
                }
            },
        }
    ],
    "location": [[{"param": "post_type", "operator": "==", "value": name}] for name in REVIEWED],
    "active": True,
    "show_in_rest": 1,
    "medical_context": True,
    "compliance_level": "professional",
    "audit_changes": True,
    "translations": {"pt": {"title": "Campos do artigo médico"}},
}
FIELD_GROUPS = (MEDICAL_ARTICLE_FIELDS,)
