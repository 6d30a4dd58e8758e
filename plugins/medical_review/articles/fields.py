"""The seed's columns on a post, as top-level keys of the WordPress REST body."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cms.content import heads
from cms.content.reading import PostView
from cms.kernel.declarations import Compute, RestField
from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare.inherited import inherited_mark
from plugins.medical_review.articles.attributes import ATTRIBUTES, Attribute
from plugins.medical_review.articles.kinds import (
    AUDIENCES,
    EVIDENCE_LEVELS,
    MEDICAL_PART,
    PART,
    REVIEWED,
)
from plugins.medical_review.articles.page_facts import bylines_of, courses_of
from plugins.medical_review.articles.parts import MOST_KEYWORDS, MOST_REFERENCES
from plugins.medical_review.articles.stamps import (
    CONFIRMED,
    JUDGED,
    Stamp,
    is_provisional,
    shown,
)
from plugins.medical_review.references.entries import REFERENCE_SCHEMA
from plugins.medical_review.reviewing.approvals import ApprovalStatus, Course
from plugins.medical_review.reviewing.models import DecisionRecord
from plugins.professional_registry.bylines import Byline, byline_of

_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}

SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "evidence_level": {"type": ["string", "null"], "enum": [*EVIDENCE_LEVELS, None]},
    "scientific_references": {
        "type": "array",
        "items": REFERENCE_SCHEMA,
        "maxItems": MOST_REFERENCES,
    },
    "target_audience": {"type": ["string", "null"], "enum": [*AUDIENCES, None]},
    "medical_disclaimer": _TEXT,
    "responsible_professional": {"type": ["integer", "null"]},
    "medical_keywords": {"type": "array", "items": _TEXT, "maxItems": MOST_KEYWORDS},
    "contains_patient_data": _FLAG,
    "anonymization_applied": _FLAG,
    "consent_for_publication": _FLAG,
    "seo_title": _TEXT,
    "seo_description": _TEXT,
}


def _from_course(value: Callable[[PostView, Course], Any]) -> Compute:
    async def compute(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
        found = await courses_of(work, views)
        return [value(view, found[view.id]) for view in views]

    return compute


def _from_view(value: Callable[[PostView], Any]) -> Compute:
    async def compute(_: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
        return [value(view) for view in views]

    return compute


async def _bylines(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
    """Who answers for the text (CFM 2.336/2023, art. 4); null while she may not sign."""
    people = [view.part(PART).get("responsible_professional") for view in views]
    found = await bylines_of(work, views)
    return [shown_byline(user_id, found.get(user_id)) for user_id in people]


def shown_byline(user_id: int, line: Byline | None) -> dict[str, Any] | None:
    """A byline as an object and as the line that stands beside the text."""
    if line is None:
        return None
    return {
        "user_id": user_id,
        "name": line.name,
        "word": line.word,
        "registration": line.registration,
        "specialties": list(line.specialties),
        "text": line.text,
    }


def _approval(view: PostView, course: Course) -> dict[str, Any] | None:
    given = course.approval(view.revision.content_hash)
    if given is None:
        return None
    return {
        "approved_at": _moment(given.decided_at),
        "content_hash": given.content_hash.hex(),
        "reviewer": {"user_id": given.reviewer_id, "text": _reviewer(given)},
    }


def _reviewer(given: DecisionRecord) -> str:
    """As she signed: with her registration if she had one that day, else by name alone."""
    line = byline_of(given.reviewer_registration or {})
    return line.text if line is not None else given.reviewer_name


def _approved_at(view: PostView, course: Course) -> str | None:
    given = course.approval(view.revision.content_hash)
    return _moment(given.decided_at) if given else None


def _reviewer_id(view: PostView, course: Course) -> int | None:
    given = course.approval(view.revision.content_hash)
    return given.reviewer_id if given else None


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_STATES = {
    ApprovalStatus.APPROVED: "approved",
    ApprovalStatus.IN_REVIEW: "submitted",
    ApprovalStatus.SENT_BACK: "sent_back",
}


async def _revisions(work: ReadableWork, views: Sequence[Any]) -> Sequence[Any]:
    """Which texts there are of each post, for those who edit it."""
    found = await courses_of(work, views)
    # Only of what readers have can anything be set aside.
    aside = await heads.of_posts(work, [view.id for view in views if view.post.live_revision_id])
    return [
        {
            **_heads(view, found[view.id]),
            "set_aside": [head.revision_id for head in aside.get(view.id, ())],
        }
        for view in views
    ]


def _heads(view: PostView, course: Course) -> dict[str, Any]:
    post = view.post
    status = course.status(view.revision.content_hash)
    unreviewed = "changed" if post.live_revision_id else "draft"
    state = "live" if view.is_live else _STATES.get(status, unreviewed)
    return {"live": post.live_revision_id, "working": post.working_revision_id, "state": state}


# Whose words find an article, beside its text.
SEARCHED = frozenset({"medical_keywords"})


# What lists are filtered by, under the name of the field.
FILTERED = frozenset(
    {"evidence_level", "target_audience", "contains_patient_data", "responsible_professional"}
)


def _stored(name: str, schema: Mapping[str, Any]) -> RestField:
    return RestField(
        name,
        schema,
        REVIEWED,
        part=PART,
        searchable=name in SEARCHED,
        of_reviewed=True,
        unset=MEDICAL_PART.defaults[name],
        argument=name if name in FILTERED else "",
    )


def _attribute(name: str, one: Attribute) -> RestField:
    return RestField(
        name,
        one.schema,
        REVIEWED,
        part=PART,
        of_reviewed=True,
        unset=one.unset,
        argument=one.argument,
    )


def computed(
    name: str, kind: str, compute: Compute, contexts: tuple[str, ...] = ("view", "edit")
) -> RestField:
    """A field that is read only, of every reviewed type."""
    schema = {"type": [kind, "null"], "readonly": True}
    return RestField(name, schema, REVIEWED, contexts, compute=compute, of_reviewed=True)


def _stamped(name: str, stamp: Stamp) -> RestField:
    return computed(name, "object", _from_view(lambda view: shown(stamp, view.part(PART))))


APPROVAL_STATUS = RestField(
    "medical_approval_status",
    {"type": ["string", "null"], "enum": [*ApprovalStatus, None], "readonly": True},
    REVIEWED,
    compute=_from_course(lambda view, course: course.status(view.revision.content_hash).value),
    of_reviewed=True,
    argument="medical_approval_status",
)


REST_FIELDS = (
    *(_stored(name, schema) for name, schema in SCHEMAS.items()),
    *(_attribute(name, one) for name, one in ATTRIBUTES.items()),
    computed(
        "evidence_is_provisional",
        "boolean",
        _from_view(lambda view: is_provisional(view.part(PART))),
    ),
    _stamped("evidence_judgement", JUDGED),
    _stamped("non_identification", CONFIRMED),
    computed("medical_content", "boolean", _from_view(lambda _: True)),
    computed("professional_review_required", "boolean", _from_view(lambda _: True)),
    APPROVAL_STATUS,
    computed("medical_approved_at", "string", _from_course(_approved_at)),
    computed("professional_reviewer_id", "integer", _from_course(_reviewer_id)),
    computed("inherited", "object", _from_course(inherited_mark)),
    computed("byline", "object", _bylines),
    computed("approval", "object", _from_course(_approval)),
    computed(
        "version_number", "integer", _from_view(lambda view: view.post.version_number), ("edit",)
    ),
    computed(
        "last_editor_id", "integer", _from_view(lambda view: view.post.last_editor_id), ("edit",)
    ),
    computed("cms_revision", "object", _revisions, ("edit",)),
)
