"""Forms of visitors: read as texts, and taken from pages of this site only."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from cms.errors import Forbidden

Asked = Request[Any, Any, Any]


async def form_of(request: Asked) -> dict[str, str]:
    """The fields of the form by name, those that are texts."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def number_of(text: str) -> int:
    """The id in a field; 0, which nothing has, for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= 18
    return int(text) if is_number else 0


def refuse_foreign(request: Asked) -> None:
    """Forbidden for a form that another site has sent. Browsers say where one comes from; what says
    nothing is no browser, and has no reader's cookies."""
    origin = request.headers.get("origin", "")
    is_foreign = request.headers.get("sec-fetch-site") == "cross-site"
    if is_foreign or (origin and urlsplit(origin).netloc != request.headers.get("host", "")):
        raise Forbidden(
            "This form was sent from another site. Open the page here and send it again.",
            action="site.form",
        )
