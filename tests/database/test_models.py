"""The models say what the migrations made: same tables, columns, types, nullability, collation."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import make_url

from cms.host import Addresses, build_registry
from cms.settings import Settings
from tests.database.conftest import Catalogue

# Constraints and indexes stand in the migrations alone (the catalogue test holds their rules), so
# that no model can be read as if it were them.
ONLY_IN_MIGRATIONS = {"index", "unique_constraint", "foreign_key_constraint"}

# Tables that no model maps: they are written and read by their own statements.
UNMAPPED = {"alembic_version"}

MODELS = [getattr(model, "__table__", model) for model in build_registry(Settings()).each("models")]


def _is_compared(thing: Any, name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:
    if kind == "table":
        return name not in UNMAPPED and thing.schema not in {"jobs", "audit"}
    # What the server generates cannot be changed by a model: the expression is compared nowhere.
    return kind not in ONLY_IN_MIGRATIONS and not getattr(thing, "computed", None)


def _is_searched(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "schema" or name in {table.schema for table in MODELS}


def test_no_model_differs_from_its_table(database: Addresses) -> None:
    metadata = MetaData()
    for table in MODELS:
        table.to_metadata(metadata)
    engine = create_engine(make_url(database.owner).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_object": _is_compared,
                "include_name": _is_searched,
                "compare_type": True,
            },
        )
        difference = compare_metadata(context, metadata)
    engine.dispose()
    assert difference == []


@pytest.mark.parametrize("table", MODELS, ids=lambda table: table.fullname)
def test_generated_columns_and_collations_are_the_same(catalogue: Catalogue, table: Any) -> None:
    rows = catalogue.rows(
        "select attname, attgenerated <> '', attcollation = '\"C\"'::regcollation, attnotnull"
        " from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped",
        table.fullname,
    )
    made = {name: (generated, is_c, not_null) for name, generated, is_c, not_null in rows}
    said = {
        column.name: (
            column.computed is not None,
            getattr(column.type, "collation", None) == "C",
            not column.nullable,
        )
        for column in table.columns
    }
    assert said.items() <= made.items()


def test_what_a_model_cannot_write_has_a_default(database: Addresses) -> None:
    """A column that no model knows must fill itself, or every insert would fail."""
    engine = create_engine(make_url(database.owner).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        for table in MODELS:
            rows = connection.execute(
                text(
                    "select attname from pg_attribute where attrelid = cast(:t as regclass)"
                    " and attnum > 0 and attnotnull and not atthasdef and attidentity = ''"
                ),
                {"t": table.fullname},
            )
            assert set(rows.scalars()) <= set(table.columns.keys()), table.fullname
    engine.dispose()
