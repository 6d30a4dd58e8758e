"""From what happened to the message about it: which thing, where it is read, what caches drop. A
message holds ids and addresses, no text and nothing about people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast
from uuid import uuid4

import msgspec
from sqlalchemy import select

from cms.content.events import PostErased
from cms.content.models import Post, Revision, Term
from cms.content.permalinks import paths, term_path
from cms.database.work import UnitOfWork
from cms.jobs.queue import enqueue
from cms.kernel.events import Event, Outcome
from cms.kernel.hooks import Hooks
from cms.kernel.tenant import Tenant
from cms.kernel.work import Work
from cms.site.outward_models import Webhook
from cms.site.redirects import is_open
from cms.site.webhook_delivery import DELIVER, new_delivery
from cms.site.webhook_topics import INWARD, topic_of

ANNOUNCE = "announce_webhooks"
ALL, PING = "*", "webhook.ping"
_WITHDRAWN = frozenset({"post.unpublished", "post.trashed"})


class News(msgspec.Struct, frozen=True):
    """`topic` is `kind.what-happened`."""

    topic: str
    kind: str
    id: int | None
    message_id: str
    at: datetime
    keys: tuple[str, ...] = ()
    """Surrogate keys of what is not there any more to be asked."""
    more: dict[str, Any] = {}
    """Further ids of the thing."""


def new_message_id() -> str:
    return f"msg_{uuid4().hex}"


def connect(hooks: Hooks) -> None:
    hooks.observe(Event, take_note)


async def take_note(work: Work, event: Event) -> None:
    """What subscribers are told of it, by a job of this transaction."""
    whole = cast(UnitOfWork, work)
    if not whole.tenant.site.sends_webhooks or event.outcome is not Outcome.SUCCESS:
        return
    topic, kind, thing = await topic_of(whole, event)
    if topic:
        keys = _left_by(event) if isinstance(event, PostErased) else ()
        news = News(topic, kind, thing, new_message_id(), work.now, keys)
        # The same thing said twice in one request is one message.
        work.before_commit(f"webhooks: {topic} {thing}", partial(_announce_later, whole, news))


async def _announce_later(work: UnitOfWork, news: News) -> None:
    await enqueue(work, ANNOUNCE, msgspec.to_builtins(news))


def _left_by(event: PostErased) -> tuple[str, ...]:
    was: dict[str, Any] = event.before or {}
    terms = [f"term:{term}" for term in was["terms"]]
    of_post = (f"post:{event.post_id}", f"type:{was['post_type']}")
    return (*of_post, *terms, f"author:{was['author_id']}")


# -- in the worker


async def announce(work: UnitOfWork, **told: Any) -> None:
    """Make a delivery for everyone who subscribed to the topic."""
    rows = await work.all(
        select(Webhook).where(Webhook.tenant_id == work.tenant_id, Webhook.is_active)
    )
    news = msgspec.convert(told, News)
    wanting = [row[0] for row in rows if _wants(row[0].topics, news)]
    if not wanting:
        return
    described = await _described(work, news)
    if described is None:
        return
    body = body_of(work, news, *described)
    for webhook in wanting:
        delivery = await new_delivery(work, webhook.id, news, body)
        await enqueue(work, DELIVER, {"delivery_id": delivery.id, "attempt": 1})


def _wants(topics: Sequence[str], news: News) -> bool:
    everything = set[str]() if news.kind in INWARD else {ALL}
    return bool({f"{news.kind}.*", news.topic, *everything} & set(topics))


async def announce_later(
    work: UnitOfWork, topic: str, thing: int, more: Mapping[str, Any] | None = None
) -> None:
    """A message of a kind that no event of readers tells of, by a job of this transaction; `more`
    are further ids that it holds."""
    kind = topic.partition(".")[0]
    news = News(topic, kind, thing, new_message_id(), work.now, more=dict(more or {}))
    await _announce_later(work, news)


async def _described(work: UnitOfWork, news: News) -> tuple[dict[str, Any], list[str]] | None:
    """The thing and its surrogate keys; None when there is nothing any more to be told of."""
    if news.keys:
        return {"id": news.id, "type": news.kind}, list(news.keys)
    if news.kind == "post" and news.id is not None:
        return await _post(work, news)
    resource = {"id": news.id, "type": news.kind, **news.more}
    keys = [news.kind if news.id is None else f"{news.kind}:{news.id}"]
    if news.kind == "term" and news.id is not None:
        return await _term(work, news.id, resource, keys)
    return resource, keys


async def _post(work: UnitOfWork, news: News) -> tuple[dict[str, Any], list[str]] | None:
    post = await work.session.get(Post, (work.tenant_id, news.id))
    declared = work.registry.post_types.get(post.post_type) if post is not None else None
    if post is None or declared is None or not declared.is_public:
        return None
    if news.topic not in _WITHDRAWN and not is_open(work, post):
        return None  # withdrawn meanwhile, which has a message of its own
    resource = {
        "id": post.id,
        "type": post.post_type,
        "rest": f"{work.tenant.address}/wp-json/wp/v2/{declared.rest_base}/{post.id}",
    }
    if is_open(work, post):
        resource["link"] = _front(work.tenant) + (await paths(work, [post]))[post.id]
    shown = post.live_revision_id or post.working_revision_id
    revision = await work.session.get(Revision, (work.tenant_id, shown))
    terms = [term for ids in revision.terms.values() for term in ids] if revision else []
    keys = [f"post:{post.id}", f"type:{post.post_type}", *(f"term:{term}" for term in terms)]
    return resource, [*keys, f"author:{post.author_id}"]


async def _term(
    work: UnitOfWork, term_id: int, resource: dict[str, Any], keys: list[str]
) -> tuple[dict[str, Any], list[str]]:
    term = await work.session.get(Term, (work.tenant_id, term_id))
    taxonomy = work.registry.taxonomies.get(term.taxonomy) if term is not None else None
    if term is None or taxonomy is None:
        return resource, keys
    place = {
        "type": taxonomy.name,
        "rest": f"{work.tenant.address}/wp-json/wp/v2/{taxonomy.rest_base}/{term.id}",
        "link": _front(work.tenant) + term_path(taxonomy, term),
    }
    return {**resource, **place}, [*keys, f"taxonomy:{taxonomy.name}"]


def body_of(work: UnitOfWork, news: News, resource: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The message as it is signed and sent."""
    data = {"site": work.tenant.slug, "resource": resource, "surrogate_keys": " ".join(keys)}
    stamp = news.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = {"id": news.message_id, "type": news.topic, "timestamp": stamp, "data": data}
    return msgspec.json.encode(message).decode()


def _front(tenant: Tenant) -> str:
    return tenant.site.front_end_url.rstrip("/") or tenant.address
