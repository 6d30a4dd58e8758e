"""What no request may do, done by the owner of the tables."""

import psycopg

from tests.support.clinic import Clinic


def as_owner(cms: Clinic, statement: str) -> None:
    """Run a statement on the rows of the clinic's site."""
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute("select set_config('app.tenant_id', %s, false)", [str(cms.tenant.id)])
        connection.execute(statement.encode())
