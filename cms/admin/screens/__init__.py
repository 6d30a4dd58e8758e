"""The host's screens, by what they are about. A plugin adds its own with `Plugin.screens`."""

from typing import Any

from cms.admin.screens.health import HEALTH_SCREENS
from cms.admin.screens.home import HOME_SCREENS
from cms.admin.screens.invitations import INVITATION_SCREENS
from cms.admin.screens.jobs import JOB_SCREENS
from cms.admin.screens.joining import JOINING_SCREENS
from cms.admin.screens.notices import NOTICE_SCREENS
from cms.admin.screens.people import PEOPLE_SCREENS
from cms.admin.screens.plugins import PLUGIN_SCREENS
from cms.admin.screens.redirects import REDIRECT_SCREENS
from cms.admin.screens.roles import ROLE_SCREENS
from cms.admin.screens.signing_in import SIGN_IN_SCREENS
from cms.admin.screens.site_settings import SETTING_SCREENS
from cms.admin.screens.tour import TOUR_SCREENS
from cms.admin.screens.webhooks import WEBHOOK_SCREENS

SCREENS: list[Any] = [
    *HOME_SCREENS,
    *NOTICE_SCREENS,
    *SIGN_IN_SCREENS,
    *PEOPLE_SCREENS,
    *INVITATION_SCREENS,
    *JOINING_SCREENS,
    *ROLE_SCREENS,
    *SETTING_SCREENS,
    *REDIRECT_SCREENS,
    *WEBHOOK_SCREENS,
    *HEALTH_SCREENS,
    *PLUGIN_SCREENS,
    *JOB_SCREENS,
    *TOUR_SCREENS,
]
