"""ETag, If-None-Match and If-Match: nothing is sent twice, and nobody's change is lost unseen."""

import asyncio

import httpx
import pytest
from litestar import Response

from cms.api.routing import put
from cms.app import build_app
from cms.content.models import Term
from cms.database.work import UnitOfWork
from cms.rest import routes
from cms.rest.shape import Asked, answer

V2 = "/wp-json/wp/v2"


@pytest.fixture
async def post(cms):
    ana = await cms.person("ana.autora")
    made = await cms.draft(ana, status="publish")
    return f"{V2}/posts/{made['id']}"


@pytest.mark.parametrize("query", ["", "?context=edit", "?_fields=id", "?_envelope", "?_jsonp=a"])
async def test_what_a_client_has_is_not_sent_again(cms, post, query):
    ana = await cms.person("ana.autora")
    first = await ana.get(post + query)
    known = {"If-None-Match": f'"other", W/{first.headers["ETag"]}'}
    again = await cms.http.get(post + query, headers=ana.bearer | known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Vary"] == "Origin"
    assert "Content-Type" not in again.headers
    await ana.post(post, {"title": "Outro"})
    changed = await cms.http.get(post + query, headers=ana.bearer | known)
    assert changed.status_code == 200


async def test_both_doors_tag_what_they_give(cms, post):
    officer = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    for path in ("/wp-json/", f"{V2}/posts", f"{V2}/types", "/api/v1/zero-trust/policies"):
        first = await officer.get(path)
        known = officer.bearer | {"If-None-Match": first.headers["ETag"]}
        assert (await cms.http.get(path, headers=known)).status_code == 304, path
        anything = officer.bearer | {"If-None-Match": "*"}
        assert (await cms.http.head(path, headers=anything)).status_code == 304, path
    for path in (f"{V2}/posts/999", "/wp-json/nope", "/healthz"):
        assert "ETag" not in (await cms.http.get(path)).headers


@pytest.mark.parametrize("seen", ["", "?context=edit", "?_fields=title&context=edit", "?_embed"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_change_of_what_was_seen_is_made_and_of_what_was_not_is_refused(
    cms, post, seen, method
):
    ana = await cms.person("ana.autora")
    promise = {"If-Match": (await ana.get(post + seen)).headers["ETag"]}
    await ana.post(post, {"excerpt": "Mudou."})
    stale = await cms.http.request(
        method, post, json={"title": "Velho"}, headers=ana.bearer | promise
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "rest_precondition_failed")
    assert stale.json()["data"] == {"status": 412}
    fresh = await ana.get(post + seen)
    promise = {"If-Match": fresh.headers["ETag"]}
    done = await cms.http.request(
        method, post, json={"title": "Novo"}, headers=ana.bearer | promise
    )
    assert done.status_code == 200, done.text
    assert done.json()["title"]["raw"] == ("Dor de cabeça" if method == "DELETE" else "Novo")


async def test_the_answer_of_a_write_names_the_state_for_the_next(cms, post):
    ana = await cms.person("ana.autora")
    promise = (await ana.get(post)).headers["ETag"]
    for title in ("Um", "Dois", "Três"):
        headers = ana.bearer | {"If-Match": promise}
        answer = await cms.http.post(post, json={"title": title}, headers=headers)
        assert answer.status_code == 200, answer.text
        promise = answer.headers["ETag"]
    made = await ana.post(f"{V2}/posts", {"title": "x"})
    path = f"{V2}/posts/{made.json()['id']}"
    headers = ana.bearer | {"If-Match": made.headers["ETag"]}
    assert (await cms.http.post(path, json={"title": "y"}, headers=headers)).status_code == 200


async def test_of_many_changes_at_once_of_one_state_one_is_made(cms, post):
    ana = await cms.person("ana.autora")
    headers = ana.bearer | {"If-Match": (await ana.get(post)).headers["ETag"]}
    answers = await asyncio.gather(
        *(cms.http.post(post, json={"title": f"N {n}"}, headers=headers) for n in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_a_change_without_a_promise_is_made_as_ever(cms, post):
    ana = await cms.person("ana.autora")
    assert (await ana.post(post, {"title": "Sem"})).status_code == 200
    anything = ana.bearer | {"If-Match": "*"}
    assert (await cms.http.post(post, json={"title": "x"}, headers=anything)).status_code == 200
    missing = await cms.http.post(f"{V2}/posts/999", json={"title": "x"}, headers=anything)
    assert missing.status_code == 404


async def test_a_stranger_with_a_promise_is_still_a_stranger(cms, post):
    headers = {"If-Match": (await cms.http.get(post)).headers["ETag"]}
    refused = await cms.http.post(post, json={"title": "x"}, headers=headers)
    assert refused.status_code == 401


@put("/wp/v2/categories/{term_id:int}", action="term.create", resource="term")
async def describe_term(request: Asked, work: UnitOfWork, term_id: int) -> Response[bytes]:
    term = await work.session.get(Term, (work.tenant_id, term_id))
    return answer(request, {"name": term.name})


async def test_what_has_no_version_is_known_by_its_bytes(cms, monkeypatch):
    monkeypatch.setattr(routes, "BATCH_ROUTES", [*routes.BATCH_ROUTES, describe_term])
    editor = await cms.person("ed.itora", ["editor"])
    terms = [(await editor.post(f"{V2}/categories", {"name": n})).json() for n in ("Um", "Dois")]
    transport = httpx.ASGITransport(app=build_app(cms.host))
    async with httpx.AsyncClient(transport=transport, base_url="http://clinica.example") as http:
        paths = [f"{V2}/categories/{term['id']}" for term in terms]
        for context in ("view", "edit", "embed"):
            seen = await http.get(f"{paths[0]}?context={context}", headers=editor.bearer)
            promise = editor.bearer | {"If-Match": seen.headers["ETag"]}
            assert (await http.put(paths[0], headers=promise)).status_code == 200
            assert (await http.put(paths[1], headers=promise)).status_code == 412
