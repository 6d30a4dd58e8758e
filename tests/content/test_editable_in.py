"""What is known of a status before the first row is read says the same as the rule of each row."""

from itertools import chain, combinations

from sqlalchemy import select

from cms.content.models import Post
from cms.content.statuses import Status
from cms.content.visibility import editable, editable_in
from cms.kernel.actors import ANONYMOUS, Actor, ActorKind
from tests.support.clinic import Clinic, Person

VERBS = ("edit", "edit_others", "edit_published", "edit_private")
SAVED = ("publish", "private", "pending", "draft", "future")
LATER = "2099-01-01T00:00:00"


async def _texts(cms: Clinic, by: Person) -> None:
    """One of each status, and one in the bin that was of it."""
    for status in SAVED:
        date = {"date": LATER} if status == "future" else {}
        await cms.draft(by, status=status, **date)
        binned = await cms.draft(by, status=status, **date)
        await by.delete(f"/wp-json/wp/v2/posts/{binned['id']}")


async def test_the_rule_of_a_status_is_the_rule_of_its_rows(cms: Clinic) -> None:
    ana = await cms.person("ana", ["administrator"])
    for one in (ana, await cms.person("eva", ["administrator"])):
        await _texts(cms, one)
    post_type = cms.host.registry.post_types["post"]
    every = chain.from_iterable(combinations(VERBS, count) for count in range(len(VERBS) + 1))
    actors = [
        Actor(ActorKind.PERSON, ana.id, capabilities=frozenset(map(post_type.capability, verbs)))
        for verbs in every
    ]
    seen = set()
    async with cms.as_system() as work:
        for actor in (ANONYMOUS, *actors):
            for status in Status:
                rows = select(Post.id).where(
                    Post.tenant_id == work.tenant_id, Post.status == status.value
                )
                by_row = await work.all(rows.where(editable(actor, post_type)))
                at_once = await work.all(rows.where(editable_in(actor, post_type, status)))
                told = (sorted(actor.capabilities), status)
                assert {row.id for row in at_once} == {row.id for row in by_row}, told
                seen |= {row.id for row in by_row}
        found = await work.all(select(Post.status).where(Post.tenant_id == work.tenant_id))
    assert {row.status for row in found} >= {*SAVED, "trash"}
    assert len(seen) >= 2 * 2 * len(SAVED)
