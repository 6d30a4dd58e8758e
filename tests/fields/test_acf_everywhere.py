"""`acf` on every resource of /wp-json: read, written, cleared, refused, and left out."""

from tests.fields.groups_of_tests import V2, field, group, keep
from tests.support.clinic import Clinic
from tests.support.pictures import telling_photo

UNIT, DOSE = field("unit", maxlength=4), field("dose", "number", min=1)


async def test_terms(cms: Clinic) -> None:
    await keep(cms, group("g", "taxonomy", "category", UNIT, DOSE))
    ana = await cms.person("ana", roles=("editor",))
    made = await ana.post(f"{V2}/categories", {"name": "Dor", "acf": {"unit": "mg", "other": 1}})
    assert made.status_code == 201
    term = made.json()
    assert list(term)[-2:] == ["acf", "_links"]
    assert term["acf"] == {"unit": "mg", "dose": None}
    one = f"{V2}/categories/{term['id']}"
    for context in ("view", "embed"):
        assert (await cms.http.get(f"{one}?context={context}")).json()["acf"] == term["acf"]
    changed = await ana.post(one, {"name": "Dores", "acf": {"unit": None, "dose": "2"}})
    assert changed.json()["acf"] == {"unit": "", "dose": 2}
    listed = (await cms.http.get(f"{V2}/categories?acf_format=standard")).json()
    assert [one["acf"] for one in listed if one["id"] == term["id"]] == [{"unit": "", "dose": "2"}]
    assert "acf" not in (await ana.post(f"{V2}/tags", {"name": "x", "acf": {"unit": "mg"}})).json()
    post = await cms.draft(ana, categories=[term["id"]], status="publish")
    embedded = (await cms.http.get(f"{V2}/posts/{post['id']}?_embed=wp:term")).json()
    assert embedded["_embedded"]["wp:term"][0][0]["acf"]["dose"] == 2
    await ana.delete(f"{one}?force=true")
    async with cms.as_system() as work:
        assert await work.all("select 1 from cms.field_values") == []


async def test_a_refused_value_of_a_term_saves_nothing_of_it(cms: Clinic) -> None:
    await keep(cms, group("g", "taxonomy", "category", UNIT, DOSE))
    ana = await cms.person("ana", roles=("editor",))
    refused = await ana.post(f"{V2}/categories", {"name": "Dor", "acf": {"dose": 0}})
    assert refused.status_code == 400
    told = refused.json()
    assert told["code"] == "rest_invalid_param"
    assert told["message"] == "Invalid parameter(s): acf"
    assert told["data"]["params"] == {"acf": "dose: must be at least 1"}
    assert told["data"]["details"]["acf"] == {
        "code": "rest_invalid_param",
        "message": "dose: must be at least 1",
        "data": {"dose": {"message": "must be at least 1", "rule": "min", "type": "integer"}},
    }
    both = await ana.post(f"{V2}/categories", {"name": "Dor", "parent": "x", "acf": {"dose": 0}})
    assert set(both.json()["data"]["params"]) == {"parent", "acf"}
    names = [one["name"] for one in (await ana.get(f"{V2}/categories")).json()]
    assert "Dor" not in names


async def test_people(cms: Clinic) -> None:
    await keep(
        cms,
        group("g", "user_form", "all", UNIT),
        group("h", "user_role", "author", field("crm")),
    )
    ana = await cms.person("ana", roles=("author",))
    root = await cms.person("root", roles=("administrator",))
    body = {"acf": {"unit": "kg", "crm": "52"}}
    assert (await ana.post(f"{V2}/users/me", body)).json()["acf"] == {"unit": "kg", "crm": "52"}
    assert (await ana.get(f"{V2}/users/me")).json()["acf"]["crm"] == "52"
    assert (await root.post(f"{V2}/users/me", body)).json()["acf"] == {"unit": "kg"}
    listed = (await root.get(f"{V2}/users?context=edit")).json()
    assert {one["id"]: one["acf"] for one in listed} == {
        ana.id: {"unit": "kg", "crm": "52"},
        root.id: {"unit": "kg"},
    }
    refused = await ana.post(f"{V2}/users/{root.id}", {"acf": {"unit": "g"}})
    assert refused.status_code == 403
    await root.delete(f"{V2}/users/{ana.id}?force=true&reassign={root.id}")
    async with cms.as_system() as work:
        rows = await work.all("select subject_id from cms.field_values")
    assert [row.subject_id for row in rows] == [root.id]


async def test_comments(cms: Clinic) -> None:
    await keep(cms, group("g", "comment", "page", UNIT))
    ana = await cms.person("ana", roles=("editor",))
    page = await cms.draft(ana, "pages", status="publish", comment_status="open")
    post = await cms.draft(ana, status="publish", comment_status="open")
    said = {"content": "Obrigada.", "acf": {"unit": "mg"}}
    on_page = (await ana.post(f"{V2}/comments", {**said, "post": page["id"]})).json()
    on_post = (await ana.post(f"{V2}/comments", {**said, "post": post["id"]})).json()
    assert (on_page["acf"], on_post["acf"]) == ({"unit": "mg"}, [])
    one = f"{V2}/comments/{on_page['id']}"
    changed = await ana.post(one, {"acf": {"unit": "g"}})
    assert changed.json()["acf"] == (await cms.http.get(one)).json()["acf"] == {"unit": "g"}
    assert (await ana.post(one, {"acf": {"unit": "gramas"}})).status_code == 400
    await ana.delete(f"{one}?force=true")
    async with cms.as_system() as work:
        assert await work.all("select 1 from cms.field_values") == []


async def test_media(cms: Clinic) -> None:
    await keep(cms, group("g", "attachment", "all", UNIT, DOSE))
    ana = await cms.person("ana", roles=("author",))
    sent = {
        "files": {"file": ("rim.jpg", telling_photo(80, 60))},
        "data": {"acf[unit]": "mg", "acf[dose]": "3"},
    }
    made = await cms.http.post(f"{V2}/media", headers=ana.bearer, **sent)
    assert made.status_code == 201, made.text
    assert made.json()["acf"] == {"unit": "mg", "dose": 3}
    one = f"{V2}/media/{made.json()['id']}"
    assert (await ana.post(one, {"acf": {"unit": ""}})).json()["acf"] == {"unit": "", "dose": 3}
    assert (await cms.http.get(one)).json()["acf"] == {"unit": "", "dose": 3}
    assert (await cms.http.get(f"{V2}/media")).json()[0]["acf"] == {"unit": "", "dose": 3}
    assert (await ana.post(one, {"acf": {"dose": "x"}})).status_code == 400


async def test_revisions_show_their_own_values(cms: Clinic) -> None:
    await keep(cms, group("g", "post_type", "post", UNIT))
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg"})
    one = f"{V2}/posts/{post['id']}"
    for method in (cms.http.put, cms.http.patch):
        assert (await method(one, json={"acf": {"unit": "g"}}, headers=ana.bearer)).is_success
    listed = (await ana.get(f"{one}/revisions")).json()
    assert [each["acf"] for each in listed] == [{"unit": "g"}, {"unit": "mg"}]
    single = await ana.get(f"{one}/revisions/{listed[1]['id']}?context=embed")
    assert single.json()["acf"] == {"unit": "mg"}
    root = await cms.person("root", roles=("administrator",))
    kept = await root.post(f"{one}/autosaves", {"title": "Outro"})
    assert kept.json()["acf"] == {"unit": "g"}
    assert (await root.get(f"{one}/autosaves")).json()[0]["acf"] == {"unit": "g"}
    found = (await ana.get(f"{V2}/search?search=dor")).json()
    assert all("acf" not in each for each in found)


async def test_formats_fields_and_forms(cms: Clinic) -> None:
    await keep(cms, group("g", "post_type", "post", UNIT, DOSE))
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg", "dose": 2}, status="publish")
    one = f"{V2}/posts/{post['id']}"
    for address in (one, f"{V2}/posts"):
        refused = await cms.http.get(f"{address}?acf_format=typed")
        assert refused.status_code == 400
        assert set(refused.json()["data"]["params"]) == {"acf_format"}
    assert (await cms.http.get(f"{one}?_fields=id,acf.dose")).json() == {
        "id": post["id"],
        "acf": {"dose": 2},
    }
    form = {"acf[unit]": "g", "acf[dose]": ""}
    changed = await cms.http.post(one, data=form, headers=ana.bearer)
    assert changed.json()["acf"] == {"unit": "g", "dose": None}
    assert (await ana.post(one, {"acf": "mg"})).json()["data"]["params"] == {
        "acf": "acf is not of type object."
    }
    assert (await ana.post(one, {"acf": []})).status_code == 200


async def test_a_group_that_is_not_shown_in_rest_is_neither_read_nor_written(cms: Clinic) -> None:
    shown = group("g", "post_type", "post", UNIT)
    hidden = group("h", "post_type", "post", DOSE, show_in_rest=0)
    await keep(cms, shown, {**hidden, "show_in_rest": 1})
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg", "dose": 2})
    await keep(cms, hidden)
    one = f"{V2}/posts/{post['id']}"
    after = await ana.post(one, {"acf": {"unit": "g", "dose": 9}})
    assert after.json()["acf"] == {"unit": "g"}
    await keep(cms, {**hidden, "show_in_rest": 1})
    assert (await ana.get(one)).json()["acf"] == {"unit": "g", "dose": 2}
    await keep(cms, hidden, {**shown, "show_in_rest": 0})
    assert "acf" not in (await ana.get(one)).json()


async def test_a_protected_post_shows_its_values_for_its_password(cms: Clinic) -> None:
    await keep(cms, group("g", "post_type", "post", UNIT))
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg"}, status="publish", password="chave")
    one = f"{V2}/posts/{post['id']}"
    assert (await cms.http.get(one)).json()["acf"] == []
    assert (await cms.http.get(f"{V2}/posts")).json()[0]["acf"] == []
    assert (await cms.http.get(f"{one}?password=chave")).json()["acf"] == {"unit": "mg"}
    assert (await ana.get(f"{one}?context=edit")).json()["acf"] == {"unit": "mg"}


async def test_what_has_no_values_is_deleted_as_before(cms: Clinic) -> None:
    root = await cms.person("root", roles=("administrator",))
    eva = await cms.person("eva", roles=("subscriber",))
    term = (await root.post(f"{V2}/categories", {"name": "Dor"})).json()["id"]
    post = await cms.draft(root, status="publish", comment_status="open")
    said = {"post": post["id"], "content": "Obrigada."}
    comment = (await root.post(f"{V2}/comments", said)).json()["id"]
    for address in (f"categories/{term}", f"comments/{comment}", f"users/{eva.id}"):
        gone = await root.delete(f"{V2}/{address}?force=true&reassign={root.id}")
        assert gone.status_code == 200, gone.text
