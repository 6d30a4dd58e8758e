"""What happens to the log of decisions: it is looked at."""

from typing import Any

from cms.kernel.events import Event, Subject
from cms.kernel.lawfulness import DataClass, PurposeOfUse
from plugins.zero_trust.vocabulary import ZeroTrustTag


class DecisionsRead(Event, frozen=True, kw_only=True):
    """An officer looked at what was decided for whom. The fields are what she asked for."""

    tag = ZeroTrustTag.DECISION_READ
    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE
    person_id: int | None = None
    action_sought: str | None = None
    decision: str | None = None
    request_sought: str | None = None

    def subject(self) -> Subject:
        return Subject("policy")

    def ids(self) -> dict[str, Any]:
        """Without what was not asked for."""
        return {name: value for name, value in super().ids().items() if value is not None}


EVENTS = (DecisionsRead,)
