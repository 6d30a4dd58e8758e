"""The French Annuaire Santé (RPPS) of the Agence du Numérique en Santé: FHIR R4, with a free key.

The form is known from the agency's guide and from public client code; it was not tried against the
real service. The open directory shows who practises and is no disciplinary register: whoever
publishes in France asks the order too.
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
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.wire import Fault, Question, SourceFault

RPPS = "RPPS"
# National identifier of a professional: the digit 8 says that an RPPS number follows.
_IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
_RPPS_TYPE = "8"
_STUDENT = ("CategorieProfessionnelle", "E")


class Coding(msgspec.Struct):
    system: str = ""
    code: str = ""
    display: str = ""


class Concept(msgspec.Struct):
    coding: list[Coding] = []


class Identifier(msgspec.Struct):
    system: str = ""
    value: str = ""


class HumanName(msgspec.Struct):
    family: str = ""
    given: list[str] = []
    text: str = ""


class Qualification(msgspec.Struct):
    code: Concept = msgspec.field(default_factory=Concept)


class Reference(msgspec.Struct):
    reference: str = ""


class Period(msgspec.Struct):
    end: str = ""


class Meta(msgspec.Struct):
    last_updated: str = msgspec.field(default="", name="lastUpdated")


class Resource(msgspec.Struct):
    """A Practitioner or a PractitionerRole; only what is used is read."""

    kind: str = msgspec.field(name="resourceType")
    id: str = ""
    # Absent is not active: R4 leaves it open, and what is open is for a person to judge.
    active: bool | None = None
    identifier: list[Identifier] = []
    name: list[HumanName] = []
    qualification: list[Qualification] = []
    practitioner: Reference = msgspec.field(default_factory=Reference)
    code: list[Concept] = []
    specialty: list[Concept] = []
    period: Period = msgspec.field(default_factory=Period)
    meta: Meta = msgspec.field(default_factory=Meta)


class BundleEntry(msgspec.Struct):
    resource: Resource


class Bundle(msgspec.Struct):
    """What a search answers; `resourceType` tells an OperationOutcome from it."""

    kind: str = msgspec.field(name="resourceType")
    entry: list[BundleEntry] = []


class AnsRpps(Online):
    """Knows whoever practises a regulated health profession in France. The agency allows 17 calls a
    second, and a lookup is two."""

    name = "ans-rpps"
    official = "https://gateway.api.esante.gouv.fr/fhir/v2/"
    capabilities = Capabilities(councils=(RPPS,), is_online=True, needs_key=True, per_minute=480)

    def validate_format(self, identity: RegistrationId) -> str | None:
        if (identity.country, identity.council) != ("FR", RPPS):
            return f"the Annuaire Santé has no {identity.council} numbers"
        return fault_of(registers()[RPPS], identity.number) or None

    async def find(self, identity: RegistrationId, _: str, now: datetime, seconds: float) -> Answer:
        """Two searches: the person, and then where she practises."""
        national = f"{_RPPS_TYPE}{identity.number}"
        people = await self._search("Practitioner", {"identifier": f"{_IDNPS}|{national}"}, seconds)
        if not people:
            return self.answer(now, Status.NOT_FOUND)
        wanted = Identifier(_IDNPS, national)
        if len(people) != 1 or wanted not in people[0].identifier or not people[0].id:
            return self.answer(now, Status.UNVERIFIED, note="the answer is about another number")
        roles = await self._search("PractitionerRole", {"practitioner": people[0].id}, seconds)
        return self._found(people[0], _own(roles, people[0]), now)

    async def _search(
        self, kind: str, parameters: dict[str, str], seconds: float
    ) -> list[Resource]:
        question = Question(
            "GET",
            f"{self._url.rstrip('/')}/{kind}",
            ("application/fhir+json", "application/json"),
            parameters,
            headers={"Accept": "application/fhir+json", "ESANTE-API-KEY": self.key()},
        )
        return _resources((await self._wire.send(question, seconds)).body, kind)

    def _found(self, person: Resource, roles: Sequence[Resource], now: datetime) -> Answer:
        status, note = _status(person, roles, now)
        refuse_future(status, date_of(person.meta.last_updated), now)
        return self.answer(
            now,
            status,
            name=_name(person, roles),
            status_raw=f"active={person.active}",
            specialties=_specialties(person, roles),
            note=note,
            evidence={"lastUpdated": plain(person.meta.last_updated)},
        )


def _resources(body: bytes, kind: str) -> list[Resource]:
    bundle = decoded(body, Bundle, "a FHIR Bundle")
    if bundle.kind != "Bundle":
        raise SourceFault(Fault.REFUSED, "an OperationOutcome in place of a Bundle")
    return [e.resource for e in bundle.entry if e.resource.kind == kind]


def _own(roles: Sequence[Resource], person: Resource) -> list[Resource]:
    reference = f"Practitioner/{person.id}"
    return [role for role in roles if role.practitioner.reference == reference]


def _status(person: Resource, roles: Sequence[Resource], now: datetime) -> tuple[Status, str]:
    if person.active is False:
        return Status.INACTIVE, "the directory has her as inactive"
    present = [role for role in roles if role.active is True and _has_not_ended(role, now)]
    if person.active is not True or not present:
        return Status.UNVERIFIED, "the directory shows no practice of today"
    if any(_is_student(role) for role in present):
        return Status.UNVERIFIED, "a student"
    return Status.ACTIVE, "the open directory tells no disciplinary measures"


def _has_not_ended(role: Resource, now: datetime) -> bool:
    if not role.period.end:
        return True
    end = date_of(role.period.end)
    return end is not None and end.date() >= now.date()


def _is_student(role: Resource) -> bool:
    system, code = _STUDENT
    return any(c.code == code and system in c.system for k in role.code for c in k.coding)


def _name(person: Resource, roles: Sequence[Resource]) -> str | None:
    """The directory keeps family names with the practice and given names with either."""
    for name in (n for resource in (person, *roles) for n in resource.name):
        if name.family and name.given:
            return plain(f"{' '.join(name.given)} {name.family}")
    return next((plain(n.text) for n in person.name if n.text), None)


def _specialties(person: Resource, roles: Sequence[Resource]) -> tuple[Specialty, ...]:
    concepts = [q.code for q in person.qualification]
    concepts += [concept for role in roles for concept in role.specialty]
    names = (plain(c.display) for concept in concepts for c in concept.coding if c.display)
    return tuple(Specialty(name) for name in dict.fromkeys(names))
