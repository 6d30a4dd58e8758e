"""The action table: one line for each thing that can be done."""

import pytest

from cms.host import build_registry
from cms.kernel.actions import Action, ActionTable
from cms.settings import Settings

READ = Action("post.read", "post", "content:post:read", None, True)


def test_an_action_is_found_by_name_and_the_table_is_sorted() -> None:
    table = ActionTable([READ, Action("post.edit", "post", "content:post:edit", "edit_post")])
    assert [action.name for action in table] == ["post.edit", "post.read"]
    assert table["post.read"] is READ
    assert "post.fly" not in table


def test_two_actions_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'post\.read' is declared twice"):
        ActionTable([READ, READ])


@pytest.mark.parametrize("name", ["read", "post.", "Post.read", "post.read.all", "post read"])
def test_a_name_reads_like_thing_dot_verb(name: str) -> None:
    with pytest.raises(ValueError, match=r"must read like 'post\.publish'"):
        Action(name, "post", "content:post:read")


@pytest.mark.parametrize(
    "tag", ["content", "content:post", "content:post:Read", "a:b:c:d", "a:b-c:d"]
)
def test_a_tag_reads_like_source_subject_action(tag: str) -> None:
    with pytest.raises(ValueError, match="must read like 'content:post:publish'"):
        Action("post.read", "post", tag)


def test_what_only_reads_in_public_asks_for_no_capability_and_what_writes_says_whose() -> None:
    """Of the real table. A stranger may sign in; announce by a signed webhook that a register has
    changed, which only has the register asked again; comment where the site's options let him; and
    an invited reviewer without account shows her link, and the code that was mailed to her. Who is
    invited to work here, or has lost her password, has no account to sign in with either."""
    actions = build_registry(Settings()).actions
    writes_for_strangers = {a.name for a in actions if not a.reads and a.capability is None}
    invited = {"invitation.read", "invitation.code", "invitation.decide"}
    assert writes_for_strangers - invited == {
        "account_invitation.accept",
        "auth.sign_in",
        "comment.create",
        "password.ask",
        "password.choose",
        "registration.announce",
    }
    assert [action.name for action in actions if not action.summary] == []
