"""OCSF events, one a line: Authentication, Entity Management, Datastore Activity or API Activity,
by the tag of the event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from cms import __version__
from plugins.audit_trail.exports.forms.verbs import SESSIONS, Act, act_of
from plugins.audit_trail.exports.reading import Entry

OCSF_VERSION = "1.3.0"

AUTHENTICATION, ENTITY_MANAGEMENT, API_ACTIVITY, DATASTORE_ACTIVITY = 3002, 3004, 6003, 6005

_PEOPLE = ("identity:", "registry:", "sealing:key", "tenancy:")
_STORED = ("content:", "media:", "fields:", "sealing:value", "review:", "site:", "exchange:")

_IDS = {Act.CREATE: 1, Act.READ: 2, Act.UPDATE: 3, Act.DELETE: 4, Act.EXECUTE: 99}
_STORE_IDS = {Act.CREATE: 6, Act.READ: 1, Act.UPDATE: 2, Act.DELETE: 7, Act.EXECUTE: 99}
_SIGN_IDS = {"sign_in": 1, "sign_out": 2, "refuse": 1}
_SEVERITIES = {"low": 1, "medium": 3, "high": 4, "critical": 5}
_PRODUCT = {"name": "cms audit trail", "vendor_name": "cms", "version": __version__}

_encode = msgspec.json.Encoder().encode


def class_of(tag: str) -> int:
    """The class of OCSF that tells this tag best."""
    if tag.startswith(SESSIONS):
        return AUTHENTICATION
    if tag.startswith(_PEOPLE):
        return ENTITY_MANAGEMENT
    return DATASTORE_ACTIVITY if tag.startswith(_STORED) else API_ACTIVITY


def ocsf_of(entry: Entry, event: Mapping[str, Any], opened: Mapping[str, Any]) -> bytes:
    """One event of schema version `OCSF_VERSION`."""
    tag, class_uid = event["action"], class_of(event["action"])
    activity = _activity(tag, class_uid)
    user = {
        "type_id": 99,
        "type": event["actor_kind"],
        "uid": event["actor_id"] or event["actor_kind"],
    }
    succeeded = event["outcome"] == "success"
    body: dict[str, Any] = {
        "activity_id": activity,
        "category_uid": class_uid // 1000,
        "class_uid": class_uid,
        "type_uid": class_uid * 100 + activity,
        "time": _milliseconds(event["occurred_at"]),
        "severity_id": _SEVERITIES[event["risk_level"]],
        "status_id": 1 if succeeded else 2,
        "status_code": event["outcome"],
        "metadata": {
            "version": OCSF_VERSION,
            "product": _PRODUCT,
            "uid": event["event_id"],
            "correlation_uid": event["request_id"] or event["event_id"],
            "event_code": tag,
            "log_name": f"audit/{entry.epoch}",
            "sequence": entry.seq,
            "tenant_uid": event["tenant_id"],
        },
        "actor": {"user": user, "app_name": event["channel"]},
        "src_endpoint": _endpoint(event, opened),
        **_of_class(class_uid, event, user),
        "unmapped": _unmapped(entry, event),
    }
    return _encode(body) + b"\n"


def _activity(tag: str, class_uid: int) -> int:
    if class_uid == AUTHENTICATION:
        return _SIGN_IDS.get(tag.rpartition(":")[2], 99)
    return (_STORE_IDS if class_uid == DATASTORE_ACTIVITY else _IDS)[act_of(tag)]


def _of_class(class_uid: int, event: Mapping[str, Any], user: Mapping[str, Any]) -> dict[str, Any]:
    kind = event["resource_type"]
    resource = {"type": kind, "uid": event["resource_id"] or kind}
    if class_uid == AUTHENTICATION:
        return {"user": user, "service": {"name": "cms"}}
    if class_uid == ENTITY_MANAGEMENT:
        return {"entity": resource}
    if class_uid == DATASTORE_ACTIVITY:
        return {"table": {"name": kind, "uid": resource["uid"]}, "type_id": 3}
    return {"api": {"operation": event["action"]}, "resources": [resource]}


def _endpoint(event: Mapping[str, Any], opened: Mapping[str, Any]) -> dict[str, str]:
    address = opened.get("actor_ip") or event["actor_ip"]
    return {"ip": address} if address else {"svc_name": event["channel"]}


def _unmapped(entry: Entry, event: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        key: event[key]
        for key in ("before", "after", "detail", "legal_basis", "purpose", "data_subject")
        if event[key]
    }
    return {"leaf_hash": entry.leaf, "risk_level": event["risk_level"], **said}


def _milliseconds(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp() * 1000)
