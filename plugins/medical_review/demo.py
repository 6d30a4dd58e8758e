"""The demo clinic's reviewers, and three articles: one live, one under review, one a draft."""

from typing import Any

from cms.content import posts, transitions
from cms.content.saving import Changes, create
from cms.content.statuses import Status
from plugins.medical_review.articles.kinds import MEDICAL_ARTICLE, PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.demo_articles import MIGRAINE, SEIZURE, STROKE, DemoArticle
from plugins.medical_review.references import library
from plugins.medical_review.references.models import Origin
from plugins.medical_review.reviewing import reviews
from plugins.medical_review.reviewing.deciding import decide
from plugins.medical_review.reviewing.models import Verdict
from plugins.professional_registry.demo import REVIEWER, hold
from plugins.professional_registry.registrations import Profile


async def seed(site: Any) -> None:
    """Everybody acts as herself, so the demo's history is one that the product would allow."""
    reviewer = await site.person("reviewer", f"Dr. {REVIEWER.name}", ["content_reviewer"])
    await hold(site, reviewer, REVIEWER, Profile(can_approve_medical_content=True))
    await site.person("legal", "Lívia Inventada Prado", ["legal_reviewer"])
    await _publish(site, MIGRAINE)
    await _move(site, await _write(site, STROKE), Status.PENDING)
    await _write(site, SEIZURE)


async def _publish(site: Any, article: DemoArticle) -> None:
    post_id = await _write(site, article)
    await _move(site, post_id, Status.PENDING)
    async with site.as_person("reviewer") as work:
        review = await reviews.open_of(work, post_id)
        if review is None:
            raise LookupError(f"the demo article {article.title!r} was not submitted")
        comment = "Texto e referência conferidos."
        await decide(work, review.id, Verdict.APPROVE, comment, review.content_hash.hex())
    await _move(site, post_id, Status.PUBLISH)


async def _write(site: Any, article: DemoArticle) -> int:
    async with site.as_person("author") as work:
        for item in article.literature:
            await library.add(work, library.checked("csl", item), Origin.HAND)
        versioned = {
            "title": article.title,
            "content": article.content,
            "excerpt": article.excerpt,
        }
        medical = {**article.medical, RESPONSIBLE: work.actor.user_id}
        post = await create(work, MEDICAL_ARTICLE, Changes(versioned, {PART: medical}))
    return post.id


async def _move(site: Any, post_id: int, to: Status) -> None:
    async with site.as_person("author") as work:
        await transitions.move(work, await posts.lock(work, post_id), to)
