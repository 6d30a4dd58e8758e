"""What an officer asks on a screen, as the use cases of the trail take it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from cms.admin.page import Page
from cms.admin.panels import open_to
from cms.errors import InvalidInput
from plugins.audit_trail.officers.filters import Paging, Wanted, read_question
from plugins.audit_trail.officers.labels import label
from plugins.audit_trail.officers.opening import sees_addresses
from plugins.audit_trail.officers.purposes import PURPOSES, purpose_of
from plugins.audit_trail.screens.words import PURPOSE_WORDS, SHOWN

A_PAGE = 50
FILTERS = (
    "actor_id", "actor_kind", "action", "resource_type", "resource_id", "outcome", "risk_at_least",
    "request_id", "channel",
)  # fmt: skip
_DAYS = ("from", "to")


@dataclass
class Question:
    """`given` is what stands in the form, `wanted` what it asks; with `faults` it asks nothing."""

    given: dict[str, str]
    wanted: Wanted = field(default_factory=Wanted)
    paging: Paging = field(default_factory=Paging)
    purpose: str | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Page, **fixed: str) -> "Question":
        """The question of this request's address. `fixed` is what the screen itself asks for."""
        sent = page.request.query_params
        names = (*FILTERS, *_DAYS, "order", "purpose")
        given = {name: sent[name].strip() for name in names if sent.get(name, "").strip()}
        asked = cls(given, purpose=given.get("purpose"))
        try:
            asked.wanted, asked.paging = read_question(
                asked._arguments(page, sent.get("cursor")) | fixed
            )
        except InvalidInput as refused:
            asked.faults = {_IN_FORM.get(name, name): said for name, said in refused.faults.items()}
        return asked

    def _arguments(self, page: Page, cursor: str | None) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            name: value for name, value in self.given.items() if name in FILTERS
        }
        arguments["order"] = self.given.get("order", "desc")
        arguments["limit"] = str(A_PAGE)
        arguments["cursor"] = cursor
        return arguments | days_of(page, self.given)

    def link(self, path: str = "/admin/audit", **changes: str | None) -> str:
        """The address of this question with something changed; None takes a part out."""
        kept = {name: value for name, value in {**self.given, **changes}.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    @property
    def is_narrowed(self) -> bool:
        return any(name in self.given for name in (*FILTERS, *_DAYS))


_IN_FORM = {"since": "from", "until": "to"}


def days_of(page: Page, given: Mapping[str, str]) -> dict[str, str]:
    """`from` and `to`, days on the site's clock and both included, as the moments between which
    events lie. InvalidInput."""
    faults, days = dict[str, str](), dict[str, date]()
    for name in _DAYS:
        if given.get(name):
            try:
                days[name] = date.fromisoformat(given[name])
            except ValueError:
                faults[name] = "must be a day like 2026-01-31"
    if faults:
        raise InvalidInput(faults)
    said = {}
    if "from" in days:
        said["since"] = _midnight(page, days["from"]).isoformat()
    if "to" in days:
        said["until"] = _midnight(page, days["to"] + timedelta(days=1)).isoformat()
    return said


def _midnight(page: Page, day: date) -> datetime:
    return datetime.combine(day, time(), page.work.tenant.zone)


def pairs_of(page: Page) -> Callable[[Mapping[str, str], str], list[tuple[str, str]]]:
    """For a choice: the words in the reader's language, after what stands for none of them."""
    return lambda words, none: [("", none), *((key, page.say(word)) for key, word in words.items())]


def shown(page: Page, stated: str | None) -> dict[str, Any]:
    """What every screen of the trail shows beside its events: words, places, purposes.
    CapabilityMissing for who may not look at all, or not for this purpose."""
    work = page.work
    purpose = purpose_of(work, stated)
    tongue = page.words.language
    return {
        **SHOWN,
        "purpose": purpose,
        "names": {},
        "purposes": {
            one.name: PURPOSE_WORDS[one.name] for one in PURPOSES if work.actor.has(one.capability)
        },
        "sees_addresses": sees_addresses(work, purpose),
        "pairs": pairs_of(page),
        "place": partial(open_to, work),
        "sentence": lambda event: label(event.action, event.outcome, event.event_data, tongue),
    }
