"""Asking the CFM whether number, CPF and birth date belong to one person (`Validar`)."""

from cms.errors import CapabilityMissing, Conflict
from cms.kernel.events import Outcome
from cms.kernel.work import Work
from plugins.professional_registry.events import IdentityChecked
from plugins.professional_registry.identity_proof import Confirmation, IdentityProof
from plugins.professional_registry.providers.cfm_soap import CfmSoap
from plugins.professional_registry.registrations import MANAGE, get, identity_of
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.sources import chosen


async def check_identity(work: Work, professional_id: int, proof: IdentityProof) -> Confirmation:
    """What the register says of the proof. The audit keeps who asked, the legal basis and the
    outcome; CPF and birth date are passed on and dropped.

    It changes no standing: whoever confirms an identity still has to be ACTIVE to sign. Conflict
    when the settings give this council no source that can compare.
    """
    if not work.actor.has(MANAGE):
        raise CapabilityMissing(
            "Sorry, you are not allowed to manage registrations.", action="registration.verify"
        )
    person = await get(work, professional_id)
    sources = chosen(work.settings(RegistrySettings), identity_of(person))
    cfm = next((s for s in sources if isinstance(s, CfmSoap)), None)
    if cfm is None:
        raise Conflict(f"No source of {person.council} compares identities; enable cfm-soap.")
    confirmation = await cfm.confirm(identity_of(person), proof)
    await work.emit(
        IdentityChecked(
            professional_id=person.id,
            user_id=person.user_id,
            legal_basis=proof.legal_basis,
            confirmation=confirmation,
            outcome=_OUTCOMES[confirmation],
        )
    )
    return confirmation


_OUTCOMES = {
    Confirmation.CONFIRMED: Outcome.SUCCESS,
    Confirmation.DENIED: Outcome.REFUSED,
    Confirmation.UNKNOWN: Outcome.FAILED,
}
