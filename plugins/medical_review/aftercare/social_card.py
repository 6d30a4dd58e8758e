"""What a link to a live text shows elsewhere: Open Graph properties (https://ogp.me) for the head
of the page, with the byline that the council wants beside the name (CFM 2.336/2023, art. 4)."""

from cms.content.reading import PostView
from plugins.medical_review.aftercare.json_ld import Site, plain
from plugins.medical_review.articles.kinds import PART
from plugins.professional_registry.bylines import Byline


def social_card(
    view: PostView, line: Byline | None, site: Site, address: str, *, is_retracted: bool
) -> dict[str, str]:
    """Names and contents of `meta` elements. A retracted text is described by its notice; who may
    not answer for the text today is not named."""
    medical = {} if is_retracted else view.part(PART)
    said = {
        "og:type": "article",
        "og:title": medical.get("seo_title") or plain(view.rendering.title),
        "og:description": medical.get("seo_description") or plain(view.rendering.excerpt),
        "og:url": address,
        "og:site_name": site.name,
        "og:locale": view.revision.language.replace("-", "_"),
        "article:author": line.text if line else "",
        "twitter:card": "summary",
    }
    return {name: value for name, value in said.items() if value}
