"""What people read for the words that the trail is kept in."""

from typing import Any

from cms.admin.translating import N_

OUTCOMES = {"success": N_("done"), "refused": N_("refused"), "failed": N_("failed")}
OUTCOME_KINDS = {"success": "plain", "refused": "warn", "failed": "bad"}
RISKS = {"low": N_("low"), "medium": N_("medium"), "high": N_("high"), "critical": N_("critical")}
RISK_KINDS = {"low": "plain", "medium": "plain", "high": "warn", "critical": "bad"}
ACTORS = {"person": N_("Person"), "system": N_("System"), "anonymous": N_("Stranger")}
STATES = {
    "queued": N_("waiting"),
    "waiting": N_("waiting"),
    "running": N_("under way"),
    "ended": N_("done"),
    "done": N_("done"),
    "failed": N_("failed"),
    "expired": N_("expired"),
    "open": N_("open"),
    "acknowledged": N_("acknowledged"),
    "proposed": N_("proposed"),
    "archived": N_("archived"),
    "dropped": N_("gone"),
    "withdrawn": N_("withdrawn"),
    "good": N_("good"),
}
STATE_KINDS = {
    "running": "warn",
    "ended": "good",
    "done": "good",
    "good": "good",
    "failed": "bad",
    "open": "warn",
    "proposed": "warn",
}
VERDICT_WORDS = {
    "green": N_("Unaltered"),
    "red": N_("Altered"),
    "unknown": N_("Could not be verified"),
}
VERDICT_KINDS = {"green": "good", "red": "bad", "unknown": "warn"}
ROUNDS = {
    "newest": N_("Every night: what is new"),
    "rolling": N_("Every night: a part of what is old"),
}
PURPOSE_WORDS = {
    "compliance": N_("Compliance"),
    "data_protection": N_("Data protection"),
    "security": N_("Security"),
    "external_audit": N_("External audit"),
}
FORMS = {
    "json": N_("JSON, for programs"),
    "csv": N_("CSV, for spreadsheets"),
    "fhir-r4": N_("FHIR R4 AuditEvent"),
    "fhir-r5": N_("FHIR R5 AuditEvent"),
    "ocsf": N_("OCSF, for security tools"),
}
GROUNDS = {
    "art-15-i": N_("The purpose is reached (LGPD, art. 15, I)"),
    "art-15-ii": N_("The period has ended (LGPD, art. 15, II)"),
    "art-15-iii": N_("The person asks for it (LGPD, art. 15, III)"),
    "art-15-iv": N_("An authority orders it (LGPD, art. 15, IV)"),
    "art-18-iv": N_("Excessive or unlawful (LGPD, art. 18, IV)"),
    "art-18-vi": N_("The consent is revoked (LGPD, art. 18, VI)"),
}
KINDS = {
    "post": N_("Text"),
    "user": N_("Person"),
    "review": N_("Review"),
    "registration": N_("Registration"),
    "case": N_("Registry case"),
    "comment": N_("Comment"),
    "media": N_("File"),
    "term": N_("Term"),
    "menu": N_("Menu"),
    "redirect": N_("Redirect"),
    "webhook": N_("Webhook"),
    "policy": N_("Policy"),
    "audit_trail": N_("Audit trail"),
    "audit_log": N_("Audit log"),
    "audit_alert": N_("Alert"),
    "audit_export": N_("Export"),
    "invitation": N_("Invitation"),
}
"""Kinds of things that are asked for most; the others are called by their names."""

SHOWN: dict[str, Any] = {
    "outcomes": OUTCOMES,
    "outcome_kinds": OUTCOME_KINDS,
    "risks": RISKS,
    "risk_kinds": RISK_KINDS,
    "actors": ACTORS,
    "states": STATES,
    "state_kinds": STATE_KINDS,
    "kinds": KINDS,
}
"""For templates that list events."""
