"""Which driver a migration ends with: by the setting, by the extension, and by what is there."""

from typing import Any

import pytest

from cms.errors import SetupError
from plugins.audit_trail.storage import moving
from plugins.audit_trail.storage.moving import settle
from plugins.audit_trail.storage.store import NATIVE, STANDING, TIMESCALE


def database(driver: str, version: str | None, *, has_events: bool, offers: bool = True) -> Any:
    def ask(statement: str) -> list[Any]:
        if statement == STANDING:
            return [(driver, version, version and "timescale", version and "off")]
        if "pg_available_extensions" in statement:
            return [("2.29.2",)] if offers else []
        if "from audit.events" in statement:
            return [(has_events,)]
        raise AssertionError(statement)

    return ask


@pytest.mark.parametrize(
    ("wanted", "version", "has_events", "chosen"),
    [
        ("auto", None, False, NATIVE),
        ("auto", "2.29.2", False, TIMESCALE),
        ("auto", "2.29.2", True, NATIVE),
        ("native", "2.29.2", False, NATIVE),
        ("timescaledb", "2.29.2", True, TIMESCALE),
        ("timescaledb", None, False, TIMESCALE),
    ],
)
def test_what_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
    wanted: str,
    version: str | None,
    has_events: bool,
    chosen: str,
):
    moved: list[bool] = []
    monkeypatch.setattr(moving, "move", lambda _: moved.append(True))
    assert settle(database(NATIVE, version, has_events=has_events), wanted) == chosen
    assert moved == ([True] if chosen == TIMESCALE else [])


@pytest.mark.parametrize("wanted", ["auto", "native", "timescaledb"])
def test_hypertables_are_never_moved_back(wanted: str):
    assert settle(database(TIMESCALE, "2.29.2", has_events=True), wanted) == TIMESCALE


def test_a_server_without_the_extension_says_what_to_do():
    with pytest.raises(SetupError, match=r'does not offer TimescaleDB.*storage = "native"'):
        settle(database(NATIVE, None, has_events=False, offers=False), "timescaledb")


def test_an_old_extension_is_refused():
    with pytest.raises(SetupError, match=r"2\.28 or newer"):
        settle(database(NATIVE, "2.27.1", has_events=False), "timescaledb")
