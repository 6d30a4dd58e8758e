"""What search engines and social networks are told of a post, kept with the revision where a post
has it, and shown as Yoast's REST field shows it."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from cms.markup.tokens import MARKUP

PART = "seo"

TEXTS = (
    "title",
    "description",
    "canonical",
    "og_title",
    "og_description",
    "og_image",
    "twitter_title",
    "twitter_description",
    "twitter_image",
)
FLAGS = ("noindex", "nofollow", "noarchive", "nosnippet", "noimageindex")

_VARIABLE = re.compile(r"%%?([a-z_]+)(?:\([^)%]*\))?%%?")
_SPACES = re.compile(r"\s+")


def head_json(
    part: Mapping[str, Any],
    *,
    title: str,
    excerpt: str,
    link: str,
    site_name: str,
    site_description: str,
    language: str,
    published: str | None,
    modified: str | None,
) -> dict[str, Any]:
    """`yoast_head_json`: what the post says itself, and Yoast's defaults where it says nothing.
    Title and excerpt are what is rendered of them; dates are ISO 8601."""
    title, excerpt = _plain(title), _plain(excerpt)
    known = {
        "title": title,
        "sitename": site_name,
        "sitedesc": site_description,
        "excerpt": excerpt,
        "excerpt_only": excerpt,
        "sep": "-",
    }
    said = {name: _filled(str(part.get(name) or ""), known) for name in TEXTS}
    head_title = said["title"] or f"{title} - {site_name}"
    description = said["description"]
    body: dict[str, Any] = {"title": head_title}
    if description:
        body["description"] = description
    body["robots"] = _robots(part)
    body["canonical"] = said["canonical"] or link
    body["og_locale"] = language.replace("-", "_")
    body["og_type"] = "article"
    body["og_title"] = said["og_title"] or head_title
    og_description = said["og_description"] or description or excerpt
    if og_description:
        body["og_description"] = og_description
    body["og_url"] = body["canonical"]
    body["og_site_name"] = site_name
    if published:
        body["article_published_time"] = published
    if modified:
        body["article_modified_time"] = modified
    if said["og_image"]:
        body["og_image"] = [{"url": said["og_image"]}]
    body["twitter_card"] = "summary_large_image"
    for name in ("title", "description", "image"):
        if said[f"twitter_{name}"]:
            body[f"twitter_{name}"] = said[f"twitter_{name}"]
    return body


def _plain(html: str) -> str:
    return " ".join(unescape(MARKUP.sub(" ", html)).split())


def _filled(template: str, known: Mapping[str, str]) -> str:
    """Yoast's `%%title%%` and Rank Math's `%title%` replaced; one that is not known leaves a gap,
    as theirs does. A sign of per cent in a sentence stays."""
    if "%" not in template:
        return template
    filled = _VARIABLE.sub(lambda found: _value(found, known), template)
    return _SPACES.sub(" ", filled).strip().strip("-").strip()


def _value(found: re.Match[str], known: Mapping[str, str]) -> str:
    return known.get(found[1], "")


def _robots(part: Mapping[str, Any]) -> dict[str, str]:
    robots = {
        "index": "noindex" if part.get("noindex") else "index",
        "follow": "nofollow" if part.get("nofollow") else "follow",
    }
    robots |= {name: name for name in FLAGS[2:] if part.get(name)}
    if not part.get("noindex"):
        robots |= {
            "max-snippet": "max-snippet:-1",
            "max-image-preview": "max-image-preview:large",
            "max-video-preview": "max-video-preview:-1",
        }
    return robots
