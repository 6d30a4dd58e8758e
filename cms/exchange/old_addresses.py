"""Addresses that a post had on the old site: who follows them finds it here."""

import re

from cms.content.models import Post
from cms.content.permalinks import paths
from cms.errors import InvalidInput
from cms.exchange.plan import Batch
from cms.exchange.wxr import Item
from cms.site.paths import checked_source, normal
from cms.site.redirects import is_open, record_moves

OLD_SLUG = "_wp_old_slug"
_SEGMENT = re.compile(r"[^/?#\s]{1,200}")


async def keep(batch: Batch, post: Post, item: Item) -> None:
    """Redirects from the address that the post had, and from the names that it had before."""
    if not is_open(batch.work, post):
        return
    written = (await paths(batch.work, [post]))[post.id]
    if "?" in written:
        return
    here = normal(written)
    head, _, name = here.rpartition("/")
    slugs = [pair.value for pair in item.meta if pair.key == OLD_SLUG] if name else []
    found = [f"{head}/{slug}" for slug in slugs if _SEGMENT.fullmatch(slug)]
    there = batch.rewrite.path_of(item.link)
    found += [there] if there else []
    sources = {source for one in found if (source := _source(one))} - {here, "/"}
    await record_moves(batch.work, [(source, post.id) for source in sorted(sources)])


def _source(path: str) -> str | None:
    try:
        return checked_source(normal(path))
    except InvalidInput:
        return None
