"""What happens to notices. Whom they tell stands in their rows; what they say, in no event."""

from cms.kernel.events import Event, Outcome, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis, PurposeOfUse
from cms.notices.vocabulary import NoticesTag


class ReaderEvent(Event, frozen=True, kw_only=True):
    """Of somebody who is told because she works here (LGPD, art. 7, V)."""

    data = DataClass.PERSONAL
    basis = LegalBasis.CONTRACT
    concerns = "user_id"
    user_id: int


class NoticeMailed(ReaderEvent, frozen=True, kw_only=True):
    """A letter with so many notices left the house, or was refused for good."""

    tag = NoticesTag.NOTICE_MAIL
    outcomes = (Outcome.SUCCESS, Outcome.FAILED)
    notice_id: int
    notices: int

    def subject(self) -> Subject:
        return Subject("notice", self.notice_id)


class NoticeTriedAgain(ReaderEvent, frozen=True, kw_only=True):
    """A letter that was given up is tried from the beginning."""

    tag = NoticesTag.NOTICE_RETRY
    notice_id: int

    def subject(self) -> Subject:
        return Subject("notice", self.notice_id)


class NoticePreferencesChanged(ReaderEvent, frozen=True, kw_only=True):
    """Somebody wants to be told otherwise, or at other hours."""

    tag = NoticesTag.PREFERENCE_CHANGE
    covers = ("cms.notice_preferences", "cms.notice_hours")

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class NoticesForgotten(Event, frozen=True):
    """Notices that were read long ago were erased (LGPD, art. 15, I); `after` says how many."""

    tag = NoticesTag.NOTICE_FORGET
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION

    def subject(self) -> Subject:
        return Subject("notice")


EVENTS = (NoticeMailed, NoticeTriedAgain, NoticePreferencesChanged, NoticesForgotten)
