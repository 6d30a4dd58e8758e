"""What can be done with people, their applications and sessions."""

from cms.identity.vocabulary import IdentityTag
from cms.kernel.actions import Action

_PASSWORD = "application_password"  # noqa: S105 - a kind of thing, not a secret

ACTIONS = (
    Action("user.list", "user", IdentityTag.USER_LIST, None, True, "List people"),
    Action("user.read", "user", IdentityTag.USER_READ, None, True, "Read a public profile"),
    Action("user.read_self", "user", IdentityTag.USER_READ_SELF, "read", False, "Read who I am"),
    Action("user.create", "user", IdentityTag.USER_CREATE, "create_users", False, "Add a person"),
    Action("user.edit", "user", IdentityTag.USER_EDIT, "edit_users", False, "Change a profile"),
    Action(
        "user.edit_self", "user", IdentityTag.USER_EDIT_SELF, "read", False, "Change my profile"
    ),
    Action("user.promote", "user", IdentityTag.USER_PROMOTE, "promote_users", False, "Give roles"),
    Action(
        "user.delete", "user", IdentityTag.USER_DELETE, "delete_users", False, "Remove a person"
    ),
    Action(
        "application_password.list",
        _PASSWORD,
        IdentityTag.APPLICATION_PASSWORD_LIST,
        "read",
        True,
        "List the applications of a person",
    ),
    Action(
        "application_password.create",
        _PASSWORD,
        IdentityTag.APPLICATION_PASSWORD_CREATE,
        "read",
        False,
        "Let an application act for a person",
    ),
    Action(
        "application_password.edit",
        _PASSWORD,
        IdentityTag.APPLICATION_PASSWORD_EDIT,
        "read",
        False,
        "Rename an application",
    ),
    Action(
        "application_password.delete",
        _PASSWORD,
        IdentityTag.APPLICATION_PASSWORD_DELETE,
        "read",
        False,
        "Revoke an application",
    ),
    Action("session.ask", "session", IdentityTag.SESSION_ASK, None, True, "See how to sign in"),
    Action(
        "session.work",
        "session",
        IdentityTag.SESSION_WORK,
        "read",
        True,
        "Open the web application",
    ),
    Action("auth.sign_in", "session", IdentityTag.SESSION_SIGN_IN, None, False, "Sign in"),
    Action(
        "auth.step_up",
        "session",
        IdentityTag.SESSION_RENEW,
        "read",
        False,
        "Prove once more who I am",
    ),
    Action("auth.sign_out", "session", IdentityTag.SESSION_SIGN_OUT, "read", False, "Sign out"),
    Action("factor.read", "user", IdentityTag.USER_FACTORS, "read", True, "See my second factor"),
    Action("factor.edit", "user", IdentityTag.USER_FACTORS, "read", False, "Set my second factor"),
    Action(
        "factor.reset",
        "user",
        IdentityTag.USER_FACTORS,
        "edit_users",
        False,
        "Remove the second factor of a person who has lost it",
    ),
    Action("session.list", "session", IdentityTag.SESSION_LIST, "read", True, "List my sessions"),
    Action("session.end", "session", IdentityTag.SESSION_END, "read", False, "End a session"),
)
