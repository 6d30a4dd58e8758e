"""What the worker does for webhooks."""

from cms.kernel.declarations import Job
from cms.site.webhook_delivery import DELIVER, deliver, prune
from cms.site.webhook_news import ANNOUNCE, announce

JOBS = (
    Job(ANNOUNCE, announce),
    # It plans its own attempts; the queue repeats only what broke on our side.
    Job(DELIVER, deliver),
    Job("prune_webhook_deliveries", prune, cron="17 3 * * *"),
)
