"""Every night sources are asked again what became of the publications that live texts rest on."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import text

from cms.content import posts
from cms.database.work import UnitOfWork
from cms.errors import CmsError
from cms.jobs.queue import enqueue
from cms.kernel.declarations import Job
from plugins.medical_review.articles.kinds import PART, is_reviewed, reviewed_types
from plugins.medical_review.references import library
from plugins.medical_review.references.entries import LISTED_IN, key_of_entry, names_of_entry
from plugins.medical_review.references.events import ReferenceAsked
from plugins.medical_review.references.models import LibraryEntry, Notice, Origin
from plugins.medical_review.references.noticing import is_graver, keep_notice
from plugins.medical_review.references.rendering import keep_uses
from plugins.medical_review.references.resolving import resolve
from plugins.medical_review.references.settings import ReferenceSettings
from plugins.medical_review.references.sources.asking import sources
from plugins.medical_review.references.sources.source import Found, Source
from plugins.medical_review.settings import ReviewSettings
from plugins.professional_registry.wire import SourceFault

WATCH = "medical_review.watch_references"
LEARN, ASK = "medical_review.learn_references", "medical_review.ask_reference"

log = structlog.get_logger()

_GRAVITY = tuple(Notice)
_ASKED_BY = ("doi", "pmid", "pmcid")

# Live texts whose list names something by an identifier that the library has not got.
_UNKNOWN = text(
    """
    select p.id from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.live_revision_id
    where p.tenant_id = :tenant and p.post_type = any(:types)
      and exists (
        select from jsonb_array_elements(r.parts -> :part -> :listed) as entry
        where (entry ->> 'doi' is not null or entry ->> 'pmid' is not null)
          and not exists (
            select from medical_review.library_entries e
            where e.tenant_id = p.tenant_id
              and (e.doi = entry ->> 'doi' or e.pmid = entry ->> 'pmid')))
    order by p.id limit :most
    """
)
_DUE = text(
    """
    select e.id from medical_review.library_entries e
    where e.tenant_id = :tenant and e.merged_into is null
      and (e.asked_at is null or e.asked_at < :before)
      and (e.doi is not null or e.pmid is not null or e.pmcid is not null)
      and exists (
        select from medical_review.reference_uses u
        join cms.posts p on p.tenant_id = u.tenant_id and p.live_revision_id = u.revision_id
        where u.tenant_id = e.tenant_id
          and u.key in ('doi:' || e.doi, 'pmid:' || e.pmid, 'pmcid:' || e.pmcid))
    order by e.asked_at nulls first, e.id limit :most
    """
)


async def watch_references(work: UnitOfWork) -> None:
    """The nightly job: a short one for each text to learn from, and for each publication that is
    due. Nothing where no source is asked."""
    settings = work.settings(ReviewSettings).references
    if not any(sources(settings)):
        return
    most = settings.recheck_most
    unknown = await work.all(
        _UNKNOWN,
        {
            "tenant": work.tenant_id,
            "types": reviewed_types(work),
            "part": PART,
            "listed": LISTED_IN,
            "most": most,
        },
    )
    for row in unknown:
        await enqueue(work, LEARN, {"post_id": row.id})
    before = work.now - timedelta(days=settings.recheck_days)
    due = await work.all(_DUE, {"tenant": work.tenant_id, "before": before, "most": most})
    for row in due:
        await enqueue(work, ASK, {"reference_id": row.id})


async def learn_references(work: UnitOfWork, post_id: int) -> None:
    """Take into the library what a live text rests on, also one from before there was a library.
    What no source knows stays as the text has it."""
    post = await posts.get(work, post_id)
    if post.live_revision_id is None or not is_reviewed(work, post.post_type):
        return
    revision = await posts.revision(work, post.id, post.live_revision_id)
    await keep_uses(work, post.id, revision.id, revision.parts)
    for entry in revision.parts.get(PART, {}).get(LISTED_IN) or []:
        if await library.known(work, names_of_entry(entry)):
            continue
        kind, _, value = key_of_entry(entry).partition(":")
        if kind in _ASKED_BY:
            await _learn(work, kind, value)


async def _learn(work: UnitOfWork, kind: str, value: str) -> None:
    try:
        entry, _ = await resolve(work, {kind: value})
    except CmsError as refused:
        log.info("a reference could not be learned", kind=kind, reason=refused.slug)
    else:
        await enqueue(work, ASK, {"reference_id": entry.id})


async def ask_reference(work: UnitOfWork, reference_id: int) -> None:
    """Ask every source about one publication. Sources only ever add to what is known: a notice is
    taken back by people. When none answers, it stays due."""
    entry = await library.get(work, reference_id)
    if entry.merged_into is not None:
        return
    said = await _all_say(work.settings(ReviewSettings).references, entry)
    if not said:
        return
    entry = await library.lock(work, reference_id)
    entry.asked_at = work.now
    answered = sorted(origin.value for origin, _ in said)
    await work.emit(ReferenceAsked(reference_id=entry.id, after={"answered": answered}))
    gravest = _gravest(said)
    if gravest is not None and is_graver(gravest.notice, entry.notice):
        await keep_notice(work, entry, gravest.notice, gravest.doi, gravest.origin)


async def _all_say(
    settings: ReferenceSettings, entry: LibraryEntry
) -> list[tuple[Origin, Found | None]]:
    said = []
    for source in sources(settings):
        name = next(_names(source, entry), None)
        if name is None:
            continue
        try:
            said.append((source.name, await source.find(*name)))
        except SourceFault as fault:
            log.info("a source could not be asked", source=source.name, fault=fault.fault.value)
    return said


def _names(source: Source, entry: LibraryEntry) -> Iterator[tuple[str, str]]:
    for kind in source.kinds:
        value = getattr(entry, kind) if kind in _ASKED_BY else None
        if value:
            yield kind, value


class _Told(NamedTuple):
    """What a source says that a journal said."""

    notice: Notice
    doi: str | None
    origin: Origin


def _gravest(said: Sequence[tuple[Origin, Found | None]]) -> _Told | None:
    """Of two that say the same, the one that names the notice."""
    told = [
        _Told(found.notice, found.notice_doi, origin)
        for origin, found in said
        if found is not None and found.notice is not None
    ]
    return max(told, key=lambda one: (_GRAVITY.index(one.notice), bool(one.doi)), default=None)


WATCHING_JOBS = (
    Job(WATCH, watch_references, cron="41 4 * * *"),
    Job(LEARN, learn_references),
    Job(ASK, ask_reference),
)
