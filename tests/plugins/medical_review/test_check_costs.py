"""What a check costs: a kept result is found with one statement; nobody waits for a regular
expression."""

import statistics
import time
from functools import partial

import pytest

from cms.content import posts
from cms.content.events import Transition
from cms.content.statuses import Status
from plugins.medical_review.checks.engine import About, Reading, run
from plugins.medical_review.checks.guards import blockers_stand, check_before
from plugins.medical_review.checks.text import prepare
from tests.bench.checks import WORDS, article, milliseconds
from tests.plugins.medical_review.conftest import TEXT
from tests.plugins.medical_review.labelled_sets import MEDICINES, rules
from tests.support.costs import assert_in_proportion


def move_of(post, review):
    return Transition(
        post_id=post["id"],
        revision_id=review["revision_id"],
        content_hash=review["content_hash"],
        from_status=Status.PENDING,
        to_status=Status.PUBLISH,
    )


async def test_a_text_that_was_checked_is_not_read_again(newsroom, statements):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    move = move_of(post, await newsroom.submit(post, ana))
    async with newsroom.cms.as_system() as work:
        moved = await posts.get(work, post["id"])  # held, as by whoever moves it
        statements.clear()
        await check_before(work, move)
        assert [one async for one in blockers_stand(work, move)] == []
        assert len(statements) == 2
        assert all("medical_review.check_results" in one for one in statements)
        assert moved.id == post["id"]


HOSTILE = ("a", "1", "Aa ", "Aa de ", "Paciente Aa ", "prontuario ", "rua x ", "(11) ", "a@", "<p>")
CLAIMS = ("garante cura exame ", "não acredite garante cura ", "Dorzinil compre ", "é mito a cura ")


@pytest.mark.parametrize("piece", [*HOSTILE, *CLAIMS])
def test_no_text_makes_the_checks_wait(piece):
    """Elsewhere one pattern and one long line stop a server."""
    asked = rules()

    def checking(content):
        run(Reading(prepare({"content": content}, {}), About(medicines=MEDICINES)), asked)

    assert_in_proportion(lambda size: partial(checking, piece * (size // len(piece))), 40_000)


@pytest.mark.bench
def test_three_thousand_words_are_checked_in_the_time_allowed():
    for with_faults in (False, True):
        spent = milliseconds(article(WORDS, with_faults=with_faults))
        print(f"{with_faults=}: {spent:.1f} ms")
        assert spent <= 150


@pytest.mark.bench
async def test_the_guard_on_publishing_costs_no_more_than_allowed(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana, content=TEXT + article(WORDS, with_faults=False))
    answer = await newsroom.change(post, ana, status="pending")
    assert answer.status_code in {200, 409}
    revision = (await newsroom.read(post, ana))["cms_revision"]["working"]
    digest = (await ana.get(f"/api/v1/reviews/checks/{post['id']}")).json()["content_hash"]
    move = move_of(post, {"revision_id": revision, "content_hash": digest})
    spent = []
    async with newsroom.cms.as_system() as work:
        await check_before(work, move)
        for _ in range(50):
            start = time.perf_counter()
            _ = [one async for one in blockers_stand(work, move)]
            spent.append((time.perf_counter() - start) * 1000)
    print(f"guard: median {statistics.median(spent):.2f} ms, worst {max(spent):.2f} ms")
    assert statistics.median(spent) <= 10
