"""Policies and what they decide, for people."""

from typing import Any

from plugins.zero_trust.screens.decisions import DECISION_SCREENS
from plugins.zero_trust.screens.policies import POLICY_SCREENS
from plugins.zero_trust.screens.trying import TRYING_SCREENS
from plugins.zero_trust.screens.why import WHY_SCREENS

SCREENS: list[Any] = [*DECISION_SCREENS, *TRYING_SCREENS, *POLICY_SCREENS, *WHY_SCREENS]
