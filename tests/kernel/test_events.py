"""Events travel to jobs and stay for ever, so they hold ids and enumerations, never values."""

import re
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from cms.content.events import RevisionSaved, Transition
from cms.content.statuses import Status
from cms.host import build_registry
from cms.kernel.events import Event, Outcome, Refused, Subject, difference
from cms.settings import Settings

REGISTRY = build_registry(Settings())
EVENTS = sorted(REGISTRY.events.values(), key=lambda kind: kind.__name__)
VALUES = {"before", "after", "outcome", "personal", "about"}

# Text that is an identifier: a name from the action table, of a resource type, a council, a rule.
IDENTIFIERS = {"action", "resource_type", "council", "rule"}

_LOOKED = {
    "actor_kind", "channel", "event_id", "ip_token", "outcome_sought", "purpose_of_use",
    "request_id", "risk_at_least", "risk_level", "since", "subject_sought", "until", "what",
}  # fmt: skip
# Text that is neither, with the reason.
ALLOWED = {
    # What an officer looked for is the fact itself: uuids, levels, dates, keyed references.
    "AuditRead": _LOOKED,
    "TrailDownloaded": _LOOKED | {"form"},
    "AuditSearched": {"asked"},
    "DecisionsRead": {"action_sought", "decision", "request_sought"},
    "AuditExportAsked": {"asked", "export", "forms"},
    "AuditExportFetched": {"export", "manifest"},
    "AuditExported": {"asked", "forms", "manifest"},
    # Names of logs and keys, digests and verdicts: public, or nobody's.
    "EpochClosed": {"compromised_since", "next_key_ids", "next_origin"},
    "LogVerified": {"kinds", "round", "verdict", "verification_id"},
    "VerificationAsked": {"by", "verification_id"},
    # An operator's own words are the fact, and there is no row that could keep them.
    "MaintenanceSaid": {"application", "reason", "role", "said_at", "transaction"},
    "QuarantineSettled": {"because", "event_id"},
    "SignInFailed": {"method"},
}

# What a job is told apart from the event's own fields.
TAKEN = {"hook", "event", "tenant_id"}


def kinds_of(annotation: Any) -> list[Any]:
    if get_origin(annotation) in {Union, UnionType}:
        return [kind for part in get_args(annotation) for kind in kinds_of(part)]
    return [annotation]


def is_free_of_values(name: str, kind: Any) -> bool:
    if kind in {int, bool, NoneType}:
        return True
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return True
    return kind is str and (name in IDENTIFIERS or name.endswith(("_hash", "_sha256")))


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_event_holds_ids_and_enumerations(kind: type[Event]) -> None:
    fields = {n: hint for n, hint in get_type_hints(kind).items() if n in kind.__struct_fields__}
    told = [
        f"{name}: {part}"
        for name, hint in fields.items()
        if name not in VALUES | ALLOWED.get(kind.__name__, set())
        for part in kinds_of(hint)
        if not is_free_of_values(name, part)
    ]
    assert told == [], "a value in an event ends up in the queue and in every log of it"
    assert not TAKEN & set(fields), "the job that follows has its own meaning for this name"


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_event_says_what_it_is_about(kind: type[Event]) -> None:
    assert re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z_]+", kind.tag)
    assert kind.subject is not Event.subject, "it would fail when the trail asks"
    assert kind.__doc__
    assert kind.__doc__ != Event.__doc__


def test_what_an_event_covers_are_tables_that_exist_and_are_protected() -> None:
    covered = {table for kind in EVENTS for table in kind.covers}
    assert covered - REGISTRY.protected_tables == set(), "a misspelt table covers nothing"


def test_every_protected_table_has_an_event_that_can_tell_of_it() -> None:
    covered = {table for kind in EVENTS for table in kind.covers}
    # Nothing writes these yet; so long the unit of work refuses whoever does.
    assert REGISTRY.protected_tables - covered <= {"cms.options", "zero_trust.policies"}


def test_tags_are_unique() -> None:
    tags = [kind.tag for kind in EVENTS]
    assert sorted(set(tags)) == sorted(tags)


def test_an_event_travels_to_a_job_without_its_values() -> None:
    move = Transition(
        post_id=7,
        revision_id=8,
        content_hash="ab" * 32,
        from_status=Status.DRAFT,
        to_status=Status.PUBLISH,
        before={"title": "Dor"},
        after={"title": "Dor de cabeça"},
    )
    sent = msgspec.json.decode(msgspec.json.encode(move.ids()))
    assert "Dor" not in str(sent)
    arrived = msgspec.convert(sent, Transition)
    assert (arrived.post_id, arrived.to_status) == (7, Status.PUBLISH)
    assert arrived.before is None
    assert arrived.outcome is Outcome.SUCCESS


def test_an_event_without_a_subject_is_a_defect_that_says_which() -> None:
    class Forgotten(Event, frozen=True):
        tag = "test:thing:forget"

    with pytest.raises(TypeError, match="Forgotten names no subject"):
        Forgotten().subject()


def test_a_refusal_is_about_the_thing_that_was_refused() -> None:
    refused = Refused(action="post.publish", resource_type="post", resource_id=7)
    assert refused.subject() == Subject("post", 7)
    assert refused.outcome is Outcome.REFUSED


def test_the_difference_holds_only_what_differs() -> None:
    assert difference({"a": 1, "b": 2, "gone": 3}, {"a": 1, "b": 5, "new": None, "old": 4}) == (
        {"b": 2, "gone": 3, "old": None},
        {"b": 5, "gone": None, "old": 4},
    )


def test_a_saved_revision_is_about_its_post_and_names_the_hash() -> None:
    saved = RevisionSaved(post_id=7, revision_id=8, content_hash="ab" * 32)
    assert saved.subject() == Subject("post", 7, "ab" * 32)
