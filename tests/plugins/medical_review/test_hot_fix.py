"""Cannot fix a typo in the live page while a large draft is pending: here that is possible."""

import asyncio
from typing import Any

import psycopg

from tests.plugins.medical_review.conftest import REVIEWS, Newsroom
from tests.support.clinic import Person

P = "<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->"


def text(*paragraphs: str) -> str:
    return "\n\n".join(P.format(one) for one in paragraphs)


FIRST = text("Um.", "Dose de 10 mg.", "Três.")


async def pending(newsroom: Newsroom, **large: Any) -> tuple[dict[str, Any], Person, Person]:
    """A live article whose large new text is in review."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno, content=FIRST)
    fields = {"title": "Título novo", "content": text("Um.", "Dose de 10 mg.", "Três.", "Novo.")}
    await newsroom.edit(post, ana, **{**fields, **large})
    await newsroom.submit(post, ana)
    return post, ana, bruno


def at(post: dict[str, Any], what: str) -> str:
    return f"{REVIEWS}/of-post/{post['id']}/{what}"


async def fixed(
    newsroom: Newsroom, post: dict[str, Any], ana: Person, bruno: Person, **fix: Any
) -> None:
    """A hot fix from its start to its publication."""
    started = await ana.post(at(post, "hot-fix"), {})
    assert started.status_code == 201, started.text
    await newsroom.edit(post, ana, **fix)
    await newsroom.edit(post, ana, status="pending")
    (review,) = [
        one["review"]
        for one in (await ana.get(at(post, ""))).json()
        if one["review"]["state"] == "open"
        and one["review"]["revision_id"] != started.json()["set_aside"][0]["text"]["revision_id"]
    ]
    decided = await newsroom.decide(review, bruno)
    assert decided.status_code == 200, decided.text
    await newsroom.edit(post, ana, status="publish")


async def rebase(ana: Person, post: dict[str, Any], *resolutions: dict[str, Any]) -> Any:
    seen = (await ana.get(at(post, "rebase"))).json()
    body = {"onto": seen["theirs"]["content_hash"], "resolutions": list(resolutions)}
    return await ana.post(at(post, "rebase"), body)


async def test_a_typo_is_mended_while_the_large_text_stays_in_review(newsroom: Newsroom) -> None:
    post, ana, bruno = await pending(newsroom)
    large = await newsroom.review_of(post, ana)
    mended = text("Um.", "Dose de 5 mg.", "Três.")
    await fixed(newsroom, post, ana, bruno, content=mended)
    shown = await newsroom.read(post)
    assert "5 mg" in shown["content"]["rendered"]
    assert shown["title"]["rendered"] == "Dor de cabeça"
    (head,) = (await ana.get(at(post, "heads"))).json()["set_aside"]
    assert head["review_id"] == large["id"]
    assert [one["review"]["id"] for one in (await bruno.get(REVIEWS)).json()["reviews"]] == [
        large["id"]
    ]
    rebased = await rebase(ana, post)
    assert rebased.status_code == 200, rebased.text
    both = await newsroom.read(post, ana)
    assert both["title"]["raw"] == "Título novo"
    assert both["content"]["raw"] == text("Um.", "Dose de 5 mg.", "Três.", "Novo.")
    # The rebased text is another one than that which was submitted.
    assert both["cms_revision"]["state"] == "changed"
    assert both["medical_approval_status"] == "stale"
    assert (await bruno.get(f"{REVIEWS}/{large['id']}")).json()["review"]["state"] == "withdrawn"
    await newsroom.approve(post, ana, bruno)
    await newsroom.edit(post, ana, status="publish")
    assert "5 mg" in (await newsroom.read(post))["content"]["rendered"]


async def test_the_large_text_may_be_approved_while_it_is_set_aside(newsroom: Newsroom) -> None:
    post, ana, bruno = await pending(newsroom)
    large = await newsroom.review_of(post, ana)
    assert (await ana.post(at(post, "hot-fix"), {})).status_code == 201
    await newsroom.edit(post, ana, excerpt="Resumo.")
    assert (await newsroom.decide(large, bruno)).status_code == 200
    # Nothing of it is live, and what is edited now was approved by nobody.
    assert (await newsroom.read(post, ana))["medical_approval_status"] == "stale"
    given_up = await ana.delete(at(post, "hot-fix"))
    assert given_up.json()["working"]["content_hash"] == large["content_hash"]
    assert (await newsroom.read(post, ana))["medical_approval_status"] == "approved"
    assert (await newsroom.edit(post, ana, status="publish"))["title"]["raw"] == "Título novo"


async def test_what_both_changed_is_shown_and_decided(newsroom: Newsroom) -> None:
    post, ana, bruno = await pending(
        newsroom,
        content=text("Um.", "Dose de 20 mg.", "Três.", "Novo."),
        evidence_level="II",
        medical_keywords=["dor", "nova"],
        scientific_references=[{"title": "Diretriz inventada"}, {"pmid": "1"}],
    )
    await fixed(
        newsroom,
        post,
        ana,
        bruno,
        content=text("Um.", "Dose de 5 mg.", "Três."),
        evidence_level="III",
        excerpt="Resumo.",
        scientific_references=[{"title": "Outra"}, {"title": "Diretriz inventada"}],
    )
    seen = (await ana.get(at(post, "rebase"))).json()
    assert seen["is_clean"] is False
    assert seen["conflicts"] == [
        {"path": "medical.evidence_level", "base": "I", "ours": "II", "theirs": "III"},
        {
            "path": "content#1",
            "base": P.format("Dose de 10 mg."),
            "ours": P.format("Dose de 20 mg."),
            "theirs": P.format("Dose de 5 mg."),
        },
    ]
    assert seen["content"] == [P.format("Um."), None, P.format("Três."), P.format("Novo.")]
    assert seen["merged"]["medical.scientific_references"] == [
        {"title": "Outra"}, {"title": "Diretriz inventada"}, {"pmid": "1"},
    ]  # fmt: skip
    refused = await rebase(ana, post, {"path": "content#1", "take": "theirs"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rebase.unresolved")
    assert [one["path"] for one in refused.json()["conflicts"]] == ["medical.evidence_level"]
    wrong = await rebase(ana, post, {"path": "title", "take": "ours"}, {"path": "content#1"})
    assert set(wrong.json()["faults"]) == {"resolutions[0]", "resolutions[1]"}
    rebased = await rebase(
        ana,
        post,
        {"path": "content#1", "value": P.format("Dose de 5 a 20 mg.")},
        {"path": "medical.evidence_level", "take": "ours"},
    )
    assert rebased.status_code == 200, rebased.text
    both = await newsroom.read(post, ana)
    assert both["content"]["raw"] == text("Um.", "Dose de 5 a 20 mg.", "Três.", "Novo.")
    assert (both["evidence_level"], both["excerpt"]["raw"]) == ("II", "Resumo.")
    assert both["medical_keywords"] == ["dor", "nova"]


async def test_a_published_hot_fix_is_not_lost(newsroom: Newsroom) -> None:
    post, ana, bruno = await pending(newsroom)
    await fixed(newsroom, post, ana, bruno, excerpt="Resumo.")
    lost = await ana.delete(at(post, "hot-fix"))
    assert (lost.status_code, lost.json()["code"]) == (409, "hot_fix.published")
    stale = await ana.post(at(post, "rebase"), {"onto": "0" * 64})
    assert (stale.status_code, stale.json()["code"]) == (409, "rebase.moved")


async def test_an_unpublished_hot_fix_is_no_ground_to_build_on(newsroom: Newsroom) -> None:
    post, ana, _ = await pending(newsroom)
    await ana.post(at(post, "hot-fix"), {})
    await newsroom.edit(post, ana, excerpt="Resumo.")
    unfinished = await ana.get(at(post, "rebase"))
    assert (unfinished.status_code, unfinished.json()["code"]) == (409, "hot_fix.unfinished")


async def test_where_nothing_is_pending_the_article_is_just_edited(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    refused = await ana.post(at(post, "hot-fix"), {})
    assert (refused.status_code, refused.json()["code"]) == (409, "head.nothing_to_set_aside")
    assert (await ana.get(at(post, "rebase"))).status_code == 404


async def test_of_two_who_start_at_once_one_does(newsroom: Newsroom) -> None:
    post, ana, _ = await pending(newsroom)
    answers = await asyncio.gather(*(ana.post(at(post, "hot-fix"), {}) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    assert len((await ana.get(at(post, "heads"))).json()["set_aside"]) == 1


async def test_a_text_taken_from_readers_waits_for_nobody(newsroom: Newsroom) -> None:
    post, ana, bruno = await pending(newsroom)
    large = await newsroom.review_of(post, ana)
    await ana.post(at(post, "hot-fix"), {})
    await newsroom.edit(post, ana, status="draft")
    assert (await bruno.get(f"{REVIEWS}/{large['id']}")).json()["review"]["state"] == "withdrawn"
    assert (await bruno.get(REVIEWS)).json()["reviews"] == []
    # It is still there, and is taken up on what is edited now.
    assert (await rebase(ana, post)).status_code == 200
    assert (await newsroom.read(post, ana))["title"]["raw"] == "Título novo"


async def test_a_stranger_sets_nothing_aside(newsroom: Newsroom) -> None:
    post, _, _ = await pending(newsroom)
    other = await newsroom.journalist()
    assert (await other.post(at(post, "hot-fix"), {})).status_code == 403
    assert (await newsroom.cms.http.get(at(post, "heads"))).status_code == 401


async def test_the_trail_tells_of_it(newsroom: Newsroom) -> None:
    post, ana, bruno = await pending(newsroom)
    await fixed(newsroom, post, ana, bruno, excerpt="Resumo.")
    await rebase(ana, post)
    with psycopg.connect(newsroom.cms.host.addresses.owner) as connection:
        rows = connection.execute(
            "select action from audit.events where action like 'content:head:%' order by event_id"
        ).fetchall()
    assert rows == [("content:head:set_aside",), ("content:head:take_up",)]


async def test_who_opens_the_article_is_told_that_a_text_is_set_aside(newsroom: Newsroom) -> None:
    post, ana, _ = await pending(newsroom)
    assert (await newsroom.read(post, ana))["cms_revision"]["set_aside"] == []
    started = (await ana.post(at(post, "hot-fix"), {})).json()
    seen = (await newsroom.read(post, ana))["cms_revision"]
    assert seen["set_aside"] == [started["set_aside"][0]["text"]["revision_id"]]
    assert (seen["state"], seen["working"]) == ("live", seen["live"])
