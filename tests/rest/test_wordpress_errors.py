"""Errors say what WordPress says: status, code, message and data, as measured on 6.1.9."""

import json
from pathlib import Path

import pytest

MEASURED = json.loads((Path(__file__).parent / "data" / "wordpress-errors.json").read_text())
PROBES = {probe["request"]: probe for probe in MEASURED["probes"]}
V2 = "/wp-json/wp/v2"

# What the probe of this name was: who, method, address, body. `{draft}` and the like are posts.
REQUESTS = {
    "unknown route": ("nobody", "GET", f"{V2}/nope", None),
    "unknown namespace": ("nobody", "GET", "/wp-json/zz/v9", None),
    "bad per_page": ("nobody", "GET", f"{V2}/posts?per_page=101", None),
    "bad per_page 0": ("nobody", "GET", f"{V2}/posts?per_page=0", None),
    "bad date": ("nobody", "GET", f"{V2}/posts?after=yesterday", None),
    "bad include": ("nobody", "GET", f"{V2}/posts?include=a", None),
    "orderby include w/o include": ("nobody", "GET", f"{V2}/posts?orderby=include", None),
    "post id missing": ("nobody", "GET", f"{V2}/posts/999999", None),
    "user id missing": ("nobody", "GET", f"{V2}/users/999999", None),
    # Whatever the probe is called: a list was asked for, one post is refused in other words.
    "context=edit single anon": ("nobody", "GET", f"{V2}/posts?context=edit", None),
    "create anon": ("nobody", "POST", f"{V2}/posts", {"title": "x"}),
    "create publish contributor": (
        "contributor",
        "POST",
        f"{V2}/posts",
        {"title": "x", "status": "publish"},
    ),
    "create empty": ("editor", "POST", f"{V2}/posts", {}),
    "bad enum": ("editor", "POST", f"{V2}/posts", {"title": "x", "status": "zz"}),
    "author other as author role": ("author", "POST", f"{V2}/posts", {"title": "x", "author": 1}),
    "bad date body": ("editor", "POST", f"{V2}/posts", {"title": "x", "date": "zz"}),
    "delete other author": ("author", "DELETE", f"{V2}/posts/{{draft}}", None),
    "update anon": ("nobody", "POST", f"{V2}/posts/{{live}}", {"title": "x"}),
    "revision wrong parent": ("editor", "GET", f"{V2}/posts/{{draft}}/revisions/{{live}}", None),
    "get trashed anon": ("nobody", "GET", f"{V2}/posts/{{trash}}", None),
    "draft anon": ("nobody", "GET", f"{V2}/posts/{{draft}}", None),
    "private anon": ("nobody", "GET", f"{V2}/posts/{{private}}", None),
    "bad basic users/me": ("stranger", "GET", f"{V2}/users/me", None),
    "term dup": ("editor", "POST", f"{V2}/categories", {"name": "Saúde & Bem"}),
    "term create anon": ("nobody", "POST", f"{V2}/categories", {"name": "x"}),
    "term create author": ("author", "POST", f"{V2}/categories", {"name": "x"}),
}


def test_every_measured_probe_is_asked():
    assert set(REQUESTS) == set(PROBES)


async def test_errors_are_those_of_wordpress(cms):
    people = {
        role: await cms.person(f"o.{role}", [role]) for role in ("editor", "author", "contributor")
    }
    ids = {}
    for status in ("draft", "publish", "private"):
        made = await cms.draft(people["editor"], title=f"Um {status}", status=status)
        ids[{"publish": "live"}.get(status, status)] = made["id"]
    ids["trash"] = (await cms.draft(people["editor"], title="Fora"))["id"]
    await people["editor"].delete(f"{V2}/posts/{ids['trash']}")
    term = await people["editor"].post(f"{V2}/categories", {"name": "Saúde & Bem"})
    headers = {name: person.bearer for name, person in people.items()}
    headers |= {"nobody": {}, "stranger": {"Authorization": "Basic YWRtaW46bm9wZQ=="}}
    for name, (who, method, path, body) in REQUESTS.items():
        response = await cms.http.request(
            method, path.format(**ids), json=body, headers=headers[who]
        )
        wanted = PROBES[name]["body"]
        if name == "term dup":
            # Ours names the term that is in the way of this very request.
            wanted = {**wanted, "data": {"status": 400, "term_id": term.json()["id"]}}
            del wanted["additional_data"]
        assert (response.status_code, response.json()) == (PROBES[name]["status"], wanted), name


@pytest.mark.parametrize("path", ["/posts?per_page=x&orderby=zz&after=no", "/posts?author=a,b"])
async def test_all_faults_are_told_at_once(cms, path):
    """WordPress checks in two phases and may name only some of them."""
    body = (await cms.http.get(f"{V2}{path}")).json()
    asked = [pair.partition("=")[0] for pair in path.partition("?")[2].split("&")]
    assert sorted(body["data"]["params"]) == sorted(asked)
    assert sorted(body["data"]["details"]) == sorted(asked)
    for name in asked:
        assert body["data"]["params"][name] == body["data"]["details"][name]["message"]
