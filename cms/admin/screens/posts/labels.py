"""What statuses and steps are called."""

from collections.abc import Mapping
from typing import NamedTuple

from cms.admin.translating import N_
from cms.content.statuses import Status


class Label(NamedTuple):
    """English words, and the colour in which a list shows them."""

    text: str
    kind: str = "plain"


STATUSES: Mapping[Status, Label] = {
    Status.PUBLISH: Label(N_("Published"), "good"),
    Status.FUTURE: Label(N_("Scheduled"), "good"),
    Status.PENDING: Label(N_("Submitted"), "warn"),
    Status.DRAFT: Label(N_("Draft")),
    Status.PRIVATE: Label(N_("Private")),
    Status.TRASH: Label(N_("In the bin"), "bad"),
    Status.AUTO_DRAFT: Label(N_("Never saved")),
    Status.INHERIT: Label(N_("As what it hangs on")),
}
