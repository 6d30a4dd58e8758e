"""Requests about medical texts themselves, for the budgets of statements."""

from tests.plugins.medical_review.conftest import REVIEWS

OF_POST = f"{REVIEWS}/of-post/{{post_id:int}}"


async def about_articles(newsroom, admin, author):
    """Those of a live article with another text that is edited: its specialties, its heads."""
    yield "GET", f"{REVIEWS}/specialties", f"{REVIEWS}/specialties", None
    live = await newsroom.published(author, await newsroom.reviewer())
    await newsroom.edit(live, author, title="Pendente")
    aside = f"{REVIEWS}/of-post/{live['id']}"
    onto = (await admin.get(f"{aside}/heads")).json()["live"]["content_hash"]
    yield "GET", f"{REVIEWS}/targets/{{post_id:int}}", f"{REVIEWS}/targets/{live['id']}", None
    approved = await newsroom.article(author)
    await newsroom.approve(approved, author, await newsroom.reviewer())
    together = {"post_ids": [approved["id"]]}
    yield "POST", f"{REVIEWS}/publish-set", f"{REVIEWS}/publish-set", together
    for method, what, body in (
        ("POST", "hot-fix", None),
        ("GET", "heads", None),
        ("DELETE", "hot-fix", None),
        ("POST", "hot-fix", None),
        ("GET", "rebase", None),
        ("POST", "rebase", {"onto": onto}),
    ):
        yield method, f"{OF_POST}/{what}", f"{aside}/{what}", body
