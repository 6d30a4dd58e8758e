"""Values in our own form: typed, whole or in part, live or working, and only what was seen."""

from tests.fields.groups_of_tests import V1, V2, field, group, keep
from tests.support.clinic import Clinic, Person
from tests.support.pictures import telling_photo

UNIT, DOSE = field("unit", maxlength=4), field("dose", "number", min=1)


async def put(person: Person, path: str, values: dict, **headers: str):
    body, sent = {"values": values}, {**person.bearer, **headers}
    return await person.clinic.http.put(path, json=body, headers=sent)


async def patch(person: Person, path: str, values: dict, **headers: str):
    body, sent = {"values": values}, {**person.bearer, **headers}
    return await person.clinic.http.patch(path, json=body, headers=sent)


async def test_a_post(cms: Clinic) -> None:
    await keep(
        cms,
        group("g", "post_type", "post", UNIT, DOSE),
        group("h", "post_type", "post", field("note"), show_in_rest=0),
    )
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, status="publish", acf={"unit": "mg"})
    path = f"{V1}/posts/{post['id']}/fields"
    told = (await cms.http.get(path)).json()
    assert told["values"] == {"unit": "mg", "dose": None}
    assert told["groups"] == [{"key": "group_g", "title": "G", "version": 1, "written_with": 1}]
    assert told["revision"]["is_live"] is True
    mine = await ana.get(path)
    assert set(mine.json()["values"]) == {"unit", "dose", "note"}
    changed = await patch(ana, path, {"dose": 2, "note": "x"}, **{"If-Match": mine.headers["etag"]})
    assert changed.json()["values"] == {"unit": "mg", "dose": 2, "note": "x"}
    late = await patch(ana, path, {"dose": 3}, **{"If-Match": mine.headers["etag"]})
    assert (late.status_code, late.json()["type"]) == (412, "urn:cms:problem:outdated")
    tag = {"If-Match": changed.headers["etag"]}
    assert (await put(ana, path, {"dose": 3}, **tag)).json()["values"]["unit"] is None
    shown = (await ana.get(f"{V2}/posts/{post['id']}")).json()["acf"]
    assert shown == {"unit": "", "dose": 3}


async def test_faults_name_the_path_the_rule_and_the_type(cms: Clinic) -> None:
    await keep(cms, group("g", "post_type", "post", UNIT, DOSE))
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg"})
    path = f"{V1}/posts/{post['id']}/fields"
    refused = await patch(ana, path, {"unit": "grams", "dose": 0})
    assert refused.status_code == 400
    told = refused.json()
    assert told["faults"]["acf.dose"] == "must be at least 1"
    assert told["details"]["acf.unit"] == {"rule": "maxlength", "type": "string"}
    unknown = await patch(ana, path, {"other": 1})
    assert unknown.json()["details"] == {"acf.other": {"rule": "unknown", "type": "integer"}}
    assert (await patch(ana, f"{V1}/posts/999999/fields", {})).status_code == 404
    assert (await patch(ana, f"{V1}/posts/{2**70}/fields", {})).status_code == 404


async def test_the_working_text_is_for_those_who_edit(cms: Clinic) -> None:
    await keep(cms, group("g", "post_type", "medical_article", UNIT))
    ana = await cms.person("ana", roles=("editor",))
    eva = await cms.person("eva", roles=("subscriber",))
    draft = await cms.draft(ana, "medical-articles", acf={"unit": "mg"})
    path = f"{V1}/posts/{draft['id']}/fields"
    assert (await cms.http.get(path)).status_code == 401
    assert (await eva.get(path)).status_code == 403
    assert (await eva.get(f"{path}?revision=working")).status_code == 403
    working = (await ana.get(f"{path}?revision=working")).json()
    assert (working["values"]["unit"], working["revision"]["is_live"]) == ("mg", False)
    assert (await patch(eva, path, {"unit": "g"})).status_code == 403


async def test_a_protected_post(cms: Clinic) -> None:
    await keep(cms, group("g", "post_type", "post", UNIT))
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg"}, status="publish", password="chave")
    path = f"{V1}/posts/{post['id']}/fields"
    assert (await cms.http.get(path)).status_code == 401
    assert (await cms.http.get(f"{path}?password=outra")).status_code == 401
    assert (await cms.http.get(f"{path}?password=chave")).json()["values"] == {"unit": "mg"}


async def test_terms_people_and_comments(cms: Clinic) -> None:
    await keep(
        cms,
        group("t", "taxonomy", "category", UNIT),
        group("u", "user_role", "author", field("crm")),
        group("c", "comment", "post", field("mood")),
    )
    ana = await cms.person("ana", roles=("editor",))
    rui = await cms.person("rui", roles=("author",))
    term = (await ana.post(f"{V2}/categories", {"name": "Dor"})).json()["id"]
    post = await cms.draft(ana, status="publish", comment_status="open")
    said = {"post": post["id"], "content": "Obrigada."}
    comment = (await ana.post(f"{V2}/comments", said)).json()["id"]
    for who, path, name, stranger in (
        (ana, f"{V1}/terms/{term}/fields", "unit", rui),
        (rui, f"{V1}/users/{rui.id}/fields", "crm", ana),
        (ana, f"{V1}/comments/{comment}/fields", "mood", rui),
    ):
        before = await who.get(path)
        saved = await put(who, path, {name: "a"}, **{"If-Match": before.headers["etag"]})
        assert saved.status_code == 200, saved.text
        assert saved.json()["values"] == {name: "a"}
        assert saved.json()["groups"][0]["written_with"] == 1
        late = await patch(who, path, {name: "b"}, **{"If-Match": before.headers["etag"]})
        assert late.status_code == 412
        assert (await patch(stranger, path, {name: "b"})).status_code == 403
        assert (await put(who, path, {})).json()["values"] == {name: None}
    assert (await cms.http.get(f"{V1}/terms/{term}/fields")).status_code == 200
    assert (await cms.http.get(f"{V1}/users/{rui.id}/fields")).status_code == 401
    assert (await ana.get(f"{V1}/terms/424242/fields")).status_code == 404


async def test_options_pages(cms: Clinic) -> None:
    public = group("o", "options_page", "footer", field("phone"))
    inner = group("i", "options_page", "footer", field("key"), show_in_rest=0)
    other = group("p", "options_page", "inner", field("secret"), show_in_rest=0)
    await keep(cms, public, inner, other)
    root = await cms.person("root", roles=("administrator",))
    ana = await cms.person("ana", roles=("editor",))
    path = f"{V1}/options-pages/footer"
    saved = await put(root, path, {"phone": "11 5555-0100", "key": "k"})
    assert saved.json()["values"] == {"phone": "11 5555-0100", "key": "k"}
    assert (await cms.http.get(path)).json()["values"] == {"phone": "11 5555-0100"}
    assert (await root.get(path)).json()["values"]["key"] == "k"
    assert (await patch(ana, path, {"phone": "x"})).status_code == 403
    changed = await patch(root, path, {"key": None})
    assert changed.json()["values"] == {"phone": "11 5555-0100", "key": None}
    listed = (await cms.http.get(f"{V1}/options-pages")).json()
    assert listed == [{"slug": "footer", "groups": ["group_o"]}]
    assert [one["slug"] for one in (await root.get(f"{V1}/options-pages")).json()] == [
        "footer",
        "inner",
    ]
    for hidden in ("inner", "nowhere"):
        assert (await cms.http.get(f"{V1}/options-pages/{hidden}")).status_code == 404
    assert (await put(root, f"{V1}/options-pages/nowhere", {})).status_code == 404
    async with cms.other() as clinic:
        assert (await clinic.http.get(path)).status_code == 404


async def test_pictures_are_objects_and_a_repeater_names_the_row_of_a_fault(cms: Clinic) -> None:
    rows = field("doses", "repeater", sub_fields=[field("amount", "number", min=1)])
    await keep(cms, group("g", "post_type", "post", field("figure", "image"), rows))
    ana = await cms.person("ana", roles=("editor",))
    sent = {"files": {"file": ("rim.jpg", telling_photo(80, 60))}}
    made = (await cms.http.post(f"{V2}/media", headers=ana.bearer, **sent)).json()
    post = await cms.draft(ana, status="publish")
    path = f"{V1}/posts/{post['id']}/fields"
    assert (await cms.http.get(path)).json()["values"] == {"figure": None, "doses": []}
    values = {"figure": made["id"], "doses": [{"amount": 2}, {"amount": "3"}]}
    told = (await put(ana, path, values)).json()["values"]
    assert told["doses"] == [{"amount": 2}, {"amount": 3}]
    assert made["source_url"] in str(told["figure"])
    again = await put(ana, path, told)
    assert again.json()["values"] == told
    refused = await patch(ana, path, {"doses": [{"amount": 2}, {"amount": 0}]})
    assert set(refused.json()["faults"]) == {"acf.doses[1].amount"}
    form = {"acf[doses][0][amount]": "4", "acf[doses][1][amount]": "5"}
    changed = await cms.http.post(f"{V2}/posts/{post['id']}", data=form, headers=ana.bearer)
    assert changed.json()["acf"]["doses"] == [{"amount": 4}, {"amount": 5}]
