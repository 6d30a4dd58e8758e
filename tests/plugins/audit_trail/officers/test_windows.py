"""The newest are sought window by window, and none is missed or told twice where they meet."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from plugins.audit_trail.officers.filters import Paging, Wanted
from plugins.audit_trail.officers.reading import read_trail

# Around the edges of months, back beyond the last window, and one that is still to come.
_MOMENTS = """
with names as (
  select string_agg(quote_ident(attname), ', ') as every,
         string_agg(case attname
           when 'occurred_at' then 'm.moment'
           when 'event_id' then 'encode(substr(int8send((extract(epoch from m.moment) * 1000)'
             '::bigint), 3) || set_byte(substr(uuid_send(gen_random_uuid()), 7, 10), 0, 112), '
             '''hex'')::uuid'
           when 'writer_seq' then 'e.writer_seq + 1000000 + m.n'
           else 'e.' || quote_ident(attname) end, ', ') as copied
  from pg_attribute
  where attrelid = 'audit.events'::regclass and attnum > 0 and not attisdropped
)
select format('insert into audit.events (%s) select %s from moments m cross join
               (select * from audit.events order by occurred_at limit 1) e', every, copied)
from names
"""
_TABLE = """
create temp table moments as
select row_number() over () as n, edge + step as moment
from generate_series(date_trunc('month', now(), 'UTC') - interval '40 months',
                     date_trunc('month', now(), 'UTC') + interval '1 month',
                     interval '1 month') edge,
     unnest(array[interval '-1 millisecond', '0', '1 millisecond']) step
"""


def _spread(owner_url: str) -> int:
    with psycopg.connect(owner_url) as owner:
        made = owner.execute(_TABLE).rowcount
        sentence = owner.execute(_MOMENTS).fetchone()
        assert sentence is not None
        owner.execute(sentence[0])
    return made


async def _pages(work, wanted: Wanted, limit: int) -> list:
    """All events, page after page."""
    found, cursor = [], None
    while True:
        paging = Paging(newest_first=True, limit=limit, cursor=cursor)
        page = await read_trail(work, wanted, paging)
        found += page.events
        cursor = page.next
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [7, 50])
async def test_pages_of_the_newest_are_the_oldest_reversed(house, limit):
    await house.note(7)
    made = _spread(house.owner_url)
    year_ago = datetime.now(UTC) - timedelta(days=366)
    sizes = []
    async with house.work() as work:
        for bounds in ({}, {"since": year_ago}, {"until": year_ago}):
            wanted = Wanted(action="test:*", **bounds)
            oldest = (await read_trail(work, wanted, Paging(limit=500))).events
            newest = await _pages(work, wanted, limit)
            assert [one.event_id for one in newest] == [one.event_id for one in reversed(oldest)]
            sizes.append(len(newest))
    assert sizes[0] == made + 1 == sizes[1] + sizes[2]
    assert min(sizes) > 30
