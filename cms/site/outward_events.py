"""What happens to redirects, preview links and webhooks."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.site.vocabulary import SiteTag


class RedirectSaved(Event, frozen=True):
    """A redirect was made or changed, by a person or because a post moved."""

    tag = SiteTag.REDIRECT_SAVE
    covers = ("cms.redirects",)
    redirect_id: int

    def subject(self) -> Subject:
        return Subject("redirect", self.redirect_id)


class RedirectsImported(Event, frozen=True):
    """A file of redirects was read in; `after` has their number."""

    tag = SiteTag.REDIRECT_IMPORT
    covers = ("cms.redirects",)
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("redirect")


class RedirectRemoved(Event, frozen=True):
    """A redirect was taken away, by a person or because its source is an address again."""

    tag = SiteTag.REDIRECT_REMOVE
    covers = ("cms.redirects",)
    redirect_id: int

    def subject(self) -> Subject:
        return Subject("redirect", self.redirect_id)


class PreviewIssued(Event, frozen=True):
    """Somebody got a link by which an unpublished text can be read without signing in."""

    tag = SiteTag.PREVIEW_ISSUE
    risk: ClassVar[Risk] = Risk.MEDIUM
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class PreviewsRevoked(Event, frozen=True):
    """All preview links of a post are void from now on."""

    tag = SiteTag.PREVIEW_REVOKE
    covers = ("cms.preview_keys",)
    post_id: int

    def subject(self) -> Subject:
        return Subject("post", self.post_id)


class WebhookSaved(Event, frozen=True):
    """A webhook was added or changed."""

    tag = SiteTag.WEBHOOK_SAVE
    covers = ("cms.webhooks",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    webhook_id: int

    def subject(self) -> Subject:
        return Subject("webhook", self.webhook_id)


class WebhookRemoved(Event, frozen=True):
    """A webhook was taken away, with the log of its deliveries."""

    tag = SiteTag.WEBHOOK_REMOVE
    covers = ("cms.webhooks",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    webhook_id: int

    def subject(self) -> Subject:
        return Subject("webhook", self.webhook_id)


class WebhookDisabled(Event, frozen=True):
    """A webhook failed for days, or said that it is gone; nothing is sent to it any more."""

    tag = SiteTag.WEBHOOK_DISABLE
    covers = ("cms.webhooks",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    webhook_id: int

    def subject(self) -> Subject:
        return Subject("webhook", self.webhook_id)


EVENTS = (
    RedirectSaved,
    RedirectsImported,
    RedirectRemoved,
    PreviewIssued,
    PreviewsRevoked,
    WebhookSaved,
    WebhookRemoved,
    WebhookDisabled,
)
