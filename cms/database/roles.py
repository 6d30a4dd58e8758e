"""Database roles: who logs in as what, and what `cms check` asks of the application's login.

Group roles (`cms_app`, `cms_worker`, …) are made by the migrations and hold the rights. Logins are
the installation's own and are made members of one group. The owner needs CREATEROLE.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

WEB_GROUP, WORKER_GROUP = "cms_app", "cms_worker"


@dataclass(frozen=True)
class Standing:
    """What the server says of the login that we connected as."""

    login: str
    server_version: int
    is_superuser: bool
    bypasses_rls: bool
    owns_tables: bool
    is_web: bool
    is_worker: bool
    folds_accents: bool

    def problem(self) -> str | None:
        """Why this login must not serve requests, and what to do; None when it may."""
        if self.server_version < 150000:
            return "PostgreSQL 15 or newer is needed; this server is older."
        if self.is_superuser or self.bypasses_rls or self.owns_tables:
            return (
                f"login {self.login!r} is superuser, has BYPASSRLS or owns the tables, so "
                "row-level security would not bind it. Put a login that is only a member of "
                f"{WEB_GROUP} into CMS_DATABASE_URL, and the owner into CMS_DATABASE_OWNER_URL."
            )
        if not self.is_web:
            return f"login {self.login!r} is not a member of {WEB_GROUP}: grant {WEB_GROUP} to it."
        return None

    def worker_problem(self) -> str | None:
        """The same for the login of a worker."""
        if self.problem() is None and not self.is_worker:
            return (
                f"login {self.login!r} is not a member of {WORKER_GROUP}, which a worker needs: "
                f"grant {WORKER_GROUP} to it, or name the worker's own login in CMS_DATABASE_URL."
            )
        return self.problem()


_STANDING = """
select current_user, current_setting('server_version_num')::int, r.rolsuper, r.rolbypassrls,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'cms' and c.relowner = r.oid),
       exists (select from pg_roles g where g.rolname = 'cms_app'
               and pg_has_role(current_user, g.oid, 'usage')),
       exists (select from pg_roles g where g.rolname = 'cms_worker'
               and pg_has_role(current_user, g.oid, 'usage')),
       lower('Á') = 'á'
from pg_roles r where r.rolname = current_user
"""


def standing(url: str) -> Standing:
    """Ask the server about the login of this address. psycopg.OperationalError if unreachable."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(_STANDING).fetchone()
    if row is None:
        raise LookupError("the server does not know the role that we are connected as")
    return Standing(*row)


def create_owner(superuser_url: str, login: str, password: str, database: str) -> None:
    """A login that owns the database and may create the group roles. Idempotent."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        _ensure_login(connection, login, password, sql.SQL("createrole"))
        found = connection.execute("select from pg_database where datname = %s", [database])
        if found.fetchone() is None:
            connection.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(database), sql.Identifier(login)
                )
            )


def create_member(owner_url: str, login: str, password: str, group: str) -> None:
    """A login in one of the group roles, made by the owner after the migrations. Idempotent."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        _ensure_login(connection, login, password, sql.SQL("inherit"))
        connection.execute(
            sql.SQL("grant {} to {}").format(sql.Identifier(group), sql.Identifier(login))
        )


def _ensure_login(
    connection: psycopg.Connection[tuple[object, ...]],
    login: str,
    password: str,
    attribute: sql.SQL,
) -> None:
    found = connection.execute("select 1 from pg_roles where rolname = %s", [login]).fetchone()
    # Only a superuser may name SUPERUSER in an ALTER, be it to take it away.
    form = sql.SQL(
        "create role {} login nosuperuser nobypassrls {attribute} password {}"
        if found is None
        else "alter role {} login password {}"
    )
    # The server gets the verifier, never the password: a failed statement would be in its log.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), login.encode(), b"scram-sha-256"
    ).decode()
    connection.execute(
        form.format(sql.Identifier(login), sql.Literal(verifier), attribute=attribute)
    )


def can_log_in(url: str) -> bool:
    """Whether the address with its password opens a session."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
