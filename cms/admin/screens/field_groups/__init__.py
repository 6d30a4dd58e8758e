"""Building field groups: their fields, rules, settings, versions and files."""

from typing import Any

from cms.admin.screens.field_groups.exchange import EXCHANGE_SCREENS
from cms.admin.screens.field_groups.fields import FIELD_SCREENS
from cms.admin.screens.field_groups.groups import GROUP_SCREENS
from cms.admin.screens.field_groups.location import LOCATION_SCREENS

FIELD_GROUP_SCREENS: list[Any] = [
    *EXCHANGE_SCREENS,
    *FIELD_SCREENS,
    *GROUP_SCREENS,
    *LOCATION_SCREENS,
]
