"""Taking in the argument `acf`: what this site shows of its fields through /wp-json may be written
there, and every fault is told in one answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.content.comment_reading import CommentView
from cms.content.models import Term
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields import subject_values
from cms.fields.drafts import fields_of_site
from cms.fields.kinds import COMMENT, COMMENTS, PEOPLE, TERM, Facts, Kind
from cms.fields.plans import applying, possible, writable_names
from cms.fields.rights import FieldForbidden
from cms.fields.site_fields import fields_of
from cms.fields.subject_values import Owner
from cms.fields.values import parts_of
from cms.identity.models import User
from cms.rest import acf, arguments
from cms.rest.acf import ARGUMENT, FORMAT, FORMAT_ARGUMENT
from cms.rest.arguments import Fault
from cms.rest.errors import params_of
from cms.rest.post_arguments import Table
from cms.rest.shape import Asked

Wanted = Mapping[str, Any]


def reads(work: UnitOfWork, kind: Kind, table: Table) -> Table:
    """The table of a reading route with what this site adds to it."""
    return {**table, FORMAT_ARGUMENT: FORMAT} if acf.is_shown(work, kind) else table


def writes(work: UnitOfWork, kind: Kind, table: Table) -> Table:
    """The table of a writing route with what this site adds to it."""
    if not acf.is_shown(work, kind):
        return table
    return {**table, ARGUMENT: {"type": "object"}, FORMAT_ARGUMENT: FORMAT}


def given(work: UnitOfWork, kind: Kind, wanted: Wanted) -> dict[str, Any]:
    """The values that a request sends, by name; others than those that REST shows are unknown to
    it, and ignored as ACF ignores them."""
    sent = wanted.get(ARGUMENT)
    if not sent:
        return {}
    names = writable_names(possible(fields_of_site(work), kind).groups)
    return {name: value for name, value in sent.items() if name in names}


def parts(work: UnitOfWork, kind: Kind, wanted: Wanted) -> dict[str, dict[str, Any]]:
    """The same as parts of what is changed in a post."""
    return parts_of(given(work, kind, wanted))


async def read(request: Asked, work: UnitOfWork, kind: Kind, table: Table) -> dict[str, Any]:
    """The arguments of a write. If any is refused, it is told together with the values of fields
    that would be."""
    return sifted(work, kind, await arguments.given(request), table)


def sifted(work: UnitOfWork, kind: Kind, sent: Wanted, table: Table) -> dict[str, Any]:
    """The same for arguments that are read already."""
    wanted, faults = arguments.sift(sent, writes(work, kind, table))
    if faults:
        raise arguments.invalid({**_faults_of_values(work, kind, wanted), **faults})
    return wanted


def _faults_of_values(work: UnitOfWork, kind: Kind, wanted: Wanted) -> dict[str, Fault]:
    site = fields_of_site(work)
    fields = fields_of(possible(site, kind).groups)
    try:
        sent = given(work, kind, wanted)
        subject_values.taken(work, subject_values.Wanted(fields, site.types, {}, sent))
    except InvalidInput as refused:
        return {name: Fault(*one) for name, one in params_of(refused).items()}
    except FieldForbidden:
        # Told once the arguments fit.
        return {}
    return {}


async def save_term(request: Asked, work: UnitOfWork, term: Term, wanted: Wanted) -> None:
    """Save the values of a term that this actor may change."""
    await _save(request, work, _Owned(Kind(TERM, term.taxonomy), term.id), wanted)


async def save_person(request: Asked, work: UnitOfWork, user: User, wanted: Wanted) -> None:
    """The same for a person."""
    await _save(request, work, _Owned(PEOPLE, user.id), wanted)


async def save_comment(request: Asked, work: UnitOfWork, view: CommentView, wanted: Wanted) -> None:
    """The same for a comment."""
    facts = {COMMENT: frozenset({view.post.post_type})}
    await _save(request, work, _Owned(COMMENTS, view.comment.id, facts), wanted)


@dataclass(frozen=True)
class _Owned:
    """The thing whose values are saved, and what location rules may ask of it."""

    kind: Kind
    id: int
    facts: Facts = field(default_factory=dict)


async def _save(request: Asked, work: UnitOfWork, owned: _Owned, wanted: Wanted) -> None:
    kind, facts = owned.kind, owned.facts
    sent = given(work, kind, wanted)
    if not sent:
        return
    site = fields_of_site(work)
    kept = (await acf.values_of(request, work, kind, [owned.id]))[owned.id]
    if kind == PEOPLE and "user_role" in possible(site, kind).asks:
        facts = {**facts, "user_role": frozenset(kept.roles)}
    fields = fields_of(applying(site, kind, work.actor, facts))
    owner = Owner(kind.subject, owned.id)
    change = subject_values.Wanted(fields, site.types, kept.values, sent)
    kept.values = await subject_values.save(work, owner, change)
