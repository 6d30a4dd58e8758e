"""What can be done with invitations, lost passwords, roles, and the accounts of others."""

from cms.identity.vocabulary import IdentityTag
from cms.kernel.actions import Action
from cms.kernel.declarations import PolicyRule

_INVITATION = "account_invitation"

LINK_ACTIONS = (
    Action(
        "account_invitation.list",
        _INVITATION,
        IdentityTag.INVITATION_LIST,
        "create_users",
        True,
        "List invitations",
    ),
    Action(
        "account_invitation.make",
        _INVITATION,
        IdentityTag.INVITATION_MAKE,
        "create_users",
        False,
        "Invite somebody, or send a new link",
    ),
    Action(
        "account_invitation.end",
        _INVITATION,
        IdentityTag.INVITATION_END,
        "create_users",
        False,
        "Take an invitation back",
    ),
    Action(
        "account_invitation.accept",
        _INVITATION,
        IdentityTag.INVITATION_ACCEPT,
        None,
        False,
        "Join by the link of an invitation",
    ),
    Action(
        "password.ask",
        "password_link",
        IdentityTag.PASSWORD_ASK,
        None,
        False,
        "Ask for a link to a new password",
    ),
    Action(
        "password.issue",
        "user",
        IdentityTag.PASSWORD_ASK,
        "edit_users",
        False,
        "Make a link to a new password for somebody",
    ),
    Action(
        "password.choose",
        "password_link",
        IdentityTag.PASSWORD_CHOOSE,
        None,
        False,
        "Choose a new password by a link",
    ),
    Action(
        "user.sign_out",
        "user",
        IdentityTag.USER_SIGN_OUT,
        "edit_users",
        False,
        "End the sessions of somebody, or unlock her account",
    ),
    Action("role.list", "role", IdentityTag.ROLE_LIST, "promote_users", True, "See what roles may"),
    Action(
        "role.edit", "role", IdentityTag.ROLE_EDIT, "promote_users", False, "Change what roles may"
    ),
)

STRANGERS_USE_LINKS = PolicyRule(
    "strangers_use_links",
    "P",
    """
        permit (
            principal is Anonymous,
            action in [
                Action::"account_invitation.accept",
                Action::"password.ask",
                Action::"password.choose"
            ],
            resource
        ) when { principal.tenant == resource.tenant };
        """,
    "Who holds the link of an invitation may join by it, and who lost a password may ask for a "
    "link and choose a new one; the links are checked by the use case.",
)
