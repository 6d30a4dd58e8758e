"""The provider that answers from the roster in use: no network, as of the day it was taken."""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from cms.database.reads import Query
from cms.errors import Conflict
from cms.kernel.declarations import Health
from cms.kernel.work import ReadableWork, Work
from plugins.professional_registry.councils import CRM, by_acronym
from plugins.professional_registry.events import RosterActivated, RosterAnnounced
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.models import Roster, RosterEntry
from plugins.professional_registry.names import is_same_name
from plugins.professional_registry.provider import Answer, Capabilities, Specialty
from plugins.professional_registry.roster_load import Announced, Loaded
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.statuses import Status, is_professional, normalise

# "CARDIOLOGIA - RQE Nº: 99999", parts joined by & (councils.json, specialist_registration).
_SPECIALTY = re.compile(
    r"(?P<name>[^-&;|].*?)(?:\s*-?\s*RQE\s*(?:N[º°o.]?\s*:?\s*)?(?P<rqe>\d[\d.]*))?\s*",
    re.IGNORECASE,
)


class RosterSnapshot:
    """Knows physicians only, and each as the CFM's bulk file had them."""

    name = "cfm-roster"
    capabilities = Capabilities(councils=(CRM,), is_bulk=True, matches_identity=True)
    without_roster = Status.SOURCE_UNAVAILABLE

    def validate_format(self, identity: RegistrationId) -> str | None:
        if identity.council not in self.capabilities.councils:
            return f"the source {self.name} has no {identity.council} numbers"
        return None

    async def lookup(self, work: ReadableWork, identity: RegistrationId, name: str) -> Answer:
        """One number may stand for two people (foreign and student registrations have series of
        their own): then the name chooses, and if it does not, a person has to."""
        roster, rows = await _entries(work, identity)
        if roster is None:
            return self._answer(work, None, self.without_roster, note="no roster is imported")
        if len(rows) > 1:
            rows = [row for row in rows if _is_of(row, name)]
            if len(rows) != 1:
                return self._answer(work, roster, Status.UNVERIFIED, note="several people have it")
        if not rows:
            return self._answer(work, roster, Status.NOT_FOUND)
        return self._found(work, identity.council, rows[0])

    async def health(self, work: ReadableWork) -> Health:
        roster = await in_use(work, CRM)
        limit = timedelta(days=work.settings(RegistrySettings).roster_warning_days)
        if roster is None:
            return Health(self.name, False, "no roster is imported", _REMEDY)
        age = work.now - roster.taken_at
        return Health(self.name, age <= limit, f"the roster is {age.days} days old", _REMEDY)

    def _found(self, work: ReadableWork, council: str, row: Any) -> Answer:
        corrected = {word: Status(meant) for word, meant in row.corrected.items()}
        status = normalise(council, row.status_raw, corrected)
        if status.may_sign and not is_professional(council, row.category):
            status = Status.UNVERIFIED
        return self._answer(
            work,
            row,
            status,
            name=row.name,
            social_name=row.social_name or None,
            status_raw=row.status_raw,
            category=row.category,
            specialties=parse_specialties(row.specialties),
        )

    def _answer(self, work: ReadableWork, roster: Any, status: Status, **facts: Any) -> Answer:
        evidence = {"generation": roster.generation, "sha256": roster.sha256} if roster else {}
        return Answer(
            status=status,
            source=self.name,
            fetched_at=work.now,
            as_of=roster.taken_at if roster else None,
            evidence=evidence,
            **facts,
        )


class CouncilRosters(RosterSnapshot):
    """Knows whom the tenant's CSV rosters hold, of every council but the CFM. A council without a
    roster has no source; that is no outage."""

    name = "council-roster"
    capabilities = Capabilities(
        councils=tuple(acronym for acronym in by_acronym() if acronym != CRM),
        is_bulk=True,
        matches_identity=True,
    )
    without_roster = Status.UNVERIFIED

    async def health(self, work: ReadableWork) -> Health:
        """The first council whose roster has become old; none has to have one."""
        limit = timedelta(days=work.settings(RegistrySettings).roster_warning_days)
        rows = await work.all(
            select(Roster.council, func.max(Roster.taken_at).label("taken_at"))
            .where(
                Roster.tenant_id == work.tenant_id,
                Roster.council.in_(self.capabilities.councils),
                Roster.activated_at.is_not(None),
            )
            .group_by(Roster.council)
            .order_by(Roster.council)
        )
        for council, taken_at in rows:
            if work.now - taken_at > limit:
                message = f"the roster of {council} is {(work.now - taken_at).days} days old"
                return Health(self.name, False, message, _CSV_REMEDY.format(council))
        return Health(self.name, True, "the imported rosters are fresh")


_CSV_REMEDY = "get the council's list again and run: cms registry import --council {} FILE.csv"
_REMEDY = "download TOTAL.ZIP with your CFM key and run: cms registry import PATH"


def parse_specialties(written: str) -> tuple[Specialty, ...]:
    """The specialties of a roster line; one without an RQE number is kept without it."""
    found = [_SPECIALTY.fullmatch(part.strip()) for part in re.split(r"[&;|]", written)]
    return tuple(
        Specialty(m["name"].strip(), (m["rqe"] or "").replace(".", "") or None) for m in found if m
    )


def _is_of(row: Any, name: str) -> bool:
    return any(is_same_name(known, name) for known in (row.name, row.social_name) if known)


async def in_use(work: ReadableWork, council: str) -> Roster | None:
    """The roster that counts today, or None before the first import."""
    row = await work.one(
        select(Roster)
        .where(
            Roster.tenant_id == work.tenant_id,
            Roster.council == council,
            Roster.activated_at.is_not(None),
        )
        .order_by(Roster.generation.desc())
        .limit(1)
    )
    return row[0] if row else None


async def announce(work: Work, council: str, taken_at: datetime) -> Announced:
    """Begin an import: its rows have a roster to belong to, which nobody uses yet. Conflict when
    somebody else begins one at this moment."""
    last = await work.one(
        select(func.coalesce(func.max(Roster.generation), 0)).where(
            Roster.tenant_id == work.tenant_id, Roster.council == council
        )
    )
    added = await work.execute(
        insert(Roster)
        .values(
            tenant_id=work.tenant_id,
            council=council,
            generation=last[0] + 1,
            taken_at=taken_at,
            imported_at=work.now,
            counts={},
            sha256="",
        )
        .on_conflict_do_nothing()
        .returning(Roster.generation)
    )
    row = added.one_or_none()
    if row is None:
        raise Conflict("Another import of this roster has just begun; repeat yours later.")
    await work.emit(RosterAnnounced(council=council, generation=row.generation))
    return Announced(work.tenant_id, council, row.generation)


async def activate(work: Work, loaded: Loaded) -> None:
    """Make a loaded roster the one in use. Conflict when another import has cleared it away."""
    # The update comes first: it waits for an import that is about to clear these rows away.
    await work.execute(
        update(Roster)
        .where(
            Roster.tenant_id == work.tenant_id,
            Roster.council == loaded.council,
            Roster.generation == loaded.generation,
        )
        .values(activated_at=work.now, counts=loaded.counts, sha256=loaded.sha256)
    )
    if not 0 < loaded.rows == await _count(work, loaded.council, loaded.generation):
        raise Conflict("The roster is not there as it was loaded; import it again.")
    after = {"rows": loaded.rows, "counts": loaded.counts, "sha256": loaded.sha256}
    await work.emit(
        RosterActivated(council=loaded.council, generation=loaded.generation, after=after)
    )


async def _count(work: ReadableWork, council: str, generation: int) -> int:
    row = await work.one(
        select(func.count()).where(
            RosterEntry.tenant_id == work.tenant_id,
            RosterEntry.council == council,
            RosterEntry.generation == generation,
        )
    )
    return int(row[0])


# One statement, compiled once: the roster in use, who has the number in it, and the words that the
# tenant knows better. Of a roster without the number one row without an entry is left.
_LOOK_UP = Query(
    text(
        """
        select r.generation, r.taken_at, r.sha256, e.number, e.category, e.name, e.social_name,
          e.status_raw, e.specialties,
          (select coalesce(jsonb_object_agg(c.subject, c.value ->> 'status'), '{}')
             from professional_registry.council_corrections c
            where c.tenant_id = :tenant and c.council = :council and c.kind = 'status'
              and c.state = 'in_force') as corrected
        from (select generation, taken_at, sha256 from professional_registry.rosters
               where tenant_id = :tenant and council = :council and activated_at is not null
               order by generation desc limit 1) r
        left join professional_registry.roster_rows e
          on e.tenant_id = :tenant and e.council = :council and e.generation = r.generation
         and e.regional = :regional and e.number = :number
        """
    )
)


async def _entries(work: ReadableWork, identity: RegistrationId) -> tuple[Any, list[Any]]:
    """The roster in use, None before the first import, and the rows that may be the person's."""
    found = await work.fetch(
        _LOOK_UP,
        tenant=work.tenant_id,
        council=identity.council,
        regional=identity.regional,
        number=identity.number,
    )
    entries = [row for row in found if row.number is not None]
    return (
        found[0] if found else None,
        [row for row in entries if identity.category in {"", row.category}],
    )
