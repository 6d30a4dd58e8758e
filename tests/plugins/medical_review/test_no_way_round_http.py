"""The same law through the real doors: whatever people send, in whatever order, the text that
readers get has its quorum, for exactly that text. A few stories of a dozen steps each, with a real
database; the engine's own machine takes the long ones."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS
from tests.plugins.medical_review.quorums import bound, clinician, stage, workflow

TITLES = ("Dor", "Febre")
REVIEWERS = ("rui.medico", "eva.medica", "bruno.revisor")

steps = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(["ana", *REVIEWERS]), st.sampled_from(TITLES)),
        st.tuples(st.just("submit"), st.just("ana"), st.none()),
        st.tuples(st.just("approve"), st.sampled_from(REVIEWERS), st.booleans()),
        st.tuples(st.just("send_back"), st.sampled_from(REVIEWERS), st.none()),
        st.tuples(st.just("withdraw"), st.just("ana"), st.none()),
        st.tuples(st.just("publish"), st.just("ana"), st.none()),
    ),
    min_size=6,
    max_size=14,
)


@dataclass
class Seen:
    """What a bystander saw succeed: who agreed to which hash in which review, and who did not."""

    agreed: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    against: set[tuple[str, int]] = field(default_factory=set)


@pytest.fixture
async def desk(newsroom):
    """Two have to agree, one of them a clinician."""
    await bound(newsroom, workflow(stage(people=2, quorum={"clinicians": 1})))
    people = {"ana": await newsroom.physician()}
    for login in REVIEWERS[:2]:
        people[login] = await clinician(newsroom, login)
    people["bruno.revisor"] = await newsroom.reviewer()
    return newsroom, people


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=steps)
async def test_what_readers_get_has_its_quorum(desk, story):
    newsroom, people = desk
    post, seen = await newsroom.article(people["ana"]), Seen()
    # Every story ends with everybody's wish to see something live.
    end = [("submit", "ana", None), *(("approve", one, True) for one in REVIEWERS)]
    for what, who, how in [*story, *end, ("publish", "ana", None)]:
        await _do(newsroom, people, post, seen, (what, who, how))
        await _judge(newsroom, post, seen)


async def _do(newsroom, people, post, seen, step):
    what, who, how = step
    person = people[who]
    if what == "edit":
        await newsroom.change(post, person, title=how)
    elif what == "submit":
        await person.post(REVIEWS, {"post_id": post["id"]})
    elif what == "publish":
        await newsroom.change(post, person, status="publish")
    else:
        found = (await people["ana"].get(f"{REVIEWS}/of-post/{post['id']}")).json()
        if found and what == "withdraw":
            await person.post(f"{REVIEWS}/{found[0]['review']['id']}/withdrawal")
        elif found:
            # Now and then somebody decides on a review that is long over.
            review = found[0 if how is not False else -1]["review"]
            answer = await newsroom.decide(review, person, what, comment="Lido.")
            if answer.is_success:
                _note(seen, review, who, what)


def _note(seen, review, who, what):
    key = (review["content_hash"], review["id"])
    if what == "approve":
        seen.agreed.setdefault(key, set()).add(who)
    else:
        seen.against.add(key)


async def _judge(newsroom, post, seen):
    """What a reader without any rights is shown."""
    answer = await newsroom.cms.http.get(f"{ARTICLES}/{post['id']}")
    if not answer.is_success:
        return
    live = answer.json()["approval"]["content_hash"]
    rounds = [key for key in seen.agreed if key[0] == live and key not in seen.against]
    assert any(
        len(people) >= 2 and people & set(REVIEWERS[:2])
        for people in (seen.agreed[key] for key in rounds)
    ), (live, seen)
