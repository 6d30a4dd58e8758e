"""The five roles are WordPress's, capability by capability, and what each may do follows."""

import json
from dataclasses import dataclass
from pathlib import Path

from cms.content.defaults import POST_TYPES
from cms.content.permissions import may_delete, may_edit, may_publish, may_read
from cms.identity.roles import WORDPRESS_ROLES
from cms.kernel.actors import ANONYMOUS, SYSTEM, Actor, ActorKind

MEASURED = json.loads((Path(__file__).parent / "data" / "roles-capabilities.json").read_text())
ROLES = {role.name: role for role in WORDPRESS_ROLES}


def test_roles_are_those_of_wordpress():
    assert {name: sorted(role.capabilities) for name, role in ROLES.items()} == {
        name: sorted(role["capabilities"]) for name, role in MEASURED["roles"].items()
    }
    assert {name: role.label for name, role in ROLES.items()} == {
        name: role["name"] for name, role in MEASURED["roles"].items()
    }
    assert len(ROLES["administrator"].capabilities) == 61


@dataclass
class Owned:
    author_id: int
    status: str
    trashed_status: str | None = None


# As measured on WordPress 6.1.9, as a table: r(ead) e(dit) d(elete), for own | others' posts.
TABLE = """
                 publish   future    draft     pending   private   trash:draft trash:publish
subscriber       r  |r     -  |-     -  |-     -  |-     r  |-     -  |-       -  |-
contributor      r  |r     -  |-     red|-     red|-     red|-     red|-       -  |-
author           red|r     red|-     red|-     red|-     red|-     red|-       red|-
editor           red|red   red|red   red|red   red|red   red|red   red|red     red|red
administrator    red|red   red|red   red|red   red|red   red|red   red|red     red|red
"""


def rights(actor, post):
    checks = {"r": may_read, "e": may_edit, "d": may_delete}
    return "".join(mark for mark, may in checks.items() if may(actor, POST_TYPES[0], post)) or "-"


def test_rights_follow_from_role_owner_and_status():
    head, *rows = [line.split() for line in TABLE.replace("  |", "|").strip().splitlines()]
    for role, *cells in rows:
        actor = Actor(ActorKind.PERSON, 1, (role,), ROLES[role].capabilities)
        for column, cell in zip(head, cells, strict=True):
            status, _, before = column.partition(":")
            own, _, others = cell.partition("|")
            for owner, wanted in ((1, own), (2, others)):
                post = Owned(owner, status, before or None)
                assert rights(actor, post) == wanted, (role, column, owner)


def test_strangers_read_what_is_published_and_the_system_may_everything():
    for column in ("publish", "future", "draft", "pending", "private", "trash"):
        wanted = "r" if column == "publish" else "-"
        assert rights(ANONYMOUS, Owned(1, column)) == wanted
        assert rights(SYSTEM, Owned(1, column)) == "red"


def test_publishing_is_for_authors_and_above():
    may = {
        name: may_publish(Actor(ActorKind.PERSON, 1, (name,), role.capabilities), POST_TYPES[0])
        for name, role in ROLES.items()
    }
    assert [name for name, allowed in may.items() if allowed] == [
        "administrator",
        "editor",
        "author",
    ]
