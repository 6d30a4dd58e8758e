"""A source is never asked more often than it allows, nor for ever, nor while it lies down."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.professional_registry.resilience import Breaker, Circuit, Line, Patience, TokenBucket
from plugins.professional_registry.wire import Fault, SourceFault


class Clock:
    """Time that passes only by sleeping, for everybody at once."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        until = self.time + seconds
        await asyncio.sleep(0)
        self.time = max(self.time, until)


def asked(outcomes):
    """A question with these outcomes, the last for ever, that notes when it was asked."""
    times, left = [], iter(outcomes)
    last = [None]

    async def question(_: float) -> str:
        last[0] = next(left, last[0])
        times.append(last[0])
        if isinstance(last[0], Fault):
            raise SourceFault(last[0])
        return last[0]

    return question, times


@given(
    per_second=st.floats(0.2, 20),
    arrivals=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
async def test_no_second_sees_more_than_the_rate(per_second, arrivals):
    clock, passed = Clock(), []
    bucket = TokenBucket(per_second, clock)
    for pause in arrivals:
        clock.time += pause
        await bucket.take(until=float("inf"))
        passed.append(clock.now())
    gaps = [later - earlier for earlier, later in itertools.pairwise(passed)]
    assert all(gap >= 1 / per_second - 1e-9 for gap in gaps)


async def test_ten_thousand_at_three_a_second_end_within_the_hour():
    clock = Clock()
    bucket = TokenBucket(3.0, clock)
    passed = []
    for _ in range(10_000):
        await bucket.take(until=float("inf"))
        passed.append(clock.now())
    assert passed[-1] < 3600
    assert all(b - a >= 1 / 3 - 1e-9 for a, b in itertools.pairwise(passed))


async def test_whoever_would_wait_too_long_is_told_at_once_and_takes_no_turn():
    clock = Clock()
    bucket = TokenBucket(1.0, clock)
    await bucket.take(until=0)
    for _ in range(3):
        with pytest.raises(SourceFault) as busy:
            await bucket.take(until=0.5)
        assert busy.value.fault is Fault.BUSY
    await bucket.take(until=1.0)
    assert clock.now() == 1.0


async def test_pauses_grow_and_are_drawn_from_zero_to_their_length():
    clock = Clock()
    draws = iter([1.0, 1.0, 0.25])
    line = Line(1e6, Patience(attempts=4, deadline=60), clock, lambda: next(draws))
    question, times = asked([Fault.TIME_OUT, Fault.HTTP_STATUS, Fault.TRANSIENT, "well"])
    assert await line.ask(question) == "well"
    assert len(times) == 4
    assert clock.now() == pytest.approx(0.5 + 1.0 + 0.25 * 2.0, abs=1e-3)


async def test_no_pause_is_longer_than_the_longest():
    line = Line(1e6, Patience(longest_pause=8), Clock(), lambda: 1.0)
    assert line._pause(SourceFault(Fault.TIME_OUT), attempt=40) == 8


async def test_a_source_that_names_its_pause_gets_it():
    clock = Clock()
    line = Line(1e6, Patience(deadline=60), clock, lambda: 0.0)
    left = iter([SourceFault(Fault.TOO_MANY, retry_after=7.0)])

    async def question(_: float) -> str:
        if (fault := next(left, None)) is not None:
            raise fault
        return "well"

    assert await line.ask(question) == "well"
    assert clock.now() >= 7


async def test_the_deadline_ends_it_before_the_attempts_do():
    clock = Clock()
    line = Line(1e6, Patience(attempts=99, deadline=5), clock, lambda: 1.0)
    question, times = asked([Fault.TIME_OUT])
    with pytest.raises(SourceFault):
        await line.ask(question)
    assert clock.now() <= 5
    assert len(times) < 8


async def test_a_question_that_forgets_the_time_is_stopped():
    line = Line(1e6, Patience(attempts=1, deadline=0.05))

    async def question(_: float) -> str:
        await asyncio.sleep(9)
        return "late"

    with pytest.raises(SourceFault) as late:
        await line.ask(question)
    assert late.value.fault is Fault.TIME_OUT


async def test_repetitions_keep_to_the_rate_too():
    clock = Clock()
    line = Line(1.0, Patience(attempts=3, deadline=60), clock, lambda: 0.0)
    question, times = asked([Fault.TIME_OUT, Fault.TIME_OUT, "well"])
    await line.ask(question)
    assert (clock.now(), len(times)) == (2.0, 3)


async def test_a_circuit_opens_tries_once_and_closes():
    clock = Clock()
    line = Line(1e6, Patience(attempts=1), clock)
    question, times = asked([Fault.CERTIFICATE] * 6 + ["well"])
    for _ in range(5):
        with pytest.raises(SourceFault, match="certificate"):
            await line.ask(question)
    assert line.breaker.state is Circuit.OPEN
    with pytest.raises(SourceFault, match="circuit-open"):
        await line.ask(question)
    assert len(times) == 5
    clock.time += 61
    assert line.breaker.state is Circuit.HALF_OPEN
    with pytest.raises(SourceFault, match="certificate"):
        await line.ask(question)
    assert line.breaker.state is Circuit.OPEN
    clock.time += 61
    assert await line.ask(question) == "well"
    assert line.breaker.state is Circuit.CLOSED


def test_only_one_tries_when_it_is_half_open():
    clock = Clock()
    breaker = Breaker(clock, threshold=1)
    breaker.failed()
    clock.time += 61
    breaker.enter()
    with pytest.raises(SourceFault):
        breaker.enter()
    breaker.leave()
    breaker.enter()


async def test_a_long_queue_of_ours_opens_no_circuit():
    line = Line(0.001, Patience(attempts=1, deadline=1), Clock())
    question, times = asked(["well"])
    await line.ask(question)
    for _ in range(9):
        with pytest.raises(SourceFault, match="rate-limit"):
            await line.ask(question)
    assert (line.breaker.state, len(times)) == (Circuit.CLOSED, 1)


async def test_a_lookup_that_is_cancelled_leaves_the_trial_to_the_next():
    clock = Clock()
    line = Line(1e6, Patience(attempts=1), clock)
    line.breaker.threshold = 1
    line.breaker.failed()
    clock.time += 61

    async def cancelled(_: float) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await line.ask(cancelled)
    question, _ = asked(["well"])
    assert await line.ask(question) == "well"
