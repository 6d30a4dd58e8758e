"""What can be done with corrections, proofs, claims and the clinic's identification."""

from cms.kernel.actions import Action
from plugins.professional_registry.registrations import MANAGE
from plugins.professional_registry.vocabulary import RegistryTag

_VIEW = "view_registrations"


def _action(name: str, summary: str, capability: str | None = MANAGE) -> Action:
    subject, verb = name.split(".")
    is_reading = verb in {"list", "read"}
    return Action(
        name, subject, RegistryTag(f"registry:{subject}:{verb}"), capability, is_reading, summary
    )


MANUAL_ACTIONS = (
    _action("council.read", "See how the councils' table was corrected"),
    _action("council.correct", "Correct an item of a council's table, or propose it"),
    _action("council.confirm", "Confirm a correction that lets somebody sign"),
    _action("council.withdraw", "Take a correction of a council's table back"),
    _action("proof.list", "See the manual proofs of a registration", _VIEW),
    _action("proof.record", "Keep what a register's page shows, with the hash of the evidence"),
    _action("proof.confirm", "Confirm a manual proof as the second person"),
    _action("proof.withdraw", "Take a manual proof back"),
    _action("registration.claim", "Say which specialties and titles may be announced"),
    # Art. 6 wants it on the main page of the site: whoever reads the site may read it.
    _action("clinic.read", "Read the clinic's identification and its statement", None),
    _action("clinic.identify", "Say who the clinic is and who answers for it"),
)
