"""The map of the design, kept by reading imports: arrows point down only."""

import subprocess
import sys

import pytest

from cms.kernel.registry import installed
from tests.architecture.sources import imports, modules

# From the bottom up. A room imports those below it; rooms in one line know nothing of each other.
MAP = (
    {"kernel"},
    {"errors"},
    {"settings", "logs"},
    {"database"},
    {"sealing"},
    {"jobs", "identity", "tenancy", "markup", "media", "mail"},
    {"content"},
    {"fields", "site"},
    {"exchange", "notices"},
    {"core"},
    {"host"},
    {"api"},
    {"rest"},
    {"admin"},
    {"pages"},
    {"app"},
    {"demo", "doctor", "cli_support", "jobs.worker"},
    {"serving", "asgi", "exchange_commands", "key_commands"},
    {"database_commands", "tenant_commands", "user_commands", "plugin_commands"},
    {"fields_commands", "process_commands"},
    {"cli"},
)
HEIGHT = {room: height for height, rooms in enumerate(MAP) for room in rooms}


def room_of(module: str) -> str:
    """`cms.database.work` is in the room `database`. The worker is a process of its own, like the
    application: it opens the host, while the rest of its room is what the host enqueues with."""
    parts = module.split(".")
    if ".".join(parts[1:3]) in HEIGHT:
        return ".".join(parts[1:3])
    return parts[1] if len(parts) > 1 else ""


def wrong_arrows(module: str, imported: list[str]) -> list[str]:
    room = room_of(module)
    others = {room_of(name) for name in imported if name.startswith("cms.")} - {room, "__version__"}
    return sorted(f"{module} imports {o}" for o in others if HEIGHT[o] >= HEIGHT[room])


def test_arrows_point_down() -> None:
    found = [
        arrow
        for module, path in modules("cms").items()
        if module != "cms"
        for arrow in wrong_arrows(module, list(imports(path)))
    ]
    assert found == []


def test_an_arrow_that_points_up_or_sideways_is_found() -> None:
    assert wrong_arrows("cms.kernel.hooks", ["cms.errors.CmsError"]) != []
    assert wrong_arrows("cms.identity.users", ["cms.tenancy.directory"]) != []
    assert wrong_arrows("cms.content.posts", ["cms.rest.posts.PostResource"]) != []
    assert wrong_arrows("cms.jobs.queue", ["cms.host"]) != []
    assert wrong_arrows("cms.content.posts", ["cms.database.work", "cms.content.models"]) == []


def _using(name: str, *folders: str) -> list[str]:
    """The modules that import something of this top-level package."""
    return [
        module
        for module, path in modules(*folders).items()
        if any(found.split(".")[0] == name for found in imports(path))
    ]


def test_the_host_knows_no_plugin() -> None:
    assert _using("plugins", "cms", "migrations") == []


@pytest.mark.parametrize("foreign", ["tests", "pytest", "hypothesis"])
def test_the_product_does_not_import_its_tests(foreign: str) -> None:
    assert _using(foreign, "cms", "plugins", "migrations") == []


@pytest.mark.parametrize(
    ("foreign", "places"),
    [
        (
            "httpx",
            {
                "plugins.professional_registry.wire",
                "cms.site.webhook_wire",
                "cms.exchange.fetching",
                "plugins.audit_trail.outside.wire",
            },
        ),
        ("lxml", {"plugins.professional_registry.safe_xml", "cms.exchange.reading"}),
    ],
)
def test_what_meets_strangers_is_met_in_few_places(foreign: str, places: set[str]) -> None:
    """One module of each room sets time-outs, sizes and certificates; the parsers refuse document
    types: one for small answers, one for files of any size. Those that only write read nothing."""
    users = set(_using(foreign, "cms", "plugins", "migrations"))
    writers = {
        "plugins.professional_registry.providers.cfm_soap",
        "cms.exchange.elements",
        "cms.site.elements",
    }
    assert users <= places | writers
    assert places <= users


@pytest.mark.parametrize("slug", sorted(installed()))
def test_a_plugin_imports_another_only_if_it_requires_it(slug: str) -> None:
    used = {
        name.split(".")[1]
        for path in modules(f"plugins/{slug}").values()
        for name in imports(path)
        if name.startswith("plugins.")
    }
    assert used - {slug} <= set(installed()[slug].requires)


@pytest.mark.parametrize("slug", sorted(installed()))
def test_a_plugin_adds_to_the_processes_of_the_host_and_starts_none(slug: str) -> None:
    """Its commands may open the host; nothing of it builds the application or runs a worker."""
    for module, path in modules(f"plugins/{slug}").items():
        used = {room_of(name) for name in imports(path) if name.startswith("cms.")}
        used -= {"__version__"}
        is_command = module.endswith((".cli", ".commands"))
        allowed = {"cli_support", "host"} if is_command else set()
        assert {room for room in used if HEIGHT[room] > HEIGHT["admin"]} <= allowed, module


def test_the_command_line_starts_without_the_web_framework() -> None:
    code = (
        "import sys, cms.cli; from cms.kernel.registry import installed; installed();"
        "print(*(m for m in ('litestar', 'granian', 'PIL') if m in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
