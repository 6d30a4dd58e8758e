"""`python -m tests.support.lint_migrations`: would a migration stop a site that is running?

The SQL of each migration is written out without a database and given to squawk, which knows what
each statement locks; rules of our own follow. Findings are lines, and then the exit code is 1.
"""

import io
import json
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from procrastinate.schema import SchemaManager

from cms.database import migrate
from cms.host import all_plugins

OLDEST = "15.0"

# Rules of squawk that do not fit, with the reason.
EXCLUDED = {
    "require-statement-timeout": "a backfill may take its time; what must not wait is a lock",
    "prefer-robust-stmts": "a migration runs in one transaction: it happens wholly or not at all",
    "prefer-bigint-over-int": "what is small stays small, such as a size or a port",
    "prefer-bigint-over-smallint": "the same: a score of 0 to 100, a version of a schema",
    "prefer-timestamp-tz": "the wall time of the site stands beside the instant",
    "prefer-identity": "ids come from counters of the tenant",
}

# The library's own text: not ours to improve, and all of it new when it runs.
FOREIGN = {"core_0002": SchemaManager.get_schema()}

# PostgreSQL makes no index of a partitioned table concurrently.
PARTITIONED = frozenset({"audit.events"})

# As migrate.upgrade does on the connection.
PREFACE = "set lock_timeout = '10s';\n"

_CREATED = re.compile(r"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?([\w.\"]+)", re.IGNORECASE)
_INDEXED = re.compile(
    r"\bcreate\s+(?:unique\s+)?index\s+(concurrently\s+)?(?:if\s+not\s+exists\s+)?\w*\s*"
    r"on\s+(?:only\s+)?([\w.\"]+)",
    re.IGNORECASE,
)
# As alembic writes a migration that stands outside of a transaction as a whole.
_OUTSIDE = re.compile(r"COMMIT;\s(.*)\sBEGIN;", re.DOTALL)
_ID = re.compile(r"([a-z][a-z_]*)_(\d{4})")


@dataclass(frozen=True)
class Finding:
    """What is wrong with a migration, and where."""

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


def scripts() -> list[Script]:
    """Every migration of the host and of the installed plugins."""
    config = migrate._config(all_plugins())
    return sorted(
        ScriptDirectory.from_config(config).walk_revisions(), key=lambda script: script.revision
    )


def sql_of(script: Script) -> str:
    """What the migration says to the server, without saying it."""
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": buffer}
    )
    with Operations.context(context):
        script.module.upgrade()
    # Alembic writes for a driver that reads % as a placeholder.
    return buffer.getvalue().replace("%%", "%")


def lint(name: str, sql: str) -> Iterator[Finding]:
    """All rules about the statements of one migration."""
    foreign = FOREIGN.get(name, "").strip().expandtabs(4)
    assert foreign in sql, f"{name} does not run the text that it is named with"
    sql = sql.replace(foreign, "") if foreign else sql
    yield from _squawk(name, sql)
    yield from _indexes(name, sql)


def _squawk(name: str, sql: str) -> Iterator[Finding]:
    alone = _OUTSIDE.fullmatch(sql.strip())
    where = [] if alone else ["--assume-in-transaction"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.sql"
        file.write_text(PREFACE + (alone[1] if alone else sql))
        ran = subprocess.run(
            [
                Path(sysconfig.get_path("scripts")) / "squawk",
                f"--pg-version={OLDEST}",
                *where,
                "--reporter=json",
                *(f"--exclude={rule}" for rule in EXCLUDED),
                file,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if not ran.stdout.strip():
        raise RuntimeError(f"squawk said nothing: {ran.stderr}")
    for found in json.loads(ran.stdout):
        message = f"{found['message']} {found['help'] or ''}".strip()
        yield Finding(f"{name}.sql", found["line"], found["rule_name"], message)


def _indexes(name: str, sql: str) -> Iterator[Finding]:
    """An index on a table that others use locks out their writes; on a new one nobody waits."""
    created = {table.replace('"', "").lower() for table in _CREATED.findall(sql)}
    for match in _INDEXED.finditer(sql):
        table = match[2].replace('"', "").lower()
        if table not in created | PARTITIONED and not match[1]:
            line = sql.count("\n", 0, match.start()) + 1
            yield Finding(
                f"{name}.sql", line, "index-concurrently", f"{table} exists: use CONCURRENTLY"
            )


def lint_script(script: Script) -> Iterator[Finding]:
    """Rules about the file: a readable id, and no way back."""
    file = Path(script.path).name
    named = _ID.fullmatch(script.revision)
    if not named or not re.fullmatch(rf"{script.revision}_[a-z0-9_]+\.py", file):
        yield Finding(file, 1, "readable-id", f"{script.revision!r} is not branch_0001 of the file")
    elif named[1] not in script.branch_labels:
        yield Finding(file, 1, "readable-id", f"the branch {named[1]} does not know this id")
    try:
        script.module.downgrade()
    except RuntimeError as refusal:
        if "forward only" not in str(refusal):
            yield Finding(file, 1, "forward-only", "downgrade() must say what to do instead")
    except NameError:  # what alembic says of an operation without a database
        yield Finding(file, 1, "forward-only", "downgrade() tries to undo something")
    else:
        yield Finding(file, 1, "forward-only", "downgrade() must refuse in words")


def findings(chosen: Iterable[Script]) -> list[Finding]:
    """Everything that is wrong with these migrations."""
    found = []
    for script in chosen:
        found += [*lint_script(script), *lint(script.revision, sql_of(script))]
    return found


def main() -> int:
    """Print the findings; 1 if there are any."""
    chosen = scripts()
    found = findings(chosen)
    for finding in found:
        print(finding)
    print(f"{len(chosen)} migrations, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
