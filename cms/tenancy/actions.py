"""What can be done with a site."""

from cms.kernel.actions import Action
from cms.tenancy.vocabulary import TenancyTag

ACTIONS = (
    Action(
        "settings.read",
        "settings",
        TenancyTag.OPTION_READ,
        "manage_options",
        True,
        "Read the settings of the site",
    ),
    Action(
        "settings.edit",
        "settings",
        TenancyTag.OPTION_EDIT,
        "manage_options",
        False,
        "Change the settings of the site",
    ),
    Action(
        "site.read",
        "site",
        TenancyTag.REST_SITE_READ,
        None,
        True,
        "Read the index of the site's API",
    ),
)
