"""What people read for the words of the registry."""

from functools import partial
from typing import Any

from cms.admin.page import Page
from cms.admin.panels import open_to
from cms.admin.translating import N_
from plugins.professional_registry.identity import canonical
from plugins.professional_registry.registrations import identity_of

STATUSES = {
    "ACTIVE": N_("active"),
    "RESTRICTED": N_("restricted"),
    "SUSPENDED": N_("suspended"),
    "INACTIVE": N_("inactive"),
    "REVOKED": N_("revoked"),
    "DECEASED": N_("deceased"),
    "TRANSFERRED": N_("transferred"),
    "NOT_FOUND": N_("not found"),
    "UNVERIFIED": N_("unverified"),
    "SOURCE_UNAVAILABLE": N_("the source was not to be reached"),
}
VALIDATIONS = {
    "pending": N_("waits for proof"),
    "verified": N_("verified"),
    "expired": N_("ran out"),
    "revoked": N_("lost"),
    "ending": N_("ends soon"),
}
VALIDATION_KINDS = {"verified": "good", "pending": "warn", "expired": "warn", "revoked": "bad"}
REASONS = {
    "": N_("May sign"),
    "registry.revoked": N_("May not sign: the registration is lost"),
    "registry.expired": N_("May not sign: the verification ran out"),
    "registry.unverified": N_("May not sign: nothing proves the registration yet"),
}
CASE_STATES = {
    "open": N_("open"),
    "contested": N_("contested"),
    "closed": N_("closed"),
}
CASE_KINDS = {"open": "warn", "contested": "bad", "closed": "plain"}
CASE_REASONS = {
    "revoked": N_("The registration was lost"),
    "expired": N_("The verification ran out"),
    "unverified": N_("Nothing proves the registration any more"),
}
CASE_OUTCOMES = {
    "upheld": N_("The suspension was right"),
    "overturned": N_("The suspension was wrong"),
    "restored": N_("A new verification ended it"),
}
DEEDS = {
    "reassign": N_("Hand the text to another professional"),
    "re_review": N_("Have it reviewed again"),
    "unpublish": N_("Take it from readers"),
    "add_notice": N_("Put a notice on it"),
    "restore": N_("Bring it back to readers"),
    "note": N_("Only note something"),
}
CARRYING = {
    "responsible": N_("answers for the live text"),
    "under_review": N_("answers for a text under review"),
    "approved_by": N_("the live text rests on her approval"),
}


def words_of(page: Page) -> dict[str, Any]:
    """For every template of the registry."""
    return {
        "statuses": STATUSES,
        "validations": VALIDATIONS,
        "validation_kinds": VALIDATION_KINDS,
        "reasons": REASONS,
        "case_states": CASE_STATES,
        "case_kinds": CASE_KINDS,
        "case_reasons": CASE_REASONS,
        "case_outcomes": CASE_OUTCOMES,
        "deeds": DEEDS,
        "carrying": CARRYING,
        "place": partial(open_to, page.work),
        "number_of": lambda person: canonical(identity_of(person)),
    }
