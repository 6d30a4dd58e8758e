"""`Surrogate-Key`: what an answer shows, in the words of the webhooks. A cache that keeps them can
drop exactly the answers that show what has changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from cms.kernel.registry import Registry

# Caches take about 16 KB of them; an answer with more is found by its type alone.
LONGEST = 8_000

_TITLES = {"tag": "post_tag"}


def surrogate_keys(registry: Registry, title: str, body: Any) -> str:
    """The keys of a body; `title` is that of the schema of its route. A list has the key of what it
    lists, for it changes with things that are not in it yet."""
    general = list(_of_kind(registry, _TITLES.get(title, title)))
    keys = dict.fromkeys([*general, *_of(registry, body)])
    written = " ".join(keys)
    return written if len(written) <= LONGEST else " ".join(general or list(keys)[:100])


def _of_kind(registry: Registry, name: str) -> Iterator[str]:
    if name in registry.post_types:
        yield f"type:{name}"
    if name in registry.taxonomies:
        yield f"taxonomy:{name}"


def _of(registry: Registry, body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for one in body:
            yield from _of(registry, one)
        return
    if not isinstance(body, Mapping):
        return
    if "id" in body:
        yield from _of_item(registry, body)
    for shown in (body.get("_embedded") or {}).values():
        yield from _of(registry, shown)


def _of_item(registry: Registry, item: Mapping[str, Any]) -> Iterator[str]:
    number, kind = item["id"], item.get("type")
    taxonomy = item.get("taxonomy") or (kind if kind in registry.taxonomies else None)
    if kind == "post" and "subtype" in item:
        kind = item["subtype"]
    if kind in registry.post_types:
        yield from _of_post(registry, item, str(kind))
    elif taxonomy in registry.taxonomies:
        yield from (f"term:{number}", f"taxonomy:{taxonomy}")
    elif "author_avatar_urls" in item:
        yield f"comment:{number}"
        if "post" in item:
            yield f"post:{item['post']}"
    elif "avatar_urls" in item:
        yield f"author:{number}"


def _of_post(registry: Registry, item: Mapping[str, Any], kind: str) -> Iterator[str]:
    if kind == "attachment":
        yield f"media:{item['id']}"
    yield from (f"post:{item['id']}", f"type:{kind}")
    for taxonomy in registry.taxonomies.values():
        terms = item.get(taxonomy.rest_base)
        yield from (f"term:{term}" for term in terms or () if isinstance(term, int))
    if item.get("author"):
        yield f"author:{item['author']}"
