"""Who sends a request, and by which address it came: nonces, wrong proofs, proxies."""

import httpx
import pytest

from cms.app import build_app
from cms.settings import Settings

V2 = "/wp-json/wp/v2"


@pytest.mark.parametrize("path", [f"{V2}/posts", "/wp-json/", f"{V2}/types"])
async def test_a_nonce_without_a_session_is_wrong(cms, path):
    refused = await cms.http.get(path, headers={"X-WP-Nonce": "0123456789"})
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cookie_invalid_nonce")
    by_query = await cms.http.get(f"{path}?_wpnonce=0123456789")
    assert by_query.json()["message"] == "Cookie check failed"


async def test_who_is_known_by_another_proof_needs_no_nonce(cms):
    ana = await cms.person("ana.autora")
    headers = {"X-WP-Nonce": "0123456789"}
    known = await cms.http.get(f"{V2}/users/me", headers=headers, auth=ana.basic)
    assert known.status_code == 200


async def test_a_wrong_basic_proof_spoils_no_public_reading(cms):
    wrong = httpx.BasicAuth("ana.autora", "aaaa bbbb cccc dddd eeee ffff")
    assert (await cms.http.get(f"{V2}/posts", auth=wrong)).status_code == 200
    for path in (f"{V2}/users/me", f"{V2}/posts?context=edit"):
        assert (await cms.http.get(path, auth=wrong)).status_code == 401


@pytest.fixture
def behind(host):
    """The application as a proxy reaches it."""

    def client(peer="10.0.0.7", **settings):
        host.settings = Settings(data_dir=host.settings.data_dir, **settings)
        transport = httpx.ASGITransport(app=build_app(host), client=(peer, 4711))
        return httpx.AsyncClient(transport=transport, base_url="http://clinica.example")

    return client


async def own_address(client, **headers):
    async with client as http:
        index = (await http.get("/wp-json/", headers=headers)).json()
        assert index["routes"]["/wp/v2/posts"]["_links"]["self"][0]["href"].startswith(index["url"])
        return index["url"]


async def test_only_a_trusted_proxy_says_by_which_scheme_the_reader_came(cms, behind):
    said = {"X-Forwarded-Proto": "https"}
    trusted = {"trusted_proxies": ("10.0.0.0/8",)}
    assert await own_address(behind(**trusted), **said) == "https://clinica.example"
    assert await own_address(behind(), **said) == "http://clinica.example"
    stranger = behind(peer="203.0.113.9", **trusted)
    assert await own_address(stranger, **said) == "http://clinica.example"
    nonsense = {"X-Forwarded-Proto": "javascript"}
    assert await own_address(behind(**trusted), **nonsense) == "http://clinica.example"
    chain = {"X-Forwarded-Proto": "http, https"}
    assert await own_address(behind(**trusted), **chain) == "https://clinica.example"


async def test_the_address_of_the_settings_counts_for_the_tenant_that_it_names(cms, behind):
    site = {"site_url": "https://clinica.example/"}
    assert await own_address(behind(**site)) == "https://clinica.example"
    other = {"Host": "outra.example"}
    assert await own_address(behind(**site), **other) == "http://outra.example"
