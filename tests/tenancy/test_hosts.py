"""Which tenant a request is for."""

import httpx
import pytest

from cms.app import build_app
from cms.errors import Conflict, InvalidInput, NotFound
from cms.tenancy.founding import add_to_directory


async def test_a_host_name_finds_its_tenant(cms):
    for host in ("clinica.example", "CLINICA.example", "clinica.example:8443"):
        index = await cms.http.get("/wp-json/", headers={"Host": host})
        assert index.json()["name"] == "Clínica clinica"
    other = await cms.http.get("/wp-json/", headers={"Host": "outra.example"})
    assert other.json()["name"] == "Clínica outra"


async def test_with_two_tenants_an_unknown_name_is_misdirected(cms):
    ana = await cms.person("ana.autora")
    strange = ("estranho.example", "clinica.example.evil.example", "[::1]:8000", "127.0.0.1")
    broken = ("", ":80", "clinica.example:x", "clinica.example:99999")
    for host in (*strange, *broken):
        headers = ana.bearer | {"Host": host}
        response = await cms.http.get("/wp-json/wp/v2/posts", headers=headers)
        assert (response.status_code, response.json()["code"]) == (421, "rest_unknown_site"), host
        response = await cms.http.post("/api/v1/auth/sign-out", headers=headers)
        assert response.json()["type"] == "urn:cms:problem:unknown-site"


async def test_what_is_no_host_name_is_refused_as_such(cms):
    for host in ("a b", "clinica.example/x", "clinica.example?x"):
        response = await cms.http.get("/wp-json/wp/v2/posts", headers={"Host": host})
        assert (response.status_code, response.json()["data"]["params"]) == (
            400,
            {"request": "Invalid host header"},
        )


async def test_a_single_tenant_answers_to_every_name_and_none_to_no_name(host):
    transport = httpx.ASGITransport(app=build_app(host))
    async with httpx.AsyncClient(transport=transport, base_url="http://any.example") as http:
        assert (await http.get("/wp-json/")).status_code == 421
        add_to_directory(host.addresses.owner, "unica", "Única", ["unica.example"])
        host.tenants.forget()
        for name in ("unica.example", "any.example", "10.0.0.1:8000"):
            index = await http.get("/wp-json/", headers={"Host": name})
            assert index.json()["name"] == "Única"
        add_to_directory(host.addresses.owner, "nova", "Nova", ["nova.example"])
        host.tenants.forget()
        assert (await http.get("/wp-json/")).status_code == 421


async def test_the_directory_refuses_what_is_no_name(host):
    owner = host.addresses.owner
    for slug, names, field in (("A B", [], "slug"), ("ok", ["a b"], "host"), ("ok", ["é"], "host")):
        with pytest.raises(InvalidInput) as refused:
            add_to_directory(owner, slug, "x", names)
        assert set(refused.value.faults) == {field}
    add_to_directory(owner, "um", "Um", ["um.example"])
    for slug, names in (("um", []), ("dois", ["UM.example"])):
        with pytest.raises(Conflict):
            add_to_directory(owner, slug, "x", names)
    assert [tenant.slug for tenant in await host.tenants.all()] == ["um"]
    with pytest.raises(NotFound):
        await host.tenants.by_slug("dois")
    with pytest.raises(NotFound):
        await host.tenants.by_id(99)
