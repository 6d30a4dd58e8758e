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
METHODS = {
    "session": N_("A session of the browser"),
    "token": N_("A bearer token"),
    "password": N_("A password"),
    "application_password": N_("An application password"),
}
"""With what somebody signed in, or tried to."""
USES = {
    "HOPERAT": N_("running the site"),
    "HCOMPL": N_("compliance with the law"),
    "HLEGAL": N_("legal proceedings"),
    "HRESCH": N_("research"),
    "HSYSADMIN": N_("administering accounts and sign-ins"),
    "HQUALIMP": N_("improving quality"),
    "RECORDMGT": N_("keeping records"),
    "PATSFTY": N_("safety of patients"),
    "PATRQT": N_("request of the data subject"),
    "BTG": N_("emergency access"),
}
"""Codes of HL7 v3 ActReason that events of this product name."""
BASES = {
    "art-7-i": N_("Consent (art. 7, I)"),
    "art-7-ii": N_("Legal or regulatory obligation (art. 7, II)"),
    "art-7-iii": N_("Public policies (art. 7, III)"),
    "art-7-iv": N_("Research (art. 7, IV)"),
    "art-7-v": N_("Contract (art. 7, V)"),
    "art-7-vi": N_("Exercise of rights in proceedings (art. 7, VI)"),
    "art-7-vii": N_("Protection of life (art. 7, VII)"),
    "art-7-viii": N_("Protection of health (art. 7, VIII)"),
    "art-7-ix": N_("Legitimate interest (art. 7, IX)"),
    "art-7-x": N_("Protection of credit (art. 7, X)"),
    "art-11-i": N_("Specific consent, sensitive data (art. 11, I)"),
    "art-11-ii-a": N_("Legal or regulatory obligation, sensitive data (art. 11, II, a)"),
    "art-11-ii-b": N_("Public policies, sensitive data (art. 11, II, b)"),
    "art-11-ii-c": N_("Research, sensitive data (art. 11, II, c)"),
    "art-11-ii-d": N_("Exercise of rights, sensitive data (art. 11, II, d)"),
    "art-11-ii-e": N_("Protection of life, sensitive data (art. 11, II, e)"),
    "art-11-ii-f": N_("Protection of health, sensitive data (art. 11, II, f)"),
    "art-11-ii-g": N_("Prevention of fraud, sensitive data (art. 11, II, g)"),
}
CLASSES = {
    "proof": N_("Proof of the trail itself"),
    "access": N_("Access and sign-ins"),
    "signature": N_("Signatures and approvals"),
    "general": N_("Everything else"),
}
"""Classes of retention that every site begins with."""
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
    "audit_export": N_("Export of the trail"),
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
    "methods": METHODS,
    "uses": USES,
    "bases": BASES,
    "classes": CLASSES,
}
"""For templates that list events."""
