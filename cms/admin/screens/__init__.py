"""The host's screens, by what they are about. A plugin adds its own with `Plugin.screens`."""

from typing import Any

from cms.admin.screens.comments import COMMENT_SCREENS
from cms.admin.screens.field_groups import FIELD_GROUP_SCREENS
from cms.admin.screens.health import HEALTH_SCREENS
from cms.admin.screens.home import HOME_SCREENS
from cms.admin.screens.invitations import INVITATION_SCREENS
from cms.admin.screens.jobs import JOB_SCREENS
from cms.admin.screens.joining import JOINING_SCREENS
from cms.admin.screens.media import MEDIA_SCREENS
from cms.admin.screens.menus import MENU_SCREENS
from cms.admin.screens.notice_preferences import PREFERENCE_SCREENS
from cms.admin.screens.notices import NOTICE_SCREENS
from cms.admin.screens.people import PEOPLE_SCREENS
from cms.admin.screens.plugins import PLUGIN_SCREENS
from cms.admin.screens.posts import POST_SCREENS
from cms.admin.screens.profile import PROFILE_SCREENS
from cms.admin.screens.redirects import REDIRECT_SCREENS
from cms.admin.screens.roles import ROLE_SCREENS
from cms.admin.screens.security import SECURITY_SCREENS
from cms.admin.screens.signing_in import SIGN_IN_SCREENS
from cms.admin.screens.site_settings import SETTING_SCREENS
from cms.admin.screens.stepping_up import STEP_UP_SCREENS
from cms.admin.screens.terms import TERM_SCREENS
from cms.admin.screens.text_pictures import TEXT_PICTURE_SCREENS
from cms.admin.screens.tour import TOUR_SCREENS
from cms.admin.screens.types import TYPE_SCREENS
from cms.admin.screens.webhooks import WEBHOOK_SCREENS
from cms.admin.screens.widgets import WIDGET_SCREENS

SCREENS: list[Any] = [
    *COMMENT_SCREENS,
    *FIELD_GROUP_SCREENS,
    *HEALTH_SCREENS,
    *HOME_SCREENS,
    *INVITATION_SCREENS,
    *JOB_SCREENS,
    *JOINING_SCREENS,
    *MEDIA_SCREENS,
    *MENU_SCREENS,
    *NOTICE_SCREENS,
    *PEOPLE_SCREENS,
    *PLUGIN_SCREENS,
    *POST_SCREENS,
    *PREFERENCE_SCREENS,
    *PROFILE_SCREENS,
    *REDIRECT_SCREENS,
    *ROLE_SCREENS,
    *SECURITY_SCREENS,
    *SETTING_SCREENS,
    *SIGN_IN_SCREENS,
    *STEP_UP_SCREENS,
    *TERM_SCREENS,
    *TEXT_PICTURE_SCREENS,
    *TOUR_SCREENS,
    *TYPE_SCREENS,
    *WEBHOOK_SCREENS,
    *WIDGET_SCREENS,
]
