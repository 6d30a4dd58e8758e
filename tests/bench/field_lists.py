"""Lists of 100,000 posts by their fields, over HTTP and under row-level security;
`python -m tests.bench.field_lists` prints the median, the 95th percentile (the bound is 10 ms where
nothing else runs), and the CPU of the server and of the database for one request."""

import asyncio
import itertools
import os
from collections.abc import Iterator

import httpx
import psycopg

from cms.host import Addresses
from tests.bench.cpu import cpu_of, postgres_pids
from tests.bench.fill import CATEGORIES, copy_post
from tests.bench.load import drive, request_bytes
from tests.support.installation import Installation, installation

POSTS = 100_000
BOUND = 10.0
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
BASE = "/wp-json/wp/v2/posts"

GROUP = {
    "key": "group_bench",
    "title": "Bench",
    "show_in_rest": 1,
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "fields": [
        {"key": "field_level", "name": "level", "label": "Level", "type": "select",
         "choices": dict.fromkeys("abcd", "x"), "filterable": 1},
        {"key": "field_code", "name": "code", "label": "Code", "type": "text", "filterable": 1},
        {"key": "field_dose", "name": "dose", "label": "Dose", "type": "number", "filterable": 1},
        {"key": "field_day", "name": "day", "label": "Day", "type": "date_picker", "filterable": 1},
        {"key": "field_doses", "name": "doses", "label": "Doses", "type": "repeater",
         "sub_fields": [
            {"key": "field_unit", "name": "unit", "label": "Unit", "type": "text",
             "filterable": 1}]},
    ],
}  # fmt: skip

VALUES = """
insert into cms.field_index
  (tenant_id, post_id, is_live, field, position, shelf, date_local, text_value, number_value,
   moment_value)
select tenant_id, id, is_live, field, position,
       case when is_live then 'post' else 'post:working' end, date_local,
       case field when 'level' then substr('abcd', 1 + n % 4, 1)
            when 'code' then 'code ' || n % 5000
            when 'doses.unit' then 'unit ' || (n + position) % 200 end,
       case field when 'dose' then (n * 7919) % 10000 / 10.0 end,
       case field when 'day' then timestamptz '2020-01-01' + (n * 31) % 2000 * interval '1 day' end
from (select *, (row_number() over (order by id))::integer as n from cms.posts
      where tenant_id = 1 and post_type = 'post' and status = 'publish') posts,
     unnest(array[true, false]) is_live,
     (values ('level', 0), ('code', 0), ('dose', 0), ('day', 0), ('doses.unit', 0),
             ('doses.unit', 1)) as at (field, position)
on conflict do nothing
"""


def queries() -> dict[str, Iterator[str]]:
    """What is asked, with another value each time."""
    numbers = itertools.count()
    return {
        "one of 20": (f"fields[code]=code+{n * 37 % 5000}" for n in numbers),
        "one of 25,000": (f"fields[level]={'abcd'[n % 4]}" for n in numbers),
        "a range of 1,000": (
            f"fields[dose][min]={n * 13 % 900}&fields[dose][max]={n * 13 % 900 + 10}"
            for n in numbers
        ),
        "a month": (
            f"fields[day][min]=2021-{n % 12 + 1:02d}-01&fields[day][max]=2021-{n % 12 + 1:02d}-28"
            for n in numbers
        ),
        "in rows, 1,000": (f"fields[doses.unit]=unit+{n * 7 % 200}" for n in numbers),
        "two fields": (
            f"fields[code]=code+{n * 37 % 5000}&fields[level]={'abcd'[n % 4]}" for n in numbers
        ),
        "ordered, in a range": (
            f"orderby=field.dose&fields[dose][max]={n % 90 + 10}" for n in numbers
        ),
        "ordered, all 100,000": (
            f"orderby=field.dose&order={'asc' if n % 2 else 'desc'}" for n in numbers
        ),
    }


def fill(made: Installation, where: Addresses, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=made.url, headers=headers, timeout=60) as http:
        http.post("/api/v1/field-groups", json=GROUP).raise_for_status()
        terms = [
            http.post("/wp-json/wp/v2/categories", json={"name": f"Tema {number}"}).json()["id"]
            for number in range(CATEGORIES)
        ]
        body = {"title": "Artigo", "content": "<p>Dose.</p>", "status": "publish",
                "acf": {"level": "a", "dose": 1}}  # fmt: skip
        first = http.post(BASE, json=body).raise_for_status().json()["id"]
    with psycopg.connect(where.owner) as owner:
        owner.execute("select audit.maintain('rows for the bench')")
        owner.execute("set local app.tenant_id = '1'")
        copy_post(owner, first, POSTS - 1, terms)
        owner.execute(VALUES)
    with psycopg.connect(where.owner, autocommit=True) as owner:
        owner.execute("set app.tenant_id = '1'")
        owner.execute("vacuum analyze")


def measure(made: Installation, where: Addresses, asked: Iterator[str]) -> str:
    """Single requests, one after the other."""
    host = f"127.0.0.1:{made.port}"

    def make() -> bytes:
        return request_bytes("GET", f"{BASE}?{next(asked)}", host)

    asyncio.run(drive(made.port, make, connections=1, seconds=1, expect=200))
    server, database = [made.process.pid] if made.process else [], postgres_pids(where)
    before = cpu_of(server), cpu_of(database)
    outcome = asyncio.run(drive(made.port, make, connections=1, seconds=SECONDS, expect=200))
    if outcome.refused:
        raise SystemExit(f"{outcome.refused} requests were not answered with 200")
    spent = (cpu_of(server) - before[0], cpu_of(database) - before[1])
    median, slow = outcome.percentile(0.5), outcome.percentile(0.95)
    each = [f"{one / len(outcome.latencies) * 1000:9.2f} ms" for one in spent]
    late = "" if slow <= BOUND else "  too slow"
    return f"{median:9.1f} ms{slow:9.1f} ms{''.join(each)}{late}"


def main() -> None:
    with installation() as made:
        made.start()
        person, where = made.credentials["admin"], made.addresses()
        body = {"login": person["login"], "password": person["password"]}
        answer = httpx.post(f"{made.url}/api/v1/auth/token", json=body).raise_for_status()
        fill(made, where, str(answer.json()["access_token"]))
        heads = ("median", "95 %", "server CPU", "database")
        print(f"{'':24}{''.join(f'{head:>12}' for head in heads)}")
        for what, asked in {"newest": itertools.repeat("page=1"), **queries()}.items():
            print(f"{what:24}{measure(made, where, asked)}", flush=True)


if __name__ == "__main__":
    main()
