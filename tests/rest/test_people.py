"""Profiles: of those who have published for all, one's own always."""

V2 = "/wp-json/wp/v2"


async def test_a_profile_is_public_once_its_person_has_published(cms):
    ana, admin = await cms.person("ana.autora"), await cms.person("marina", ["administrator"])
    path = f"{V2}/users/{ana.id}"
    refused = await cms.http.get(path)
    assert (refused.status_code, refused.json()["code"]) == (401, "rest_user_cannot_view")
    assert (await (await cms.person("leitor", ["subscriber"])).get(path)).status_code == 403
    assert (await admin.get(path)).status_code == 200
    await cms.draft(ana, status="private")
    assert (await cms.http.get(path)).status_code == 401
    await cms.draft(ana, status="publish")
    seen = (await cms.http.get(path)).json()
    assert list(seen) == [
        "id", "name", "url", "description", "link", "slug", "avatar_urls", "meta",
        "medical_profile", "_links",
    ]  # fmt: skip
    # Her login cannot be read off what everybody sees.
    assert (seen["name"], seen["slug"]) == ("Ana Autora", f"author-{ana.id}")
    assert (await cms.http.get(f"{path}?context=edit")).status_code == 401


async def test_each_person_sees_who_she_is(cms):
    ana = await cms.person("ana.autora")
    other = await cms.person("caio", ["contributor"])
    me = (await ana.get(f"{V2}/users/me?context=edit")).json()
    assert (me["id"], me["username"], me["roles"]) == (ana.id, "ana.autora", ["author"])
    assert me["capabilities"]["publish_posts"] is True
    assert me["email"] == "ana.autora@clinica.example"
    assert "email" not in (await ana.get(f"{V2}/users/me")).json()
    nosy = await other.get(f"{V2}/users/{ana.id}?context=edit")
    assert (nosy.status_code, nosy.json()["code"]) == (403, "rest_forbidden_context")
