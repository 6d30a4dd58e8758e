"""What can be done with people and sessions."""

from cms.kernel.actions import Action

ACTIONS = (
    Action("user.read", "user", "identity:user:read", None, True, "Read a public profile"),
    Action("user.read_self", "user", "identity:user:read_self", "read", False, "Read who I am"),
    Action("auth.sign_in", "session", "identity:session:sign_in", None, False, "Sign in"),
    Action("auth.sign_out", "session", "identity:session:sign_out", "read", False, "Sign out"),
)
