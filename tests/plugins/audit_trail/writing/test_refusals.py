"""Who was refused what: exactly one event each, in a transaction that the refusal does not undo."""

import json
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import update

from cms.identity import proofs
from cms.identity.events import CredentialsChanged
from cms.identity.models import User
from cms.identity.passwords import MAX_FAILURES
from cms.identity.secrets import hash_password
from cms.kernel.decisions import Decision, Effect, Question
from tests.fields.test_posts_with_fields import keep
from tests.fields.test_sensitive_fields import CASE, SECRET
from tests.support.clinic import Clinic, Person

TOKEN = "/api/v1/auth/token"
POSTS = "/wp-json/wp/v2/posts"
MEDIA = "/wp-json/wp/v2/media"
PASSWORD = "quatro palavras muito longas"


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "_told", {})


def told(clinic: Clinic) -> list[tuple[Any, ...]]:
    """What was not a success, oldest first: action, what was tried, who, reasons."""
    with psycopg.connect(clinic.host.addresses.owner) as connection:
        return connection.execute(
            "select e.action, coalesce(e.event_data->>'action', e.event_data->>'method'), "
            "e.actor_id, e.after_state->'reasons', e.outcome from audit.events e "
            "where e.outcome <> 'success' order by e.occurred_at, e.event_id"
        ).fetchall()


def posts(clinic: Clinic) -> int:
    with psycopg.connect(clinic.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{clinic.tenant.id}'")
        return connection.execute("select count(*) from cms.posts").fetchone()[0]


async def with_password(clinic: Clinic, person: Person) -> Person:
    hashed = await hash_password(PASSWORD)
    async with clinic.as_system() as work:
        await work.execute(
            update(User)
            .where(User.tenant_id == clinic.tenant.id, User.id == person.id)
            .values(password_hash=hashed)
        )
        await work.emit(CredentialsChanged(user_id=person.id))
    return person


async def test_a_missing_capability_is_told_once(clinic: Clinic):
    rui = await clinic.person("rui", roles=("subscriber",))
    assert (await rui.post(POSTS, {"title": "x"})).status_code == 403
    assert told(clinic) == [
        ("host:action:refuse", "post.create", rui.id, ["capability-missing"], "refused")
    ]
    assert posts(clinic) == 0


async def test_a_wordpress_refusal_of_reading_is_told_once(clinic: Clinic):
    rui = await clinic.person("rui", roles=("subscriber",))
    assert (await rui.get("/wp-json/wp/v2/users?context=edit")).status_code == 403
    ((_, action, actor, _, outcome),) = told(clinic)
    assert (action, actor, outcome) == ("user.list", rui.id, "refused")


async def test_a_denial_by_policy_is_told_once(clinic: Clinic, monkeypatch: pytest.MonkeyPatch):
    rui = await clinic.person("rui", roles=("author",))
    port = clinic.host.decisions
    decide = port.decide

    async def deny(question: Question) -> Decision:
        if question.action == "post.create":
            return Decision(Effect.DENY, reasons=("not on Sundays",))
        return await decide(question)

    monkeypatch.setattr(port, "decide", deny)
    assert (await rui.post(POSTS, {"title": "x"})).status_code == 403
    reasons = ["policy-denied", "not on Sundays"]
    assert told(clinic) == [("host:action:refuse", "post.create", rui.id, reasons, "refused")]


async def test_wrong_passwords_and_a_resting_account_are_told_once_each(clinic: Clinic):
    rui = await with_password(clinic, await clinic.person("rui"))
    wrong = {"login": "rui", "password": "errada errada"}
    for _ in range(MAX_FAILURES):
        assert (await clinic.http.post(TOKEN, json=wrong)).status_code == 401
    resting = await clinic.http.post(TOKEN, json={"login": "rui", "password": PASSWORD})
    assert resting.status_code == 401
    events = told(clinic)
    assert len(events) == MAX_FAILURES + 1
    assert {event[0] for event in events} == {"identity:session:refuse"}
    assert {event[1] for event in events} == {"password"}
    nobody = await clinic.http.post(TOKEN, json={"login": "ninguem", "password": PASSWORD})
    assert nobody.status_code == 401
    assert len(told(clinic)) == MAX_FAILURES + 1, "strangers are counted and not recorded"
    assert rui.id


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_wrong_application_password_is_told_once_whatever_becomes_of_the_request(
    clinic: Clinic, method: str
):
    rui = await clinic.person("rui")
    wrong = httpx.BasicAuth("rui", "abcd efgh ijkl mnop qrst uvwx")
    answer = await clinic.http.request(method, POSTS, auth=wrong)
    assert answer.status_code == (200 if method == "GET" else 401), answer.text
    assert told(clinic) == [
        ("identity:session:refuse", "application_password", None, None, "refused")
    ]
    await clinic.http.get(POSTS, auth=httpx.BasicAuth("ninguem", "abcd efgh"))
    assert len(told(clinic)) == 1
    assert rui.id


async def test_who_guesses_application_passwords_does_not_fill_the_trail(clinic: Clinic):
    await clinic.person("bia")
    for number in range(MAX_FAILURES + 5):
        await clinic.http.get(POSTS, auth=httpx.BasicAuth("bia", f"{number:024}"))
    assert len(told(clinic)) == MAX_FAILURES


async def test_a_password_that_only_a_signed_in_person_may_set_asks_her_to_sign_in(clinic: Clinic):
    rui = await clinic.person("rui")
    answer = await clinic.http.post(
        "/wp-json/wp/v2/users/me", json={"password": PASSWORD}, auth=rui.basic
    )
    assert answer.status_code == 401, answer.text
    ((action, tried, actor, reasons, outcome),) = told(clinic)
    assert (action, tried, actor, outcome) == ("host:action:refuse", "user.edit", rui.id, "refused")
    assert "step-up" in reasons


async def test_refused_media_is_told_once(clinic: Clinic):
    rui = await clinic.person("rui")
    headers = {
        **rui.bearer,
        "Content-Type": "application/octet-stream",
        "Content-Disposition": 'attachment; filename="x.exe"',
    }
    answer = await clinic.http.post(MEDIA, content=b"MZ", headers=headers)
    assert answer.status_code in (400, 415, 500), answer.text
    ((_, tried, actor, _, outcome),) = told(clinic)
    assert (tried, actor, outcome) == ("media.upload", rui.id, "refused")


async def test_strangers_are_not_recorded(clinic: Clinic):
    assert (await clinic.http.post(POSTS, json={"title": "x"})).status_code == 401
    assert told(clinic) == []


async def test_no_sensitive_byte_leaves_when_its_reading_cannot_be_recorded(clinic: Clinic):
    await keep(clinic, CASE)
    ana = await clinic.person("ana", roles=("administrator",))
    post = await clinic.draft(ana, acf={"case": SECRET})
    address = f"{POSTS}/{post['id']}?context=edit"
    shown = await ana.get(address)
    assert SECRET in shown.text
    with psycopg.connect(clinic.host.addresses.owner) as connection:
        connection.execute("revoke insert on audit.events from cms_audit_writer")
    answer = await ana.get(address)
    assert answer.status_code in (500, 503), answer.text
    assert SECRET not in answer.text
    assert SECRET not in json.dumps(dict(answer.headers))
