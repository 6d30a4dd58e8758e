"""A decision reads no policy anew: parsing them in the request is what would make it slow."""

from statistics import median
from time import perf_counter

import pytest

from plugins.zero_trust import slices


@pytest.fixture
async def busy_site(site, signed_in):
    """Fifty policies of the tenant's own, asked once."""
    for number in range(50):
        condition = {"attr": "hour", "op": "is", "value": number % 24}
        site.adds("require", "post.edit", obligation="signed_in", conditions=condition)
    await site.decide(signed_in, "post.edit")
    return site


async def test_a_decision_parses_no_policy(busy_site, signed_in, monkeypatch):
    parsed, asked = [], []
    real = slices.is_authorized
    monkeypatch.setattr(slices, "_parsed", parsed.append)
    monkeypatch.setattr(slices, "is_authorized", lambda *a: (asked.append(a), real(*a))[1])
    for _ in range(200):
        await busy_site.decide(signed_in, "post.edit", id=1, attributes={"author_id": 5})
    assert parsed == []
    assert len(asked) == 400, "one question for what is permitted, one for what is required"


@pytest.mark.bench
async def test_a_decision_takes_less_than_two_milliseconds(busy_site, signed_in):
    took = []
    for _ in range(200):
        start = perf_counter()
        await busy_site.decide(signed_in, "post.edit", id=1, attributes={"author_id": 5})
        took.append(perf_counter() - start)
    assert median(took) < 0.002
