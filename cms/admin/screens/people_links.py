"""A link that is shown once, where no mail server sends it."""

from datetime import datetime
from urllib.parse import urlsplit

from litestar import Response

from cms.admin.page import Page


def handed_over(page: Page, path: str, until: datetime, back: str) -> Response[bytes]:
    """The page with the link; it is in this answer and nowhere else."""
    url = urlsplit(str(page.request.url))
    link = f"{url.scheme}://{url.netloc}{path}"
    return page.render("people/link.html", link=link, until=until, back=back)
