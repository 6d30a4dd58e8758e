"""The host's screens, by what they are about. A plugin adds its own with `Plugin.screens`."""

from typing import Any

from cms.admin.screens.home import HOME_SCREENS
from cms.admin.screens.media import MEDIA_SCREENS
from cms.admin.screens.notices import NOTICE_SCREENS
from cms.admin.screens.signing_in import SIGN_IN_SCREENS

SCREENS: list[Any] = [
    *HOME_SCREENS,
    *MEDIA_SCREENS,
    *NOTICE_SCREENS,
    *SIGN_IN_SCREENS,
]
