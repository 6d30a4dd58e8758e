"""The queue and the board: what waits, for whom, and who takes it up."""

from tests.identity.test_proofs import as_owner
from tests.support.queries import counted

QUEUE = "/admin/reviews"


async def titles(person, view):
    seen = await person.get(f"{QUEUE}?view={view}")
    return [one.text(strip=True) for one in seen.tree.css("main tbody th a")]


async def test_taking_up_and_giving_back(bruno, visitor, newsroom, review):
    lia = await visitor("lia.revisora", ["content_reviewer"])
    assert await titles(bruno, "mine") == await titles(lia, "free") == ["Dor de cabeça"]
    claim = f"{QUEUE}/{review['id']}/claim"
    seen = await bruno.get(f"{QUEUE}?view=mine")
    opened = await bruno.follow(await bruno.send(claim, seen.fields(claim)))
    assert "You have this review in hand now." in opened.words
    assert await titles(bruno, "hand") == ["Dor de cabeça"]
    assert await titles(lia, "mine") == await titles(lia, "free") == []
    assert "In hand of Bruno Revisor" in (await lia.get(f"{QUEUE}/{review['id']}")).words
    release = f"{QUEUE}/{review['id']}/release"
    back = await bruno.follow(await bruno.send(release, opened.fields(release)))
    assert "free for others again" in back.words
    assert await titles(lia, "mine") == ["Dor de cabeça"]


async def test_what_is_due_and_what_was_escalated_is_found(bruno, cms, review):
    assert await titles(bruno, "due") == await titles(bruno, "escalated") == []
    as_owner(cms, "update medical_review.rounds set due_at = now(), escalated_at = now()")
    assert await titles(bruno, "due") == await titles(bruno, "escalated") == ["Dor de cabeça"]
    seen = await bruno.get(f"{QUEUE}?view=due")
    assert "escalated" in seen.words


async def test_filters_leave_what_fits(bruno, review):
    assert len((await bruno.get(f"{QUEUE}?view=all&stage=medical")).tree.css("tbody tr")) == 1
    assert not (await bruno.get(f"{QUEUE}?view=all&stage=legal")).tree.css("tbody tr")
    assert not (await bruno.get(f"{QUEUE}?view=all&priority=urgent")).tree.css("tbody tr")


async def test_an_author_without_the_role_sees_no_queue_of_others(visitor, review, ana):
    reader = await visitor(ana.login)
    assert (await reader.get(f"{QUEUE}?view=all")).status == 403
    assert (await reader.get(f"{QUEUE}/board")).status == 403
    assert QUEUE not in (await reader.get("/admin")).links


async def test_whoever_assigns_gives_many_reviews_to_one_person(visitor, newsroom, ana, review):
    lia = await newsroom.reviewer("lia.revisora")
    other = await newsroom.submit(await newsroom.article(ana, title="Febre"), ana)
    marina = await visitor("dona.marina", ["administrator"])
    seen = await marina.get(f"{QUEUE}?view=all")
    sent = seen.fields(f"{QUEUE}/hand-over")
    chosen = {"review": [str(review["id"]), str(other["id"])], "to_user_id": str(lia.id)}
    done = await marina.follow(await marina.send(f"{QUEUE}/hand-over", sent | chosen))
    assert "2 reviews have a new reviewer." in done.words
    reader = await visitor("lia.revisora")
    assert sorted(await titles(reader, "hand")) == ["Dor de cabeça", "Febre"]


async def test_of_many_reviews_none_is_given_if_one_cannot_be(visitor, newsroom, ana, review):
    marina = await visitor("dona.marina", ["administrator"])
    sent = {"review": [str(review["id"])], "to_user_id": str(ana.id)}
    refused = await marina.send(f"{QUEUE}/hand-over", sent)
    assert refused.status == 422
    assert "has no role that decides" in refused.words
    assert (await marina.send(f"{QUEUE}/hand-over", {})).status == 422


async def test_the_board_shows_stages_as_columns(bruno, newsroom, ana, review):
    seen = await bruno.get(f"{QUEUE}/board")
    assert [one.text(strip=True) for one in seen.tree.css(".review-column h2")] == [
        "Medical review1"
    ]
    assert f"{QUEUE}/{review['id']}" in seen.links
    await newsroom.article(ana, title="Rascunho de tosse")
    drafts = await bruno.get(f"{QUEUE}/places/draft")
    assert "Rascunho de tosse" in drafts.words


async def test_a_list_costs_the_same_whatever_waits(bruno, newsroom, ana, cms, review):
    for path in (f"{QUEUE}?view=mine", f"{QUEUE}?view=all", f"{QUEUE}/board"):
        await bruno.get(path)
    before = {}
    for path in (f"{QUEUE}?view=mine", f"{QUEUE}?view=all", f"{QUEUE}/board"):
        with counted(cms.host) as statements:
            await bruno.get(path)
        before[path] = len(statements)
    for title in ("Febre", "Tosse"):
        await newsroom.submit(await newsroom.article(ana, title=title), ana)
    for path, cost in before.items():
        with counted(cms.host) as statements:
            assert (await bruno.get(path)).status == 200
        assert len(statements) == cost <= 9, str(statements)


async def test_a_long_queue_goes_on_by_its_last_row(bruno, newsroom, ana, monkeypatch):
    monkeypatch.setattr("plugins.medical_review.screens.queue.A_PAGE", 2)
    for title in ("Um", "Dois", "Três"):
        await newsroom.submit(await newsroom.article(ana, title=title), ana)
    seen, found = await bruno.get(f"{QUEUE}?view=all"), []
    while True:
        found += [one.text(strip=True) for one in seen.tree.css("main tbody th a")]
        further = seen.tree.css_first("a[rel=next]")
        if further is None:
            break
        seen = await bruno.get(further.attributes["href"])
    assert found == ["Um", "Dois", "Três"]
