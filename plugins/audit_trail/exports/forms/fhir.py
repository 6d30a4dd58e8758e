"""FHIR AuditEvent, R4 and R5, one resource a line (application/fhir+ndjson), in the manner of IHE
BALP: the agent with its network, the source, the object, the patient and the request as entities.

Built by hand: the model classes of FHIR libraries take a hundred times as long.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from plugins.audit_trail.exports.forms.verbs import SESSIONS, Act, act_of
from plugins.audit_trail.exports.reading import Entry

_encode = msgspec.json.Encoder().encode
_sorted = msgspec.json.Encoder(order="sorted").encode

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
REASONS = f"{TERMINOLOGY}/v3-ActReason"
TAGS, IDS = "urn:cms:audit:tag", "urn:cms:audit"
BALP = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"

_INTERACTIONS = {
    Act.CREATE: "create", Act.READ: "read", Act.UPDATE: "update", Act.DELETE: "delete",
    Act.EXECUTE: "operation",
}  # fmt: skip
_R4_OUTCOMES = {"success": "0", "refused": "4", "failed": "8"}
_R5_OUTCOMES = {"success": "success", "refused": "error", "failed": "fatal"}
_R5_SEVERITIES = {
    "low": "informational", "medium": "notice", "high": "warning", "critical": "critical",
}  # fmt: skip


def _coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    coding = {"system": system, "code": code}
    return coding if display is None else {**coding, "display": display}


_REST = _coding(f"{TERMINOLOGY}/audit-event-type", "rest", "RESTful Operation")
_SIGNING = _coding("http://dicom.nema.org/resources/ontology/DCM", "110114", "User Authentication")
_SERVER = _coding(f"{TERMINOLOGY}/security-source-type", "4", "Application Server")
_WHO_ASKED = _coding("http://dicom.nema.org/resources/ontology/DCM", "110153", "Source Role ID")
_OBJECT = _coding(f"{TERMINOLOGY}/audit-entity-type", "2", "System Object")
_PERSON = _coding(f"{TERMINOLOGY}/audit-entity-type", "1", "Person")
_REQUEST = _coding(BALP, "XrequestId")
_RESOURCE = _coding(f"{TERMINOLOGY}/object-role", "4", "Domain Resource")
_PATIENT = _coding(f"{TERMINOLOGY}/object-role", "1", "Patient")


def fhir_r4_of(entry: Entry, event: Mapping[str, Any], opened: Mapping[str, Any]) -> bytes:
    """FHIR 4.0.1."""
    body: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": event["event_id"],
        "type": _kind(event),
        "subtype": [_interaction(event), _coding(TAGS, event["action"])],
        "action": act_of(event["action"]).value,
        "recorded": event["occurred_at"],
        "outcome": _R4_OUTCOMES[event["outcome"]],
        "outcomeDesc": event["outcome"],
    }
    if event["purpose"]:
        body["purposeOfEvent"] = [_concept(_coding(REASONS, event["purpose"]))]
    agent, address = _agent(event, opened)
    if address is not None:
        agent["network"] = {"address": address, "type": "2"}
    body |= {
        "agent": [agent],
        "source": {"observer": _observer(event), "type": [_SERVER]},
        "entity": _entities(entry, event, lambda coding: coding, lambda text: text),
    }
    return _line(body)


def fhir_r5_of(entry: Entry, event: Mapping[str, Any], opened: Mapping[str, Any]) -> bytes:
    """FHIR 5.0.0."""
    body: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": event["event_id"],
        "category": [_concept(_kind(event))],
        "code": {"coding": [_interaction(event), _coding(TAGS, event["action"])]},
        "action": act_of(event["action"]).value,
        "severity": _R5_SEVERITIES[event["risk_level"]],
        "recorded": event["occurred_at"],
        "outcome": {
            "code": _coding("http://hl7.org/fhir/issue-severity", _R5_OUTCOMES[event["outcome"]]),
            "detail": [{"text": event["outcome"]}],
        },
    }
    if event["purpose"]:
        body["authorization"] = [_concept(_coding(REASONS, event["purpose"]))]
    agent, address = _agent(event, opened)
    if address is not None:
        agent["networkString"] = address
    entities = _entities(entry, event, _concept, lambda text: {"text": text})
    for entity in entities:
        entity.pop("type", None)  # R5 has the role alone
    body |= {
        "agent": [agent],
        "source": {"observer": _observer(event), "type": [_concept(_SERVER)]},
        "entity": entities,
    }
    return _line(body)


def _kind(event: Mapping[str, Any]) -> dict[str, str]:
    return _SIGNING if event["action"].startswith(SESSIONS) else _REST


def _interaction(event: Mapping[str, Any]) -> dict[str, str]:
    code = _INTERACTIONS[act_of(event["action"])]
    return _coding("http://hl7.org/fhir/restful-interaction", code)


def _agent(
    event: Mapping[str, Any], opened: Mapping[str, Any]
) -> tuple[dict[str, Any], str | None]:
    who = event["actor_id"]
    agent: dict[str, Any] = {
        "type": _concept(_WHO_ASKED),
        "who": _named("user", who) if who else {"display": event["actor_kind"]},
        "requestor": True,
    }
    if event["actor_role"]:
        agent["role"] = [{"text": role} for role in event["actor_role"].split(",")]
    if event["policy_reference"]:
        agent["policy"] = [f"{IDS}:policy:{quote(event['policy_reference'], safe='')}"]
    return agent, opened.get("actor_ip") or event["actor_ip"]


def _entities(entry: Entry, event: Mapping[str, Any], role: Any, kind: Any) -> list[dict[str, Any]]:
    name = event["resource_type"]
    told: dict[str, Any] = {
        "what": _named(name, event["resource_id"]) if event["resource_id"] else {"display": name},
        "type": _OBJECT,
        "role": role(_RESOURCE),
        "detail": [
            {"type": kind(key), "valueString": value}
            for key, value in _details(entry, event).items()
        ],
    }
    entities = [told]
    if event["data_subject"]:
        what = _named("data-subject", event["data_subject"])
        entities.append({"what": what, "type": _PERSON, "role": role(_PATIENT)})
    if event["request_id"]:
        entities.append({"what": _named("request", event["request_id"]), "type": _REQUEST})
    return entities


def _details(entry: Entry, event: Mapping[str, Any]) -> dict[str, str]:
    """What FHIR has no element for; the leaf hash leads back to the evidence."""
    said = {"log-entry": f"{entry.epoch}/{entry.seq}", "leaf-hash": entry.leaf}
    said["risk"] = event["risk_level"]
    for key in ("legal_basis", "consent_reference", "resource_version"):
        if event[key]:
            said[key] = event[key]
    for key in ("before", "after", "detail"):
        if event[key]:
            said[key] = _sorted(event[key]).decode()
    return said


def _named(kind: str, value: str) -> dict[str, Any]:
    return {"identifier": {"system": f"{IDS}:{kind}", "value": value}}


def _observer(event: Mapping[str, Any]) -> dict[str, Any]:
    return _named("tenant", event["tenant_id"])


def _concept(coding: dict[str, str]) -> dict[str, Any]:
    return {"coding": [coding]}


def _line(body: dict[str, Any]) -> bytes:
    return _encode(body) + b"\n"
