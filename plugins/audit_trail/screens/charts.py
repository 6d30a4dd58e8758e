"""Bars for a page: where each stands, in the units of its drawing. The numbers themselves stand in
a table beside it, for everybody who does not see a drawing (WCAG 2.2, 1.1.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

WIDTH, HEIGHT = 900.0, 160.0
_GAP = 0.2


class Bar(NamedTuple):
    """A rectangle of one series; `series` counts from 0."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True)
class Chart:
    """A bar for each day, of parts on top of each other. `rows` are the days with their numbers,
    in the order of `names`, which the template translates."""

    key: str
    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[date, tuple[int, ...]], ...]

    @property
    def most(self) -> int:
        """The highest bar."""
        return max((sum(numbers) for _, numbers in self.rows), default=0)

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(numbers[n] for _, numbers in self.rows) for n in range(len(self.names)))

    @property
    def bars(self) -> Sequence[Bar]:
        """From the left, each day's first series at the bottom."""
        step = WIDTH / max(len(self.rows), 1)
        scale = HEIGHT / max(self.most, 1)
        found = []
        for place, (_, numbers) in enumerate(self.rows):
            top = HEIGHT
            for series, number in enumerate(numbers):
                top -= number * scale
                if number:
                    x, width = step * (place + _GAP / 2), step * (1 - _GAP)
                    tall = round(number * scale, 2)
                    found.append(Bar(round(x, 2), round(top, 2), round(width, 2), tall, series))
        return found


def chart(
    key: str,
    title: str,
    days: Sequence[date],
    series: Mapping[str, Mapping[date, int]],
) -> Chart:
    """A chart of these days; a day that a series has no number for counts 0."""
    rows = tuple((day, tuple(one.get(day, 0) for one in series.values())) for day in days)
    return Chart(key, title, tuple(series), rows)
