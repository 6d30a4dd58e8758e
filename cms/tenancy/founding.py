"""Founds a tenant: the directory rows by the owner, then its roles and options by the host."""

import re
from collections.abc import Sequence
from zoneinfo import available_timezones

import psycopg

from cms.errors import Conflict, InvalidInput

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,40}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?")


def add_to_directory(
    owner_url: str,
    slug: str,
    name: str,
    hosts: Sequence[str],
    *,
    language: str = "pt-BR",
    timezone: str = "America/Sao_Paulo",
) -> int:
    """The id of the new tenant. The directory is the owner's: no request can add to it."""
    faults = {}
    if not _SLUG.fullmatch(slug):
        faults["slug"] = f"{slug!r} must be 2 or more lower-case letters, digits and hyphens"
    if timezone not in available_timezones():
        faults["timezone"] = f"{timezone!r} is no time zone; write one such as America/Sao_Paulo"
    if not _LANGUAGE.fullmatch(language):
        faults["language"] = f"{language!r} is no language tag; write one such as pt-BR"
    for host in hosts:
        if not _HOST.fullmatch(host.lower()):
            faults["host"] = f"{host!r} is not a host name"
    if faults:
        raise InvalidInput(faults)
    with psycopg.connect(owner_url) as connection:
        try:
            row = connection.execute(
                "insert into cms.tenants (slug, name, language, timezone) "
                "values (%s, %s, %s, %s) returning id",
                [slug, name, language, timezone],
            ).fetchone()
            assert row is not None  # noqa: S101 - INSERT … RETURNING gives a row or raises
            for host in hosts:
                connection.execute(
                    "insert into cms.tenant_hosts (host, tenant_id) values (%s, %s)",
                    [host.lower(), row[0]],
                )
        except psycopg.errors.UniqueViolation as error:
            raise Conflict(f"The tenant {slug!r} or one of its hosts exists already.") from error
    return int(row[0])
