"""How a source is asked without harming it or waiting for it for ever.

A `Line` is the way to one source, shared by every lookup of the process: it spaces the questions,
repeats those that may pass, and stops asking a source that is down.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from plugins.professional_registry.wire import Fault, SourceFault

T = TypeVar("T")


class Clock(Protocol):
    """Time that a test can turn by hand; seconds from any beginning."""

    def now(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class RealClock:
    """Monotonic: the wall clock may be set back."""

    def now(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class TokenBucket:
    """Lets questions pass at most every `1/per_second` seconds, in the order in which they came.

    It holds one token only: with more, a quiet minute would be followed by a burst, and some second
    would see more questions than the source allows.
    """

    per_second: float
    clock: Clock
    _next: float = 0.0

    async def take(self, until: float) -> None:
        """Wait for the turn; SourceFault BUSY, and no turn taken, if it comes after `until`."""
        now = self.clock.now()
        turn = max(now, self._next)
        if turn > until:
            raise SourceFault(Fault.BUSY)
        self._next = turn + 1 / self.per_second
        if turn > now:
            await self.clock.sleep(turn - now)


class Circuit(StrEnum):
    """Closed: questions pass. Open: none does. Half open: one may try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass
class Breaker:
    """Opens after `threshold` faults in a row, and lets one question try after `cool_down` s."""

    clock: Clock
    threshold: int = 5
    cool_down: float = 60.0
    _faults: int = 0
    _opened_at: float = 0.0
    _is_trying: bool = False

    @property
    def state(self) -> Circuit:
        if self._faults < self.threshold:
            return Circuit.CLOSED
        is_over = self.clock.now() - self._opened_at >= self.cool_down
        return Circuit.HALF_OPEN if is_over else Circuit.OPEN

    def enter(self) -> None:
        """SourceFault CIRCUIT_OPEN when this question may not be asked."""
        state = self.state
        if state is Circuit.OPEN or (state is Circuit.HALF_OPEN and self._is_trying):
            raise SourceFault(Fault.CIRCUIT_OPEN)
        self._is_trying = state is Circuit.HALF_OPEN

    def leave(self) -> None:
        """The question was given up, by nobody's fault: the next one may try."""
        self._is_trying = False

    def succeeded(self) -> None:
        self._faults, self._is_trying = 0, False

    def failed(self) -> None:
        self._faults += 1
        self._opened_at, self._is_trying = self.clock.now(), False


@dataclass(frozen=True)
class Patience:
    """`deadline` seconds for everything, waiting for the turn included; `attempts` in all."""

    attempts: int = 3
    deadline: float = 15.0
    first_pause: float = 0.5
    longest_pause: float = 8.0


@dataclass
class Line:
    """`draw` gives a number from 0 to 1: full jitter, so that those who failed together do not come
    back together."""

    per_second: float
    patience: Patience = Patience()
    clock: Clock = field(default_factory=RealClock)
    draw: Callable[[], float] = random.random
    bucket: TokenBucket = field(init=False)
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.bucket = TokenBucket(self.per_second, self.clock)
        self.breaker = Breaker(self.clock)

    async def ask(self, question: Callable[[float], Awaitable[T]]) -> T:
        """What the question brings; it is told how many seconds are left. SourceFault otherwise."""
        until = self.clock.now() + self.patience.deadline
        attempt = 1
        while True:
            try:
                return await self._try(question, until)
            except SourceFault as fault:
                pause = self._pause(fault, attempt)
                is_last = attempt == self.patience.attempts or not fault.fault.may_pass
                if is_last or self.clock.now() + pause >= until:
                    raise
            await self.clock.sleep(pause)
            attempt += 1

    async def _try(self, question: Callable[[float], Awaitable[T]], until: float) -> T:
        self.breaker.enter()
        try:
            await self.bucket.take(until)
            left = until - self.clock.now()
            async with asyncio.timeout(left):
                found = await question(left)
        except TimeoutError:
            self.breaker.failed()
            raise SourceFault(Fault.TIME_OUT) from None
        except SourceFault as fault:
            # Our own queue being long says nothing of the source.
            if fault.fault is Fault.BUSY:
                self.breaker.leave()
            else:
                self.breaker.failed()
            raise
        except BaseException:
            self.breaker.leave()
            raise
        self.breaker.succeeded()
        return found

    def _pause(self, fault: SourceFault, attempt: int) -> float:
        grown = self.patience.first_pause * 2.0 ** (attempt - 1)
        jittered = min(self.patience.longest_pause, grown) * self.draw()
        return max(jittered, fault.retry_after or 0.0)
