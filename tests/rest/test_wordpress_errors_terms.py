"""Terms, types, taxonomies and statuses say what WordPress says, as measured on 6.1.9."""

import json
from pathlib import Path

MEASURED = json.loads((Path(__file__).parent / "data" / "wordpress-errors-terms.json").read_text())
PROBES = {probe["request"]: probe for probe in MEASURED["probes"]}
V2 = "/wp-json/wp/v2"

# What the probe of this name was: who, method, address, body.
REQUESTS = {
    "taxonomy missing": ("nobody", "GET", f"{V2}/taxonomies/nada", None),
    "status missing": ("nobody", "GET", f"{V2}/statuses/nada", None),
    "statuses anon": ("nobody", "GET", f"{V2}/statuses", None),
    "types edit anon": ("nobody", "GET", f"{V2}/types?context=edit", None),
    "term dup": ("editor", "POST", f"{V2}/categories", {"name": "Saúde & Bem"}),
    "term delete noforce": ("author", "DELETE", f"{V2}/categories/{{term}}", None),
    "term parent on tag": ("editor", "POST", f"{V2}/tags", {"name": "x", "parent": 1}),
    "term create anon": ("nobody", "POST", f"{V2}/categories", {"name": "x"}),
    "term create author": ("author", "POST", f"{V2}/categories", {"name": "x"}),
}


def test_every_measured_probe_is_asked():
    assert set(REQUESTS) == set(PROBES)


async def test_errors_are_those_of_wordpress(cms):
    people = {role: await cms.person(f"o.{role}", [role]) for role in ("editor", "author")}
    term = (await people["editor"].post(f"{V2}/categories", {"name": "Saúde & Bem"})).json()["id"]
    headers = {"nobody": {}, **{name: person.bearer for name, person in people.items()}}
    for name, (who, method, path, body) in REQUESTS.items():
        response = await cms.http.request(
            method, path.format(term=term), json=body, headers=headers[who]
        )
        wanted = json.loads(
            json.dumps(PROBES[name]["body"]).replace("wp.example", "clinica.example")
        )
        if name == "term dup":
            # Ours names the term that is in the way once.
            wanted["data"]["term_id"] = term
            del wanted["additional_data"]
        assert (response.status_code, response.json()) == (PROBES[name]["status"], wanted), name
