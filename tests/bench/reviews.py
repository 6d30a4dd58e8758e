"""`python -m tests.bench.reviews`: the board of 10,000 open reviews, one request at a time."""

import statistics
import time

import httpx
import psycopg

from cms.host import Addresses
from tests.bench.fill import copy_rows
from tests.support.installation import Installation, installation

OPEN = 10_000
BOARD = "/api/v1/reviews/board"
REQUESTS, TARGET_MS = 60, 30


def fill_reviews(where: Addresses, reviews: int = OPEN) -> None:
    """As many texts under review as copies of the demo's one, each due a minute later."""
    with psycopg.connect(where.owner) as owner:
        owner.execute("select audit.maintain('rows for the bench')")
        owner.execute("set local app.tenant_id = '1'")
        found = owner.execute(
            "select r.id, r.post_id, r.revision_id from medical_review.reviews r "
            "where r.state = 'open' order by r.id limit 1"
        ).fetchone()
        assert found is not None, "the demo has no text under review"
        _copy(owner, *found, reviews - 1)
    with psycopg.connect(where.owner, autocommit=True) as owner:
        owner.execute("set app.tenant_id = '1'")
        owner.execute("vacuum analyze")


def _copy(
    owner: psycopg.Connection[object], review: int, post: int, revision: int, copies: int
) -> None:
    """Numbers far from any that are given out, so that none is met twice."""
    base = 1 << 40
    own, ids = f"({base} + n)", {"translation_group": f"({base} + n)"}
    of_post = {"id": own, **ids, "slug": "x.slug || '-' || n", "working_revision_id": own}
    copy_rows(owner, "cms.posts", copies, f"x.id = {post}", of_post)
    named = {"id": own, "post_id": own, "title": "x.title || ' ' || n"}
    copy_rows(owner, "cms.revisions", copies, f"x.id = {revision}", named)
    of_review = {"id": own, "post_id": own, "revision_id": own}
    copy_rows(owner, "medical_review.reviews", copies, f"x.id = {review}", of_review)
    due = "x.due_at + n * interval '1 minute'"
    stage = {"review_id": own, "post_id": own, "due_at": due}
    copy_rows(owner, "medical_review.rounds", copies, f"x.review_id = {review}", stage)


def sign_in(made: Installation, who: str) -> str:
    said = made.credentials[who]
    body = {"login": said["login"], "password": said["password"]}
    answer = httpx.post(f"{made.url}/api/v1/auth/token", json=body).raise_for_status()
    token: str = answer.json()["access_token"]
    return token


def main() -> None:
    with installation() as made:
        made.start()
        fill_reviews(made.addresses())
        headers = {"Authorization": f"Bearer {sign_in(made, 'reviewer')}"}
        with httpx.Client(base_url=made.url, headers=headers, timeout=60) as http:
            for address in (BOARD, f"{BOARD}/medical", "/api/v1/reviews/mine"):
                print(f"{address}: {_median(http, address):.1f} ms (target {TARGET_MS})")
        made.stop()


def _median(http: httpx.Client, address: str) -> float:
    """Milliseconds of the middle one of sixty requests, warm."""
    taken: list[float] = []
    for _ in range(REQUESTS + 5):
        asked = time.perf_counter()
        http.get(address).raise_for_status()
        taken.append((time.perf_counter() - asked) * 1000)
    return statistics.median(taken[5:])


if __name__ == "__main__":
    main()
