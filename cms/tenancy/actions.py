"""What can be done with a site."""

from cms.kernel.actions import Action

ACTIONS = (
    Action(
        "settings.read",
        "settings",
        "tenancy:option:read",
        "manage_options",
        True,
        "Read the settings of the site",
    ),
    Action(
        "settings.edit",
        "settings",
        "tenancy:option:edit",
        "manage_options",
        False,
        "Change the settings of the site",
    ),
    Action("site.read", "site", "rest:site:read", None, True, "Read the index of the site's API"),
)
