"""Further probes of posts, pages, revisions and autosaves, replayed as they were measured."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

MEASURED = json.loads((Path(__file__).parent / "data" / "wordpress-post-errors.json").read_text())
PROBES = {probe["request"]: probe for probe in MEASURED["probes"]}
V2 = "/wp-json/wp/v2"

REQUESTS = {
    "bad format": ("editor", "POST", "/{base}", {"title": "x", "format": "zz"}),
    "revisions delete no force": (
        "administrator",
        "DELETE",
        "/{base}/{draft}/revisions/{revision}",
        None,
    ),
    "revision wrong parent": ("editor", "GET", "/{base}/{draft}/revisions/{live}", None),
    "scheduled anon": ("nobody", "GET", "/{base}/{future}", None),
    "unknown param ignored": ("nobody", "GET", "/{base}?zz=1", None),
    "unknown body field ignored": (
        "editor",
        "POST",
        "/{base}",
        {"title": "x", "zz": 1, "meta": {"zz": 1}},
    ),
}
# Told as bodies of posts, and asked by tests of their own.
ANSWERED = {"autosave POST", "trash"}


def test_every_measured_probe_is_asked():
    assert set(REQUESTS) | ANSWERED == set(PROBES)


async def test_errors_are_those_of_wordpress(cms):
    roles = ("administrator", "editor")
    people = {role: await cms.person(f"o.{role}", [role]) for role in roles}
    headers = {name: person.bearer for name, person in people.items()} | {"nobody": {}}
    editor = people["editor"]
    for base in ("posts", "pages"):
        later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        ids = {
            "base": base,
            "draft": (await cms.draft(editor, base))["id"],
            "live": (await cms.draft(editor, base, status="publish"))["id"],
            "future": (await cms.draft(editor, base, status="future", date=later))["id"],
        }
        history = await editor.get(f"{V2}/{base}/{ids['draft']}/revisions")
        ids["revision"] = history.json()[0]["id"]
        for name, (who, method, path, body) in REQUESTS.items():
            if name == "bad format" and base == "pages":
                continue
            address = V2 + path.format(**ids)
            response = await cms.http.request(method, address, json=body, headers=headers[who])
            probe = PROBES[name]
            assert response.status_code == probe["status"], (base, name, response.text)
            if probe["body"] is not None:
                assert response.json() == probe["body"], (base, name)


async def test_what_was_seen_of_bodies_holds_here(cms):
    editor = await cms.person("o.editor", ["editor"])
    live = await cms.draft(editor, title="Prova X", content="a", status="publish")
    path = f"{V2}/posts/{live['id']}"
    saved = await editor.post(f"{path}/autosaves", {"title": "Auto", "content": "autosaved"})
    wanted = PROBES["autosave POST"]["body"]
    assert set(saved.json()) == set(wanted)
    for name in ("title", "content", "excerpt"):
        assert saved.json()[name] == wanted[name]
    binned = (await editor.delete(path)).json()
    wanted = PROBES["trash"]["body"]
    assert {name: binned[name] for name in ("slug", "status")} == {
        name: wanted[name] for name in ("slug", "status")
    }


async def test_meta_is_an_empty_list_and_takes_it_back(cms):
    """PHP has one kind of array; clients send back what they got."""
    editor = await cms.person("o.editor", ["editor"])
    for base in ("posts", "pages"):
        made = await cms.draft(editor, base)
        assert made["meta"] == []
        for meta in ([], {}, {"unknown": 1}):
            again = await editor.post(f"{V2}/{base}/{made['id']}", {"meta": meta})
            assert (again.status_code, again.json()["meta"]) == (200, [])
        refused = await editor.post(f"{V2}/{base}/{made['id']}", {"meta": "x"})
        assert refused.json()["data"]["details"]["meta"]["code"] == "rest_invalid_type"
