"""A file of field groups from Advanced Custom Fields is imported, used through REST in both of its
forms, and exported as it came: every type, with every setting."""

import json
from pathlib import Path
from typing import Any

from tests.fields.every_type import TABLE, Known, group, values
from tests.support.clinic import Clinic, Person
from tests.support.pictures import document, photo

TENANT = ("--tenant", "clinica")
WITHOUT_VALUE = {"message", "tab", "accordion"}


async def _known(cms: Clinic, root: Person) -> Known:
    editor = await cms.person("edith", roles=("editor",))
    post = await cms.draft(root, title="Outra", status="publish")
    category = await root.post("/wp-json/wp/v2/categories", {"name": "Dor"})
    image = await _uploaded(root, "risco.png", photo(80, 80, "PNG"))
    file = await _uploaded(root, "bula.pdf", document())
    return Known(post["id"], category.json()["id"], editor.id, image, file)


async def test_every_type_with_every_setting(cms: Clinic, command: Any, tmp_path: Path) -> None:
    kept = group()
    assert {one["type"] for one in kept["fields"]} == set(TABLE), "all types of the table"
    root = await cms.person("root", roles=("administrator",))
    known = await _known(cms, root)
    (tmp_path / "acf.json").write_text(json.dumps([kept]))
    await command("fields", "import", "acf.json", *TENANT)
    cms.host.tenants.forget()

    table = values(known)
    assert set(table) == set(TABLE) - WITHOUT_VALUE

    sent = {name: row[0] for name, row in table.items()}
    made = await root.post("/wp-json/wp/v2/posts", {"title": "Dose", "acf": sent})
    assert made.status_code == 201, made.text
    post = made.json()
    assert list(post["acf"]) == [kind for kind in TABLE if kind in table], "in the group's order"
    wrong = {n: (post["acf"][n], row[1]) for n, row in table.items() if post["acf"][n] != row[1]}
    assert wrong == {}, "the light form"

    address = f"/wp-json/wp/v2/posts/{post['id']}"
    standard = (await root.get(f"{address}?acf_format=standard")).json()["acf"]
    wrong = {n: standard[n] for n, row in table.items() if not _is_as_said(standard[n], row[2])}
    assert wrong == {}, "the standard form"

    # What was read can be sent back, and changes nothing.
    again = await root.post(address, {"acf": post["acf"]})
    assert again.json()["acf"] == post["acf"]
    assert len((await root.get(f"{address}/revisions")).json()) == 1

    out = await command("fields", "export", *TENANT, "--file", "out.json")
    exported = json.loads((tmp_path / "out.json").read_text())
    assert [one for one in exported if one["key"] == kept["key"]] == [kept], out


def _is_as_said(shown: Any, said: Any) -> bool:
    return bool(said(shown)) if callable(said) else shown == said


async def _uploaded(person: Person, name: str, content: bytes) -> int:
    answer = await person.clinic.http.post(
        "/wp-json/wp/v2/media", files={"file": (name, content)}, headers=person.bearer
    )
    assert answer.status_code == 201, answer.text
    found: int = answer.json()["id"]
    return found
