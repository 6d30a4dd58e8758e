"""INSERTs of new rows that are compiled once and given to the driver itself.

The session's own way costs half a millisecond for a row before the database has heard of it. What
every save adds and nobody changes afterwards, such as a revision and its rendering, is written here
by one statement, on the session's connection and seen by who tracks writes.
"""

from typing import Any

from sqlalchemy import Computed, bindparam, insert
from sqlalchemy.dialects.postgresql import JSONB

from cms.database.engine import encode_json
from cms.database.reads import Query
from cms.database.types import Base


class Insertion:
    """One new row of each of these models, by one statement; keys to each other are checked at its
    end."""

    def __init__(self, *models: type[Base]) -> None:
        self._columns = [
            [c for c in model.__table__.columns if not isinstance(c.server_default, Computed)]
            for model in models
        ]
        *first, last = [
            insert(model).values(
                {c.key: bindparam(_name(place, c.key), type_=c.type) for c in columns}
            )
            for place, (model, columns) in enumerate(zip(models, self._columns, strict=True))
        ]
        self.query = Query(last.add_cte(*(one.cte(f"row_{n}") for n, one in enumerate(first))))

    def values(self, *rows: Base) -> dict[str, Any]:
        """The parameters that add these rows, which the session does not know; what was not set is
        NULL."""
        return {
            _name(place, column.key): _sent(column, vars(row).get(column.key))
            for place, (row, columns) in enumerate(zip(rows, self._columns, strict=True))
            for column in columns
        }


def _name(place: int, key: str) -> str:
    return f"{key}_{place}"


def _sent(column: Any, value: Any) -> Any:
    return encode_json(value) if isinstance(column.type, JSONB) and value is not None else value
