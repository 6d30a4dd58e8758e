"""Taking in the argument `acf`: what this site shows of its fields through /wp-json may be written
there, and every fault is told in one answer."""

from collections.abc import Mapping
from typing import Any

from cms.content.comment_reading import CommentView
from cms.content.models import Term
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.fields import subject_values
from cms.fields.drafts import fields_of_site
from cms.fields.kinds import COMMENT, COMMENTS, PEOPLE, TERM, USER, Kind, Subject
from cms.fields.mirroring import save_with_mirrors
from cms.fields.plans import possible, writable_names
from cms.fields.rights import FieldForbidden
from cms.fields.site_fields import fields_of
from cms.fields.subject_values import Kept, Owner
from cms.fields.subjects import of_comment, of_person, of_term
from cms.fields.values import parts_of
from cms.identity.models import User
from cms.kernel.declarations import Taxonomy
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
    names = writable_names(possible(work, kind).groups)
    return {name: value for name, value in sent.items() if name in names}


def parts(work: UnitOfWork, kind: Kind, wanted: Wanted) -> dict[str, dict[str, Any]]:
    """The same as parts of what is changed in a post."""
    return parts_of(given(work, kind, wanted))


async def read(request: Asked, work: UnitOfWork, kind: Kind, table: Table) -> dict[str, Any]:
    """The arguments of a write. If any is refused, it is told together with the values of fields
    that would be."""
    return await sifted(work, kind, await arguments.given(request), table)


async def sifted(work: UnitOfWork, kind: Kind, sent: Wanted, table: Table) -> dict[str, Any]:
    """The same for arguments that are read already."""
    wanted, faults = arguments.sift(sent, writes(work, kind, table))
    if faults:
        raise arguments.invalid({**await _faults_of_values(work, kind, wanted), **faults})
    return wanted


async def _faults_of_values(work: UnitOfWork, kind: Kind, wanted: Wanted) -> dict[str, Fault]:
    fields, types = fields_of(possible(work, kind).groups), fields_of_site(work).types
    sent = given(work, kind, wanted)
    try:
        await subject_values.taken(work, subject_values.Wanted(fields, types, {}, sent))
    except InvalidInput as refused:
        return {name: Fault(*one) for name, one in params_of(refused).items()}
    except FieldForbidden:
        # Told once the arguments fit.
        return {}
    return {}


async def save_term(
    request: Asked, work: UnitOfWork, taxonomy: Taxonomy, term: Term, wanted: Wanted
) -> None:
    """Save the values of a term that this actor may change."""
    kind = Kind(TERM, taxonomy.name)
    if sent := given(work, kind, wanted):
        kept = await _kept(request, work, kind, term.id)
        subject = of_term(work, taxonomy, kept.values)
        # The body that answers shows what is stored now.
        kept.values = await _save(work, kind, Owner(TERM, term.id), subject, sent)


async def save_person(request: Asked, work: UnitOfWork, user: User, wanted: Wanted) -> None:
    """The same for a person."""
    if sent := given(work, PEOPLE, wanted):
        kept = await _kept(request, work, PEOPLE, user.id)
        subject = of_person(work, user.id, kept)
        kept.values = await _save(work, PEOPLE, Owner(USER, user.id), subject, sent)


async def save_comment(request: Asked, work: UnitOfWork, view: CommentView, wanted: Wanted) -> None:
    """The same for a comment."""
    if sent := given(work, COMMENTS, wanted):
        kept = await _kept(request, work, COMMENTS, view.comment.id)
        subject = of_comment(work, view, kept.values)
        owner = Owner(COMMENT, view.comment.id)
        kept.values = await _save(work, COMMENTS, owner, subject, sent)


async def _kept(request: Asked, work: UnitOfWork, kind: Kind, subject_id: int) -> Kept:
    return (await acf.values_of(request, work, kind, [subject_id]))[subject_id]


async def _save(
    work: UnitOfWork, kind: Kind, owner: Owner, subject: Subject, sent: Wanted
) -> dict[str, Any]:
    fields = fields_of(possible(work, kind).at(subject.place))
    types, before = fields_of_site(work).types, subject.values(())
    change = subject_values.Wanted(fields, types, before, sent)
    return await save_with_mirrors(work, owner, change)
