"""Killed in mid-request, again and again: nothing acknowledged is lost and no log forks."""

import json
import os
import random
import threading
import time

import httpx
import psycopg
import pytest

from tests.support.installation import Installation, installation
from tests.support.patience import LONG

KILLS = int(os.environ.get("KILLS", "3"))
WRITERS = 4


class Writer(threading.Thread):
    """Drafts posts as fast as it can; remembers what was acknowledged."""

    def __init__(self, made: Installation, login: str, password: str) -> None:
        super().__init__(daemon=True)
        self.made, self.auth = made, httpx.BasicAuth(login, password)
        self.acknowledged: list[tuple[int, str]] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            title = f"{self.name} {number}"
            body = {"title": title, "content": "<p>Texto.</p>"}
            try:
                answer = httpx.post(
                    f"{self.made.url}/wp-json/wp/v2/posts", json=body, auth=self.auth, timeout=60
                )
            except httpx.TransportError:
                time.sleep(0.02)
                continue
            if answer.status_code == 201:
                self.acknowledged.append((answer.json()["id"], title))


@pytest.mark.kill
def test_a_server_killed_in_mid_request_loses_nothing_and_forks_nothing():
    # The seed makes a failure repeatable as far as the moments of the kills go.
    moments = random.Random(KILLS)
    with installation() as made:
        made.start()
        admin = made.credentials["admin"]
        writers = [
            Writer(made, admin["login"], admin["application_password"]) for _ in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        for _ in range(KILLS):
            time.sleep(moments.uniform(0.3, 1.2))
            made.kill()
            made.start()
        for writer in writers:
            writer.stopped.set()
        for writer in writers:
            writer.join(timeout=LONG)
        _everything_is_there(made, [one for writer in writers for one in writer.acknowledged])
        _the_log_is_whole(made)


def _everything_is_there(made: Installation, acknowledged: list[tuple[int, str]]) -> None:
    assert len(acknowledged) > KILLS
    with psycopg.connect(made.addresses().owner) as connection:
        connection.execute("set app.tenant_id = '1'")
        stored = dict(connection.execute("select id, title from cms.posts").fetchall())
        headless = connection.execute(
            "select count(*) from cms.posts where working_revision_id is null"
        ).fetchone()
    assert [one for one in acknowledged if stored.get(one[0]) != one[1]] == []
    assert headless == (0,)


def _the_log_is_whole(made: Installation) -> None:
    """Every post has its event, every event its one leaf, and the signed heads agree."""
    deadline = time.monotonic() + LONG
    while True:
        verified = made.cli("audit", "verify", "--json")
        if verified.returncode == 0 or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout)
    with psycopg.connect(made.addresses().owner) as connection:
        connection.execute("set app.tenant_id = '1'")
        unheard = connection.execute(
            "select count(*) from cms.posts p where not exists (select from audit.events e where "
            "e.tenant_id = p.tenant_id and e.resource_type = 'post' and "
            "e.resource_id::text = p.id::text and e.action = 'content:post:create')"
        ).fetchone()
        doubled = connection.execute(
            "select count(*) from (select event_id from audit.leaves group by 1 "
            "having count(*) > 1) d"
        ).fetchone()
    assert (unheard, doubled) == ((0,), (0,))
