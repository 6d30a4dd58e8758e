"""What the reviewer saw is what goes live, whoever hurries meanwhile; and asking costs little."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from cms.content import posts
from cms.content.events import Transition
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from tests.plugins.medical_review.conftest import REVIEWS, TEXT, Newsroom
from tests.support.queries import counted

LONGEST = 0.010
"""Seconds of this process that all guards together may take when an approved text is published."""

LINKS = "".join(f'<a href="/medical-articles/outro-{i}/">x</a>' for i in range(20))
SHORT, LONG = (TEXT * times + f"<p>{LINKS}</p>" for times in (1, 50))
"""The long text has a hundred paragraphs; both have twenty links."""


async def test_of_many_who_change_and_publish_at_once_only_the_approved_text_is_live(
    newsroom: Newsroom,
) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    editor = await newsroom.cms.person("ed.itora", ["editor"])
    term = (await editor.post("/wp-json/wp/v2/categories", {"name": "Dor"})).json()["id"]
    changes: tuple[dict[str, Any], ...] = (
        {"title": "Outra"},
        {"categories": [term]},
        {"evidence_level": "IV"},
        {"scientific_references": [{"pmid": "9"}]},
        {"funding": "Outro fundo."},
    )
    for change in changes:
        post = await newsroom.article(ana)
        decided = await newsroom.approve(post, ana, bruno)
        answers: list[httpx.Response] = await asyncio.gather(
            newsroom.change(post, editor, **change),
            newsroom.change(post, ana, status="publish"),
            newsroom.change(post, ana, status="publish"),
            ana.post(f"{REVIEWS}/publish-set", {"post_ids": [post["id"]]}),
        )
        assert {one.status_code for one in answers} <= {200, 409}, change
        shown = await newsroom.cms.http.get(f"/wp-json/wp/v2/medical-articles/{post['id']}")
        if shown.status_code == 200:
            approval = shown.json()["approval"]
            assert approval["content_hash"] == decided["decision"]["content_hash"], change


async def test_two_who_publish_at_once_publish_it_once(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await newsroom.approve(post, ana, bruno)
    answers = await asyncio.gather(
        *(newsroom.change(post, ana, status="publish") for _ in range(4))
    )
    assert {one.status_code for one in answers} == {200}
    assert (await newsroom.read(post, ana))["version_number"] == 1


async def test_guards_on_publish_ask_no_more_of_a_long_text(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    asked = []
    for content in (SHORT, LONG):
        post = await newsroom.article(ana, content=content)
        await newsroom.approve(post, ana, bruno)
        async with ana.work() as work:
            move = await publication(work, post)
            with counted(newsroom.cms.host) as statements:
                assert await work.objections(move) == []
            asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.bench
async def test_guards_on_publish_take_less_than_ten_milliseconds(newsroom: Newsroom) -> None:
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=LONG)
    await newsroom.approve(post, ana, bruno)
    took = []
    async with ana.work() as work:
        move = await publication(work, post)
        for _ in range(20):
            start = time.process_time()
            assert await work.objections(move) == []
            took.append(time.process_time() - start)
    assert min(took) < LONGEST


async def publication(work: UnitOfWork, post: dict[str, Any]) -> Transition:
    found = await posts.get(work, post["id"])
    revision = await posts.revision(work, found.id, found.working_revision_id or 0)
    return Transition(
        post_id=found.id,
        revision_id=revision.id,
        content_hash=revision.content_hash.hex(),
        from_status=Status(found.status),
        to_status=Status.PUBLISH,
    )
