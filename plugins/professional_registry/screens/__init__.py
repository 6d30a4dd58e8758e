"""Registrations, cases and manual proofs, on screens."""

from typing import Any

from plugins.professional_registry.screens.cases import CASE_SCREENS
from plugins.professional_registry.screens.clinic import CLINIC_SCREENS
from plugins.professional_registry.screens.people import PEOPLE_SCREENS
from plugins.professional_registry.screens.proofs import PROOF_SCREENS
from plugins.professional_registry.screens.registration import REGISTRATION_SCREENS
from plugins.professional_registry.screens.sources import SOURCE_SCREENS

SCREENS: list[Any] = [
    *PEOPLE_SCREENS,
    *REGISTRATION_SCREENS,
    *PROOF_SCREENS,
    *CASE_SCREENS,
    *SOURCE_SCREENS,
    *CLINIC_SCREENS,
]
