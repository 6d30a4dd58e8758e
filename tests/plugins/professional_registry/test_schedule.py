"""Everybody is asked about once a day, spread over it, and never more at once than sources bear."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.professional_registry.schedule import (
    RUN,
    Checked,
    hour_of,
    last_turn,
    most_in_a_run,
    plan,
)

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PEOPLE = range(1, 10_001)


def test_ten_thousand_overdue_people_are_through_within_the_hour_at_three_a_second():
    checked = {i: Checked(i, None) for i in PEOPLE}
    now, runs = NOW, 0
    while any(one.at is None for one in checked.values()):
        due = plan(checked.values(), 1, now, most_in_a_run(3))
        assert len(due) <= 3 * RUN.total_seconds(), "no run asks more than its time allows"
        checked |= {i: Checked(i, now) for i in due}
        now, runs = now + RUN, runs + 1
    assert runs * RUN <= timedelta(hours=1, minutes=5)


def test_a_quiet_day_asks_about_each_once_and_spreads_them():
    people = PEOPLE[:3000]
    checked = {i: Checked(i, NOW - timedelta(seconds=1)) for i in people}
    asked = dict.fromkeys(people, 0)
    sizes = []
    for run in range(1, 289):
        now = NOW + run * RUN
        due = plan(checked.values(), 1, now, most_in_a_run(3))
        sizes.append(len(due))
        for i in due:
            asked[i] += 1
            checked[i] = Checked(i, now)
    assert set(asked.values()) == {1}
    assert max(sizes) < 3 * len(people) / 288, "no hour of the day is crowded"


def test_the_longest_waiting_come_first_and_the_bound_holds():
    people = [Checked(i, NOW - timedelta(days=2, hours=i)) for i in range(1, 6)]
    assert plan(people, 1, NOW, 2) == [5, 4]
    assert plan([*people, Checked(9, None)], 1, NOW, 1) == [9]


@given(st.integers(1, 2**62), st.integers(1, 2**62), st.datetimes(timezones=st.just(UTC)))
def test_a_turn_comes_every_day_at_the_same_hour(tenant, person, now):
    if now < datetime(1, 1, 3, tzinfo=UTC):
        return
    turn = last_turn(tenant, person, now)
    assert timedelta(0) <= now - turn < timedelta(days=1)
    midnight = turn.replace(hour=0, minute=0, second=0, microsecond=0)
    assert turn - midnight == hour_of(tenant, person)
