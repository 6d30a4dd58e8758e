"""What people read for the words of policies."""

from typing import Any

from cms.admin.translating import N_

EFFECTS = {
    "allow": N_("allowed"),
    "deny": N_("denied"),
    "conditional": N_("only after a further step"),
    "gap": N_("lines were lost"),
}
EFFECT_KINDS = {"allow": "good", "deny": "bad", "conditional": "warn", "gap": "bad"}
MODES = {"enforce": N_("decides"), "shadow": N_("only watches"), "off": N_("rests")}
MODE_KINDS = {"enforce": "good", "shadow": "warn", "off": "plain"}
KINDS = {"person": N_("A person"), "anonymous": N_("A stranger"), "system": N_("The system")}
METHODS = {
    "session": N_("A session of the browser"),
    "token": N_("A bearer token"),
    "application_password": N_("An application password"),
    "none": N_("Nothing"),
}
FACTORS = {
    "pwd": N_("password"),
    "otp": N_("one-time code"),
    "hwk": N_("security key"),
    "swk": N_("passkey"),
}
CHANNELS = {
    "admin": N_("web application"),
    "api": N_("own API"),
    "rest": N_("WordPress API"),
    "worker": N_("worker"),
    "cli": N_("command line"),
}
OBLIGATIONS = {
    "signed_in": N_("sign in with a factor"),
    "recent_sign_in": N_("sign in again (within 15 minutes)"),
    "raise_trust": N_("sign in with one more factor"),
    "professional_validation": N_("a verified professional registration"),
}
TRUST_PARTS = {
    "method": N_("how it was proved who it is"),
    "factors": N_("with how many factors"),
    "freshness": N_("how long ago"),
    "channel": N_("by which door"),
}
RISKS = {
    "no-proof-of-identity": N_("nothing proves who it is"),
    "no-factor": N_("no factor"),
    "stale-authentication": N_("the sign-in is long ago"),
}
OWN_REASONS = {
    "no-policy-permits": N_("No policy permits it."),
    "unknown-action": N_("There is no such action for such a thing."),
    "evaluation-error": N_("A policy failed while it was asked, and then nobody may."),
    "no-decision": N_("The engine gave no decision, and then nobody may."),
    "attribute-missing": N_("Something that a policy has to know was not said."),
    "policies-not-loaded": N_("The policies are not loaded yet."),
    "policy-set-invalid": N_("The policies of the site do not fit together."),
    "evaluation-log-full": N_("The decision could not be written down."),
}
"""What the engine says itself, where no policy did."""

ATTRIBUTES = {
    "tenant_id": N_("the site"),
    "method": N_("the way it was proved who it is"),
    "factors": N_("the factors"),
    "signed_in": N_("being signed in with a factor within 12 hours"),
    "authentication_age_seconds": N_("the seconds since the sign-in"),
    "channel": N_("the door"),
    "hour": N_("the hour (UTC)"),
    "trust_score": N_("the trust score"),
    "satisfied": N_("the steps taken"),
    "ip": N_("the network address"),
    "is_public": N_("being public"),
    "medical_context": N_("being medical content"),
    "tenant": N_("site"),
}

WORDS: dict[str, Any] = {
    "effects": EFFECTS,
    "effect_kinds": EFFECT_KINDS,
    "modes": MODES,
    "mode_kinds": MODE_KINDS,
    "actor_kinds": KINDS,
    "methods": METHODS,
    "factors": FACTORS,
    "channels": CHANNELS,
    "obligation_words": OBLIGATIONS,
    "trust_parts": TRUST_PARTS,
    "risk_words": RISKS,
    "attribute_words": ATTRIBUTES,
}
