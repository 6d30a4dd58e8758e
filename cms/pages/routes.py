"""The routes around the content, by where they are mounted."""

from typing import Any

from cms.api.redirects import REDIRECT_ROUTES
from cms.api.webhooks import WEBHOOK_ROUTES
from cms.pages.previews import PREVIEW_ROUTES
from cms.pages.site import SITE_ROUTES, resolve_address

# Below /api/v1.
OUTWARD_ROUTES: list[Any] = [
    resolve_address,
    *REDIRECT_ROUTES,
    *PREVIEW_ROUTES,
    *WEBHOOK_ROUTES,
]

__all__ = ["OUTWARD_ROUTES", "SITE_ROUTES"]
