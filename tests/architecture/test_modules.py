"""Rules of the style that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, attributes, modules

PRODUCT = modules("cms", "plugins", "migrations")
EVERYTHING = modules("cms", "plugins", "migrations", "tests")

# The name of each file with a business transaction's end, and why it is there.
COMMITS = {
    "cms/database/work.py": "the unit of work: the only end of a business transaction",
    "cms/database/beside.py": "the trail's own database ends after the work that tells of it",
    "cms/database/ids.py": "an id block is taken in a short transaction of its own",
    "cms/database/migrate.py": "a migration is its own transaction",
    "plugins/audit_trail/retention/pruning.py": "a step of the operator, kept before the next",
    "plugins/audit_trail/retention/ranges.py": "the same",
    "plugins/zero_trust/evaluations.py": "what was decided is kept even when the work is refused",
}

# Where the connection below SQLAlchemy may be touched: outside of BEGIN it would write for nobody.
RAW_CONNECTIONS = {"cms/database/engine.py", "cms/database/reads.py"}


def _where(path: Path) -> str:
    return str(path.relative_to(ROOT))


# How long a module may be that is longer than one sitting, and why it cannot be two.
LONGER = {
    "plugins.audit_trail.verifier.verify": (
        620,
        "one file that goes out with every export, to be read whole by an expert of a court",
    ),
}


def test_a_module_can_be_read_in_one_sitting() -> None:
    lines = {name: len(path.read_text().splitlines()) for name, path in EVERYTHING.items()}
    allowed = {name: most for name, (most, _) in LONGER.items()}
    assert {n: count for n, count in lines.items() if count > allowed.get(n, 400)} == {}


def _ends(path: Path) -> set[str]:
    """The transactions that the file ends itself. `work.commit()` is the unit of work's own."""
    return {
        ast.unparse(found.value)
        for found in attributes(path, "commit")
        if not isinstance(found.value, ast.Name) or found.value.id not in {"work", "UnitOfWork"}
    }


def test_only_the_unit_of_work_commits() -> None:
    assert {_where(path) for path in PRODUCT.values() if _ends(path)} == set(COMMITS)


def test_raw_connections_stay_in_the_engine() -> None:
    reached = {"driver_connection", "get_raw_connection", "dbapi_connection", "raw_connection"}
    found = {
        _where(path)
        for path in PRODUCT.values()
        if any(next(attributes(path, name), None) for name in reached)
    }
    assert found == RAW_CONNECTIONS


WORDS = {
    "an open end, which is an issue or nothing": re.compile(
        r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b"
    ),
    "a page that phones somebody": re.compile(
        r"//(cdn\.|[\w.-]*(jsdelivr|unpkg|cdnjs|esm\.sh|skypack|googleapis|gstatic|bootstrapcdn))"
    ),
}


@pytest.mark.parametrize("fault", WORDS)
def test_no_file_has(fault: str) -> None:
    folders = ("cms", "plugins", "migrations", "themes")
    kinds = {".py", ".sql", ".html", ".css", ".js", ".ts", ".mako", ".toml", ".json"}
    files = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds and "data" not in path.parts and "node_modules" not in path.parts
    ]
    assert len(files) > 120
    assert [_where(path) for path in files if WORDS[fault].search(path.read_text())] == []


# What Citus 14 refuses, wherever it stands in a statement of ours.
SQL = {
    "set_config() as a statement: SET LOCAL it is": re.compile(r"\bset_config\s*\(", re.IGNORECASE),
    "MERGE": re.compile(r"\bmerge\s+into\s+\w+\.", re.IGNORECASE),
    "a volatile function in UPDATE or DELETE: pass work.now": re.compile(
        r"\b(?:update\s+\w+\.\w+\s+set|delete\s+from\s+\w+\.\w+)\b"
        r"[^;\"]*\b(?:now|clock_timestamp|random|gen_random_uuid)\s*\(",
        re.IGNORECASE,
    ),
    "a tenant's row without a tenant: SET LOCAL is not enough": re.compile(
        r"\b(?:update\s+cms\.\w+\s+set|delete\s+from\s+cms\.\w+)\b(?![^;\"]*tenant_id)",
        re.IGNORECASE,
    ),
}


@pytest.mark.parametrize("fault", SQL)
def test_no_statement_has(fault: str) -> None:
    found = [
        (_where(path), node.value[:60])
        for module, path in PRODUCT.items()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if SQL[fault].search(node.value)
        # The audit's tables stay local to the coordinator, and the pattern itself is a pattern.
        if not module.startswith("plugins.audit_trail") and module != "cms.database.engine"
    ]
    assert found == []


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("select set_config('app.tenant_id', '1', true)", "set_config"),
        ("merge into cms.posts using x on true", "MERGE"),
        ("update cms.posts set date_gmt = now() where tenant_id = :t", "a volatile"),
        ("delete from cms.tokens where expires_at < now() and tenant_id = :t", "a volatile"),
        ("update cms.posts set title = ''", "a tenant's row"),
    ],
)
def test_such_a_statement_would_be_found(statement: str, fault: str) -> None:
    assert [name for name in SQL if SQL[name].search(statement) and name.startswith(fault)]
