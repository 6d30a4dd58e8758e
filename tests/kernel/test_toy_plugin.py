"""A fifth plugin, written by a stranger, fills every field of the contract and sees it work."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import click
import pytest

from cms import core
from cms.admin.panels import place_of
from cms.api.health import examine
from cms.database import migrate
from cms.database.work import UnitOfWork
from cms.demo import DemoSite
from cms.errors import SetupError
from cms.host import Addresses, Host, all_plugins, open_host, upgrade
from cms.jobs.worker import build_queue, rescue_orphans, run_worker
from cms.kernel.plugin import Plugin, load, load_demo
from cms.kernel.registry import Registry
from cms.settings import Settings
from plugins.zero_trust import plugin as zero_trust
from plugins.zero_trust.compile import Foundation
from tests.support import toy_migrations
from tests.support import toy_plugin as toy
from tests.support.clinic import Clinic, Person
from tests.support.patience import LONG
from tests.support.visiting import Visitor


@pytest.fixture(autouse=True)
def memory() -> toy.Memory:
    """A fresh one for each test."""
    toy.memory.__init__()  # type: ignore[misc]
    return toy.memory


@pytest.fixture
async def cms(database: Addresses, settings: Settings) -> AsyncIterator[Clinic]:
    """A site with the toy in place of nothing: it brings the engine, with Cedar behind it."""
    migrate.upgrade(database.owner, [*all_plugins(), toy.plugin])
    policies = dataclasses.replace(zero_trust, decisions=None)
    registry = Registry([core.plugin, toy.plugin, policies], {"second_look": {"wanted": 2}})
    registry.check()
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        yield clinic


@pytest.fixture
async def editor(cms: Clinic) -> Person:
    return await cms.person("bia", ["editor"])


@pytest.fixture
async def leaflet(cms: Clinic, editor: Person) -> dict[str, Any]:
    return await cms.draft(editor, "leaflets", title="Cuide do seu coração")


async def look(by: Person, leaflet: dict[str, Any], verdict: str = "fine") -> Any:
    return await by.post(f"/api/v1/looks/{leaflet['id']}", {"verdict": verdict})


async def diary(cms: Clinic) -> list[str]:
    async with cms.as_system() as work:
        return await toy.diary(work)


async def worker_until(host: Host, is_done: Callable[[], bool]) -> None:
    """Run the real worker until the condition holds; fail after a while."""
    running = asyncio.create_task(run_worker(host))
    try:
        async with asyncio.timeout(LONG):
            while not is_done() and not running.done():
                await asyncio.sleep(0.05)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_the_toy_leaves_no_field_of_the_contract_at_its_default() -> None:
    unused = []
    for field in dataclasses.fields(Plugin):
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        if getattr(toy.plugin, field.name) == default:
            unused.append(field.name)
    assert unused == [], "a field that no test uses is a promise that nobody keeps"


def test_it_is_told_of_an_upgrade(
    database: Addresses, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.host.all_plugins", lambda: [*all_plugins(), toy.plugin])
    toy_migrations.upgrades.clear()
    upgrade(database.owner, settings)
    assert toy_migrations.upgrades == [f"{database.owner} in {settings.data_dir}"]


async def test_its_migration_has_run_under_a_name_of_its_own(
    database: Addresses, cms: Clinic
) -> None:
    status = migrate.status(database.owner, [*all_plugins(), toy.plugin])
    assert "second_look_0001" in status.applied
    assert status.missing == ()


async def test_its_type_taxonomy_and_fields_appear_in_the_rest_api(
    cms: Clinic, editor: Person, leaflet: dict[str, Any]
) -> None:
    assert leaflet["reading_level"] == "easy"
    assert leaflet["looks"] == 0
    assert leaflet["seasons"] == []
    path = f"/wp-json/wp/v2/leaflets/{leaflet['id']}"
    saved = (await editor.post(path, {"reading_level": "hard"})).json()
    assert saved["reading_level"] == "hard"
    refused = await editor.post(path, {"reading_level": "impossible"})
    assert refused.status_code == 400
    assert "reading_level" in refused.json()["data"]["params"]
    assert leaflet["meta"] == {"reading_minutes": 5}, "the default"
    kept = (await editor.post(path, {"meta": {"reading_minutes": 8, "unheard_of": 1}})).json()
    assert kept["meta"] == {"reading_minutes": 8}
    wrong = await editor.post(path, {"meta": {"reading_minutes": "long"}})
    assert (wrong.status_code, "meta" in wrong.json()["data"]["params"]) == (400, True)
    gone = (await editor.post(path, {"meta": {"reading_minutes": None}})).json()
    assert gone["meta"] == {"reading_minutes": 5}
    await look(editor, leaflet)
    (listed,) = (await editor.get("/wp-json/wp/v2/leaflets?status=draft")).json()
    assert (listed["looks"], listed["reading_level"]) == (1, "hard")


async def test_its_keys_stand_in_the_meta_of_its_terms(cms: Clinic, editor: Person) -> None:
    path = "/wp-json/wp/v2/seasons"
    made = (await editor.post(path, {"name": "Inverno", "meta": {"colour": "blue"}})).json()
    assert made["meta"] == {"colour": "blue", "_hidden": ""}
    wrong = await editor.post(f"{path}/{made['id']}", {"meta": {"colour": "grey"}})
    assert wrong.status_code == 400
    gone = (await editor.post(f"{path}/{made['id']}", {"meta": {"colour": None}})).json()
    assert gone["meta"] == {"colour": "red", "_hidden": ""}, "the default"
    tag = (await editor.post("/wp-json/wp/v2/tags", {"name": "Frio"})).json()
    assert tag["meta"] == {"_hidden": ""}


async def test_its_part_belongs_to_the_hash_that_an_approval_names(
    cms: Clinic, editor: Person, leaflet: dict[str, Any]
) -> None:
    async with cms.as_system() as work:
        rows = "select content_hash from cms.revisions where tenant_id = :t order by id"
        (before,) = await work.all(rows, {"t": work.tenant_id})
    await editor.post(f"/wp-json/wp/v2/leaflets/{leaflet['id']}", {"reading_level": "hard"})
    async with cms.as_system() as work:
        _, after = await work.all(rows, {"t": work.tenant_id})
    assert before != after


async def test_its_filter_shapes_every_body(cms: Clinic, leaflet: dict[str, Any]) -> None:
    assert leaflet["second_look_notice"] == "seen twice"
    assert list(leaflet)[-1] == "_links"


async def test_its_guard_reads_the_settings_and_stops_the_publication(
    cms: Clinic, editor: Person, leaflet: dict[str, Any]
) -> None:
    path = f"/wp-json/wp/v2/leaflets/{leaflet['id']}"
    await look(editor, leaflet)
    refused = await editor.post(path, {"status": "publish"})
    assert refused.status_code == 409
    (objection,) = refused.json()["data"]["objections"]
    assert objection["code"] == "look.missing"
    assert objection["message"] == "1 more looks are needed"
    await look(editor, leaflet)
    assert (await editor.post(path, {"status": "publish"})).json()["status"] == "publish"


async def test_its_route_is_decided_by_the_engine_it_brought(
    cms: Clinic, editor: Person, leaflet: dict[str, Any], memory: toy.Memory
) -> None:
    assert memory.is_open
    assert (await look(editor, leaflet)).status_code == 201
    assert memory.questions[-1] == "look.give"
    known = await cms.http.get("/.well-known/second-look")
    assert (await cms.http.get("/second-look")).json() == known.json()
    assert known.json() == {"promise": "two people of clinica"}
    stranger = await cms.http.post(f"/api/v1/looks/{leaflet['id']}", json={"verdict": "fine"})
    assert stranger.status_code == 401
    assert await diary(cms) == ["observed fine"]


async def test_its_policy_asks_for_its_obligation(
    cms: Clinic, editor: Person, leaflet: dict[str, Any], memory: toy.Memory
) -> None:
    memory.has_promised = False
    asked = await look(editor, leaflet)
    assert asked.status_code == 401
    assert asked.json()["obligations"] == ["promise"]
    assert await diary(cms) == []


async def test_its_attribute_reaches_its_policy(cms: Clinic) -> None:
    foundation = Foundation.of(cms.host.registry)
    assert foundation.vocabulary.attributes["is_feast_day"].provide is not None
    cedar = {statement.id for statement in foundation.policies.statements}
    assert {"second_look.rest_on_feast_days", "second_look.promise_first"} <= cedar


async def test_an_observer_that_fails_takes_everything_back(
    cms: Clinic, editor: Person, leaflet: dict[str, Any], memory: toy.Memory
) -> None:
    broken = await look(editor, leaflet, "illegible")
    assert broken.status_code == 500
    assert "nobody can read" not in broken.text
    assert await diary(cms) == []
    async with cms.as_system() as work:
        assert await work.all("select id from second_look.looks") == []
        queued = await _queued(cms)
    assert queued == []


async def _queued(cms: Clinic) -> list[str]:
    async with build_queue(cms.host).open_async() as queue:
        return [job.task_name for job in await queue.job_manager.list_jobs_async()]


async def test_what_follows_a_commit_is_retried_by_a_real_worker_beside_the_service(
    cms: Clinic, editor: Person, leaflet: dict[str, Any], memory: toy.Memory
) -> None:
    await look(editor, leaflet)
    assert await diary(cms) == ["observed fine"]
    assert await _queued(cms) == ["cms:hook"]

    def is_done() -> bool:
        return len(memory.attempts) == 2 and memory.beats == 2

    await worker_until(cms.host, is_done)
    # The first attempt failed, and what it had written was rolled back.
    assert await diary(cms) == ["observed fine", "thanked"]
    first, second = memory.attempts
    assert first == second
    assert first.post_id == leaflet["id"]
    assert first.before is None


async def test_its_daily_job_runs_once_for_each_tenant(cms: Clinic) -> None:
    async with build_queue(cms.host).open_async() as queue:
        task = queue.tasks["cms:every:second_look.greet"]
        await task.defer_async(timestamp=0)
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
    assert await diary(cms) == ["a new day"]
    async with cms.other() as other:
        assert await diary(other) == ["a new day"]


async def test_a_job_whose_worker_was_killed_is_taken_up_by_another(
    cms: Clinic, editor: Person, leaflet: dict[str, Any], memory: toy.Memory, database: Addresses
) -> None:
    await look(editor, leaflet)
    memory.attempts.append(None)  # type: ignore[arg-type]  # so that this attempt does not fail
    async with build_queue(cms.host).open_async() as queue:
        manager = queue.job_manager
        dead = await manager.register_worker()
        (job,) = [await manager.fetch_job(["cms"], dead)]
        assert job is not None
        await manager.unregister_worker(dead)
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
        assert await diary(cms) == ["observed fine"], "nobody knows of the job"
        await rescue_orphans(queue)
        await queue.run_worker_async(wait=False, install_signal_handlers=False)
    assert await diary(cms) == ["observed fine", "thanked"]


async def test_its_health_check_stands_in_the_list(cms: Clinic) -> None:
    findings = {finding.name: finding for finding in await examine(cms.host)}
    assert findings["second look"].message == "among 3 plugins"
    ready = (await cms.http.get("/readyz")).json()
    assert ready["checks"]["second look"] == "well"


async def test_its_role_gets_its_capability_and_its_demo_step_adds_a_person(
    cms: Clinic, leaflet: dict[str, Any]
) -> None:
    step = load_demo(toy.plugin)
    assert step is not None
    site = DemoSite(cms.host, cms.tenant)
    await step(site)
    async with site.as_person("colleague") as work:
        assert isinstance(work, UnitOfWork)
        assert work.actor.roles == ("proofreader",)
        assert work.actor.has("give_look")


def test_its_command_loads_by_its_dotted_name() -> None:
    command = load(toy.plugin.command or "")
    assert isinstance(command, click.Group)
    assert command.name == "looks"


async def test_two_engines_are_refused(
    database: Addresses, settings: Settings, tmp_path: Path
) -> None:
    registry = Registry([core.plugin, zero_trust, toy.plugin])
    with pytest.raises(SetupError, match="two enabled plugins bring a policy engine"):
        async with open_host(settings, database, registry):
            pass


async def test_its_screen_and_its_panel_are_there(cms: Clinic, editor: Person) -> None:
    visitor = await Visitor.of(cms, editor, "pt")
    overview = await visitor.get("/admin")
    assert "Segundas leituras" in overview.words, "its panel, in the reader's language"
    assert "/admin/looks" in overview.links, "its line of the menu"
    seen = await visitor.get("/admin/looks")
    assert (seen.status, seen.title) == (200, "Segundas leituras")
    assert place_of(cms.host.registry, "look", 3) == "/admin/looks"
    ticked = {"query": "type=post", "step": "look", "post": ["7", "8"]}
    led = await visitor.send("/admin/posts/bulk", ticked)
    assert led.location == "/admin/looks?query=type%3Dpost&post=7&post=8", "its step of the lists"
    await visitor.http.aclose()
