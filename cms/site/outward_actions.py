"""What can be done with addresses, redirects, previews and webhooks."""

from cms.kernel.actions import Action

MANAGE = "manage_options"

ACTIONS = (
    Action(
        "site.visit",
        "site",
        "site:page:visit",
        None,
        True,
        "Open a public address: a feed, the sitemap, a redirect",
    ),
    Action("redirect.list", "redirect", "site:redirect:list", MANAGE, True, "List redirects"),
    Action("redirect.read", "redirect", "site:redirect:read", MANAGE, True, "Read a redirect"),
    Action("redirect.create", "redirect", "site:redirect:create", MANAGE, False, "Add a redirect"),
    Action("redirect.edit", "redirect", "site:redirect:edit", MANAGE, False, "Change a redirect"),
    Action("redirect.delete", "redirect", "site:redirect:delete", MANAGE, False, "Remove one"),
    Action(
        "redirect.import", "redirect", "site:redirect:import", MANAGE, False, "Read in redirects"
    ),
    Action(
        "preview.issue",
        "preview",
        "site:preview:issue",
        "edit_post",
        False,
        "Give out a link by which a text can be read before it is published",
    ),
    Action(
        "preview.revoke",
        "preview",
        "site:preview:revoke",
        "edit_post",
        False,
        "Make all preview links of a post void",
    ),
    Action(
        "preview.read", "preview", "site:preview:read", None, True, "Read a text by a preview link"
    ),
    Action("webhook.list", "webhook", "site:webhook:list", MANAGE, True, "List webhooks"),
    Action("webhook.read", "webhook", "site:webhook:read", MANAGE, True, "Read one, and its log"),
    Action("webhook.create", "webhook", "site:webhook:create", MANAGE, False, "Add a webhook"),
    Action("webhook.edit", "webhook", "site:webhook:edit", MANAGE, False, "Change a webhook"),
    Action("webhook.delete", "webhook", "site:webhook:delete", MANAGE, False, "Remove a webhook"),
    Action("webhook.send", "webhook", "site:webhook:send", MANAGE, False, "Send a message again"),
)
