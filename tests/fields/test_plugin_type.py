"""A plugin adds a type by one object: here the stars of the toy plugin, through every door."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from cms import core
from cms.database import migrate
from cms.host import Addresses, all_plugins, open_host
from cms.kernel.registry import Registry
from cms.settings import Settings
from plugins.zero_trust import plugin as zero_trust
from tests.support import toy_plugin as toy
from tests.support.clinic import Clinic


@pytest.fixture
async def cms(database: Addresses, settings: Settings) -> AsyncIterator[Clinic]:
    migrate.upgrade(database.owner, [*all_plugins(), toy.plugin])
    policies = replace(zero_trust, decisions=None)
    registry = Registry([core.plugin, toy.plugin, policies], {})
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        yield clinic


async def test_a_type_of_a_plugin_is_written_checked_and_shown(cms: Clinic) -> None:
    ana = await cms.person("ana", roles=("editor",))
    made = await cms.draft(ana, "leaflets", acf={"stars": "**"})
    assert made["acf"] == {"stars": 2}
    address = f"/wp-json/wp/v2/leaflets/{made['id']}"
    assert (await ana.get(f"{address}?acf_format=standard")).json()["acf"] == {"stars": "**"}
    refused = await ana.post(address, {"acf": {"stars": 4}})
    assert refused.status_code == 400
    assert "must be 1 to 3 stars" in refused.text
