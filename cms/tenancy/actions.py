"""What can be done with a site."""

from cms.kernel.actions import Action

ACTIONS = (
    Action("site.read", "site", "rest:site:read", None, True, "Read the index of the site's API"),
)
