"""Registered meta of terms, comments and people, as `register_meta` gives it to WordPress."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cms import core
from cms.database import migrate
from cms.host import Addresses, all_plugins, open_host
from cms.kernel.declarations import SubjectMeta
from cms.kernel.plugin import Plugin
from cms.kernel.registry import PluginProblem, Registry
from cms.settings import Settings
from plugins.zero_trust import plugin as zero_trust
from tests.support import toy_plugin as toy
from tests.support.clinic import Clinic, Person

V2 = "/wp-json/wp/v2"
KEYS = toy.plugin.subject_meta


@pytest.fixture
async def cms(database: Addresses, settings: Settings) -> AsyncIterator[Clinic]:
    migrate.upgrade(database.owner, all_plugins())
    keys = Plugin(slug="keys", subject_meta=KEYS)
    registry = Registry([core.plugin, keys, zero_trust])
    registry.check()
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        yield clinic


@pytest.fixture
async def admin(cms: Clinic) -> Person:
    return await cms.person("ada", ["administrator"])


async def test_a_term_has_what_its_taxonomy_registers(cms: Clinic, admin: Person) -> None:
    made = (await admin.post(f"{V2}/tags", {"name": "Frio"})).json()
    assert made["meta"] == {"_hidden": ""}
    refused = await admin.post(f"{V2}/tags/{made['id']}", {"meta": {"_hidden": "x"}})
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_update")
    assert refused.json()["message"] == (
        "Sorry, you are not allowed to edit the _hidden custom field."
    )
    assert refused.json()["data"]["key"] == "_hidden"


async def test_a_comment_keeps_what_its_moderators_say(cms: Clinic, admin: Person) -> None:
    post = await cms.draft(admin, status="publish")
    author = await cms.person("ana", ["subscriber"])
    refused = await author.post(
        f"{V2}/comments", {"post": post["id"], "content": "Obrigada", "meta": {"helpful": True}}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_update")
    said = (await author.post(f"{V2}/comments", {"post": post["id"], "content": "Obrigada"})).json()
    assert said["meta"] == {"helpful": False}
    path = f"{V2}/comments/{said['id']}"
    kept = (await admin.post(path, {"meta": {"helpful": True, "unheard_of": 1}})).json()
    assert kept["meta"] == {"helpful": True}
    assert (await admin.get(path)).json()["meta"] == {"helpful": True}
    reset = (await admin.post(path, {"meta": {"helpful": None}})).json()
    assert reset["meta"] == {"helpful": False}


async def test_a_person_has_lists_and_keys_for_some(cms: Clinic, admin: Person) -> None:
    author = await cms.person("ana")
    me = f"{V2}/users/me"
    assert (await author.get(me)).json()["meta"] == {"shoe_sizes": [], "badge": ""}
    kept = (await author.post(me, {"meta": {"shoe_sizes": [37, 38]}})).json()
    assert kept["meta"] == {"persisted_preferences": [], "shoe_sizes": [37, 38], "badge": ""}
    wrong = await author.post(me, {"meta": {"shoe_sizes": ["big"]}})
    assert "meta" in wrong.json()["data"]["params"]
    refused = await author.post(me, {"meta": {"badge": "gold"}})
    assert (refused.status_code, refused.json()["data"]["key"]) == (403, "badge")
    hers = f"{V2}/users/{author.id}"
    assert (await admin.post(hers, {"meta": {"badge": "gold"}})).json()["meta"]["badge"] == "gold"
    unset = (await author.post(me, {"meta": {"shoe_sizes": []}})).json()
    assert unset["meta"]["shoe_sizes"] == []
    ignored = await author.post(me, {"meta": {"own_use": "x"}})
    assert "own_use" not in ignored.json()["meta"]


async def test_a_new_person_comes_with_her_meta(cms: Clinic, admin: Person) -> None:
    body: dict[str, Any] = {
        "username": "nova",
        "email": "nova@clinica.example",
        "password": "uma senha bem comprida",
        "meta": {"badge": "silver"},
    }
    made = await admin.post(f"{V2}/users", body)
    assert (made.status_code, made.json()["meta"]["badge"]) == (201, "silver")


async def test_options_and_the_trail_know_it(cms: Clinic, admin: Person) -> None:
    for base, name in (("tags", "_hidden"), ("comments", "helpful"), ("users", "badge")):
        described = (await cms.http.request("OPTIONS", f"{V2}/{base}")).json()
        assert name in described["schema"]["properties"]["meta"]["properties"], base
        arguments = described["endpoints"][1]["args"]["meta"]
        assert name in arguments["properties"], base


def test_a_key_of_an_unknown_subject_and_one_declared_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="there are term, comment, user"):
        SubjectMeta("post", "x", {"type": "string"})
    twice = Plugin(slug="twice", subject_meta=(KEYS[2], KEYS[2]))
    with pytest.raises(PluginProblem, match="'helpful' is declared twice"):
        Registry([core.plugin, twice]).check()
