"""The US register of National Provider Identifiers (NPPES), free and without a key.

An NPI is not a licence: it says that somebody was given a number, and the state licences in it are
what she wrote there herself. So an active NPI is UNVERIFIED, for a person to ask the state board;
a tenant may decide to take the licences of named states as proof (`npi_licence_states`).
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from plugins.professional_registry.foreign import fault_of, registers
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.provider import Answer, Capabilities, Specialty
from plugins.professional_registry.providers.online import (
    Online,
    date_of,
    decoded,
    plain,
    refuse_future,
)
from plugins.professional_registry.resilience import Line
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.wire import Question, Wire

NPI = "NPI"
_PERSON, _ACTIVE, _DEACTIVATED = "NPI-1", "A", "D"


class Basic(msgspec.Struct):
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    status: str = ""
    last_updated: str = ""


class Taxonomy(msgspec.Struct):
    desc: str | None = None
    state: str | None = None
    license: str | None = None


class Enumerated(msgspec.Struct):
    """One number; only what is used is read."""

    number: str | int
    enumeration_type: str
    basic: Basic
    taxonomies: list[Taxonomy] = []


class Page(msgspec.Struct):
    """The service answers a question that it does not understand with 200 and `Errors`, and then
    without the other two."""

    result_count: int
    results: list[Enumerated]


class Nppes(Online):
    """Knows everybody in the United States who bills for health care."""

    name = "nppes"
    official = "https://npiregistry.cms.hhs.gov/api/"
    capabilities = Capabilities(councils=(NPI,), is_online=True, per_minute=180)

    def __init__(
        self, wire: Wire, line: Line, *, url: str = "", licence_states: Sequence[str] = ()
    ) -> None:
        super().__init__(wire, line, url=url)
        self._licence_states = frozenset(licence_states)

    def validate_format(self, identity: RegistrationId) -> str | None:
        if (identity.country, identity.council) != ("US", NPI):
            return f"NPPES has no {identity.council} numbers"
        return fault_of(registers()[NPI], identity.number) or None

    async def find(self, identity: RegistrationId, _: str, now: datetime, seconds: float) -> Answer:
        parameters = {"version": "2.1", "number": identity.number}
        question = Question("GET", self._url, ("application/json",), parameters)
        reply = await self._wire.send(question, seconds)
        page = decoded(reply.body, Page, "an answer of NPPES 2.1")
        if not page.results:
            return self.answer(now, Status.NOT_FOUND)
        found = [r for r in page.results if str(r.number) == identity.number]
        if len(found) != 1 or len(page.results) != 1:
            return self.answer(now, Status.UNVERIFIED, note="the answer is about another number")
        return self._found(found[0], now)

    def _found(self, person: Enumerated, now: datetime) -> Answer:
        licences = [
            {"state": plain(t.state), "licence": plain(t.license)}
            for t in person.taxonomies
            if t.state and (t.license or "").strip()
        ]
        status, note = self._status(person, {licence["state"] for licence in licences})
        refuse_future(status, date_of(person.basic.last_updated), now)
        basic = person.basic
        return self.answer(
            now,
            status,
            name=plain(f"{basic.first_name} {basic.middle_name} {basic.last_name}") or None,
            status_raw=plain(basic.status),
            category=plain(person.enumeration_type),
            specialties=tuple(Specialty(plain(t.desc)) for t in person.taxonomies if t.desc),
            note=note,
            evidence={"licences": licences, "last_updated": plain(basic.last_updated)},
        )

    def _status(self, person: Enumerated, states: set[str]) -> tuple[Status, str]:
        if person.basic.status == _DEACTIVATED:
            return Status.INACTIVE, "the NPI is deactivated"
        if person.basic.status != _ACTIVE or person.enumeration_type != _PERSON:
            return Status.UNVERIFIED, "not an active NPI of a person"
        accepted = sorted(states & self._licence_states)
        if accepted:
            return Status.ACTIVE, f"self-reported licence of {accepted[0]}, taken by setting"
        return Status.UNVERIFIED, "an NPI is not a licence: ask the state board"
