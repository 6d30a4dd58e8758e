"""What can be done with notices: everyone reads her own, and says how she wants to be told."""

from cms.kernel.actions import Action
from cms.notices.vocabulary import NoticesTag

ACTIONS = (
    Action("notice.list", "notice", NoticesTag.NOTICE_LIST, "read", True, "Read one's notices"),
    Action("notice.mark", "notice", NoticesTag.NOTICE_MARK, "read", False, "Mark notices as read"),
    Action(
        "notice.retry",
        "notice",
        NoticesTag.NOTICE_RETRY,
        "manage_options",
        False,
        "Try a letter again that was given up",
    ),
    Action(
        "notice_preference.read",
        "notice_preference",
        NoticesTag.PREFERENCE_READ,
        "read",
        True,
        "Read how one is told of what",
    ),
    Action(
        "notice_preference.change",
        "notice_preference",
        NoticesTag.PREFERENCE_CHANGE,
        "read",
        False,
        "Say how one wants to be told of what, and when",
    ),
)
