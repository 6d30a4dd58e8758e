"""Yoast's and Rank Math's meta keys as the product's own part of a revision, and back."""

from collections.abc import Callable, Mapping
from typing import Any

from cms.content.seo import FLAGS, TEXTS
from cms.exchange.errors import PhpFault
from cms.exchange.php import unserialize
from cms.exchange.wxr import Item

YOAST, RANK_MATH = "_yoast_wpseo_", "rank_math_"
_LONGEST = 2000

_YOAST_TEXTS = {
    "title": "title",
    "description": "metadesc",
    "canonical": "canonical",
    "og_title": "opengraph-title",
    "og_description": "opengraph-description",
    "og_image": "opengraph-image",
    "twitter_title": "twitter-title",
    "twitter_description": "twitter-description",
    "twitter_image": "twitter-image",
}
_RANK_MATH_TEXTS = {
    "title": "title",
    "description": "description",
    "canonical": "canonical_url",
    "og_title": "facebook_title",
    "og_description": "facebook_description",
    "og_image": "facebook_image",
    "twitter_title": "twitter_title",
    "twitter_description": "twitter_description",
    "twitter_image": "twitter_image",
}
READ = frozenset(
    {f"{YOAST}{name}" for name in _YOAST_TEXTS.values()}
    | {f"{YOAST}meta-robots-{name}" for name in ("noindex", "nofollow", "adv")}
    | {f"{RANK_MATH}{name}" for name in (*_RANK_MATH_TEXTS.values(), "robots")}
)
"""The meta keys that end up in the part."""


def part_of(item: Item, rewrite: Callable[[str], str]) -> dict[str, Any]:
    """The part that these meta make; empty when there are none. Yoast's wins where both speak."""
    meta = {pair.key: pair.value for pair in reversed(item.meta) if pair.key in READ}
    found: dict[str, Any] = {}
    for name in TEXTS:
        value = meta.get(YOAST + _YOAST_TEXTS[name]) or meta.get(RANK_MATH + _RANK_MATH_TEXTS[name])
        if value and value.strip():
            text = " ".join(value.split())[:_LONGEST]
            is_address = name in {"canonical", "og_image", "twitter_image"}
            found[name] = rewrite(text) if is_address else text
    found |= dict.fromkeys((flag for flag in FLAGS if flag in _robots(meta)), True)
    return {name: value for name, value in found.items() if _is_fit(name, value)}


def _is_fit(name: str, value: Any) -> bool:
    is_address = name in {"canonical", "og_image", "twitter_image"}
    return not is_address or str(value).startswith(("https://", "http://", "/"))


def _robots(meta: Mapping[str, str]) -> set[str]:
    said = set(meta.get(f"{YOAST}meta-robots-adv", "").replace(" ", "").split(","))
    if meta.get(f"{YOAST}meta-robots-noindex") == "1":
        said.add("noindex")
    if meta.get(f"{YOAST}meta-robots-nofollow") == "1":
        said.add("nofollow")
    try:
        listed = unserialize(meta.get(f"{RANK_MATH}robots") or "a:0:{}")
    except PhpFault:
        listed = []
    values = listed.values() if isinstance(listed, dict) else listed
    return said | {str(one) for one in values or ()}


def meta_of(part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The part as Yoast keeps it."""
    pairs = [(YOAST + _YOAST_TEXTS[name], str(part[name])) for name in TEXTS if part.get(name)]
    pairs += [
        (f"{YOAST}meta-robots-{name}", "1") for name in ("noindex", "nofollow") if part.get(name)
    ]
    advanced = ",".join(name for name in FLAGS[2:] if part.get(name))
    return [*pairs, *([(f"{YOAST}meta-robots-adv", advanced)] if advanced else [])]
