"""The way out: to the public internet, over TLS, to the address that was looked at."""

import ssl
from ipaddress import ip_address

import pytest

from cms.site import webhook_wire
from tests.plugins.professional_registry.wire.certificates import Authority
from tests.support.subscriber import subscriber

LOOPBACK = ["127.0.0.0/8"]


async def sent(url, networks=(), seconds=1.0):
    return await webhook_wire.send(url, b"{}", {}, networks=networks, seconds=seconds)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433"])
async def test_no_webhook_reaches_into_this_machine(name):
    async with subscriber() as other_end:
        for scheme in ("http", "https"):
            answer = await sent(f"{scheme}://{name}:{other_end.port}/")
            assert answer.fault in {"private-address", "unknown-host"}
        assert other_end.heard == []


async def test_a_name_that_leads_to_both_sides_of_the_wall_is_refused(monkeypatch):
    async def both(self, host, port, **_):
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", both)
    assert (await sent("https://rebind.example/")).fault == "private-address"


async def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    """A name server that answers otherwise the second time is not asked a second time."""
    asked = []

    async def once(self, host, port, **_):
        asked.append(host)
        assert len(asked) == 1
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    async with subscriber() as other_end:
        monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", once)
        answer = await sent(f"http://rebind.example:{other_end.port}/x", LOOPBACK)
        assert (answer.status, answer.fault) == (200, "")
        assert other_end.heard[0].headers["host"] == f"rebind.example:{other_end.port}"


async def test_plain_http_stays_in_the_networks_that_are_allowed(monkeypatch):
    async def public(self, host, port, **_):
        return [(2, 1, 6, "", ("93.184.216.34", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", public)
    assert (await sent("http://x.example/", LOOPBACK)).fault == "insecure-address"


async def test_only_a_server_with_the_certificate_of_the_name_is_told(monkeypatch, tmp_path):
    async def here(self, host, port, **_):
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", here)
    authority = Authority.founded(tmp_path)
    async with subscriber(tls=authority.server(name="hook.example")) as other_end:
        own = f"https://hook.example:{other_end.port}/"
        assert (await sent(own, LOOPBACK)).fault == "certificate"
        trusted = ssl.create_default_context(cafile=authority.ca_file)
        monkeypatch.setattr(webhook_wire, "trust", lambda: trusted)
        other = f"https://other.example:{other_end.port}/"
        assert (await sent(other, LOOPBACK)).fault == "certificate"
        assert other_end.heard == []
        assert (await sent(own, LOOPBACK)).status == 200


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("127.9.9.9", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_are_public(address, is_public):
    assert webhook_wire.is_public(ip_address(address)) is is_public
