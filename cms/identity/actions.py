"""What can be done with people, their applications and sessions."""

from cms.kernel.actions import Action

_PASSWORD = "application_password"  # noqa: S105 - a kind of thing, not a secret

ACTIONS = (
    Action("user.list", "user", "identity:user:list", None, True, "List people"),
    Action("user.read", "user", "identity:user:read", None, True, "Read a public profile"),
    Action("user.read_self", "user", "identity:user:read_self", "read", False, "Read who I am"),
    Action("user.create", "user", "identity:user:create", "create_users", False, "Add a person"),
    Action("user.edit", "user", "identity:user:edit", "edit_users", False, "Change a profile"),
    Action("user.edit_self", "user", "identity:user:edit_self", "read", False, "Change my profile"),
    Action("user.promote", "user", "identity:user:promote", "promote_users", False, "Give roles"),
    Action("user.delete", "user", "identity:user:delete", "delete_users", False, "Remove a person"),
    Action(
        "application_password.list",
        _PASSWORD,
        "identity:application_password:list",
        "read",
        True,
        "List the applications of a person",
    ),
    Action(
        "application_password.create",
        _PASSWORD,
        "identity:application_password:create",
        "read",
        False,
        "Let an application act for a person",
    ),
    Action(
        "application_password.edit",
        _PASSWORD,
        "identity:application_password:edit",
        "read",
        False,
        "Rename an application",
    ),
    Action(
        "application_password.delete",
        _PASSWORD,
        "identity:application_password:delete",
        "read",
        False,
        "Revoke an application",
    ),
    Action("auth.sign_in", "session", "identity:session:sign_in", None, False, "Sign in"),
    Action("auth.sign_out", "session", "identity:session:sign_out", "read", False, "Sign out"),
)
