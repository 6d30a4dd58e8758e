"""Every column of the design's medical tables has a home, and the page says where."""

import re
from pathlib import Path

from plugins.medical_review.articles.attributes import ATTRIBUTES
from plugins.medical_review.articles.fields import SCHEMAS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "medical-fields.md"

POSTS = [
    "medical_content",
    "medical_disclaimer",
    "evidence_level",
    "scientific_references",
    "professional_review_required",
    "professional_reviewer_id",
    "medical_approval_status",
    "medical_approved_at",
    "contains_patient_data",
    "anonymization_applied",
    "consent_for_publication",
    "seo_title",
    "seo_description",
    "medical_keywords",
    "target_audience",
    "created_at",
    "updated_at",
    "version_number",
    "last_editor_id",
]
GROUPS = [
    "medical_context",
    "compliance_level",
    "audit_changes",
    "field_type",
    "field_group_id",
    "field_order",
    "encrypted_value",
    "encryption_key_id",
]
PROFESSIONALS = [
    "registry_type",
    "registry_number",
    "registry_state",
    "full_name",
    "specialty",
    "subspecialty",
    "validation_status",
    "validated_at",
    "expires_at",
    "last_validation_check",
    "external_validation_response",
    "validation_api_used",
    "institution",
    "position",
    "bio",
    "profile_photo_url",
    "website",
    "can_approve_medical_content",
    "approval_scope",
]
EXECUTIONS = [
    "user_id",
    "workflow_type",
    "execution_id",
    "input_data",
    "output_data",
    "intermediate_data",
    "status",
    "current_system",
    "progress_percentage",
    "started_at",
    "completed_at",
    "total_execution_time_ms",
    "system_execution_times",
    "error_message",
    "error_system",
    "retry_count",
    "lgpd_analysis_result",
    "medical_claims_identified",
    "scientific_references_found",
]


def test_every_column_and_every_field_is_on_the_page() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE.read_text()))
    wanted = {*POSTS, *GROUPS, *PROFESSIONALS, *EXECUTIONS, *SCHEMAS, *ATTRIBUTES}
    assert wanted - told == set()
