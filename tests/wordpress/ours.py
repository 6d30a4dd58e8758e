"""Our side of the comparison: an installation of its own, with people of WordPress's roles."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.installation import installation
from tests.wordpress.content import PEOPLE
from tests.wordpress.site import Site

# The kinds of content of these say what WordPress does not know.
_WITHOUT = "zero_trust,audit_trail"


@contextmanager
def fresh() -> Iterator[Site]:
    """An empty site, ended and removed afterwards."""
    with installation() as made:
        made.environ["CMS_ENABLED"] = _WITHOUT
        made.start()
        people = {"admin": made.credentials["admin"]}
        for role in PEOPLE[1:]:
            about = ("--email", f"{role}@clinica.example", "--name", f"Pessoa {role.title()}")
            made.done("user", "add", role, *about, "--role", role, given="senha-bem-comprida\n")
            told = made.done("user", "application-password", role).strip()
            people[role] = {"login": role, "application_password": told.splitlines()[-1]}
        yield Site(made.url, people)
