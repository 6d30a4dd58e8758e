"""What can be done with addresses, redirects, previews and webhooks."""

from cms.kernel.actions import Action
from cms.site.vocabulary import SiteTag

MANAGE = "manage_options"

ACTIONS = (
    Action(
        "site.visit",
        "site",
        SiteTag.PAGE_VISIT,
        None,
        True,
        "Open a public address: a feed, the sitemap, a redirect",
    ),
    Action("redirect.list", "redirect", SiteTag.REDIRECT_LIST, MANAGE, True, "List redirects"),
    Action("redirect.read", "redirect", SiteTag.REDIRECT_READ, MANAGE, True, "Read a redirect"),
    Action("redirect.create", "redirect", SiteTag.REDIRECT_CREATE, MANAGE, False, "Add a redirect"),
    Action("redirect.edit", "redirect", SiteTag.REDIRECT_EDIT, MANAGE, False, "Change a redirect"),
    Action("redirect.delete", "redirect", SiteTag.REDIRECT_DELETE, MANAGE, False, "Remove one"),
    Action(
        "redirect.import", "redirect", SiteTag.REDIRECT_IMPORT, MANAGE, False, "Read in redirects"
    ),
    Action(
        "preview.issue",
        "preview",
        SiteTag.PREVIEW_ISSUE,
        "edit_post",
        False,
        "Give out a link by which a text can be read before it is published",
    ),
    Action(
        "preview.revoke",
        "preview",
        SiteTag.PREVIEW_REVOKE,
        "edit_post",
        False,
        "Make all preview links of a post void",
    ),
    Action(
        "preview.read", "preview", SiteTag.PREVIEW_READ, None, True, "Read a text by a preview link"
    ),
    Action("webhook.list", "webhook", SiteTag.WEBHOOK_LIST, MANAGE, True, "List webhooks"),
    Action("webhook.read", "webhook", SiteTag.WEBHOOK_READ, MANAGE, True, "Read one, and its log"),
    Action("webhook.create", "webhook", SiteTag.WEBHOOK_CREATE, MANAGE, False, "Add a webhook"),
    Action("webhook.edit", "webhook", SiteTag.WEBHOOK_EDIT, MANAGE, False, "Change a webhook"),
    Action("webhook.delete", "webhook", SiteTag.WEBHOOK_DELETE, MANAGE, False, "Remove a webhook"),
    Action("webhook.send", "webhook", SiteTag.WEBHOOK_SEND, MANAGE, False, "Send a message again"),
)
