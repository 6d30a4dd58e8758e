"""Terms that are made while a text is written: by the form when it is saved, and by its script at
once."""

from collections.abc import Mapping
from dataclasses import dataclass

from litestar import Response

from cms.admin.forms import Form
from cms.admin.page import Page, to_script
from cms.admin.routing import form
from cms.admin.screens.posts.asking import taxonomies_of
from cms.content import term_filing
from cms.content.permissions import require
from cms.content.term_editing import may_create
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.kernel.declarations import PostType, Taxonomy

_NAMES, _PARENT = "new.", "new-below."


@dataclass(frozen=True)
class NewTerms:
    """What stands in the field of new terms of one taxonomy, as it was typed, and the term below
    which they are made."""

    text: str = ""
    parent_id: int | None = None


def sent_new(work: UnitOfWork, post_type: PostType, form: Form) -> dict[str, NewTerms]:
    """What was typed, by taxonomy; those in which nothing was typed are left out."""
    found = {}
    for one in taxonomies_of(work, post_type):
        text = form.text(f"{_NAMES}{one.name}")
        if text:
            found[one.name] = NewTerms(text, form.number(f"{_PARENT}{one.name}") or None)
    return found


async def hold_new(work: UnitOfWork, post_type: PostType, form: Form) -> None:
    """Before the post of the form is locked."""
    await term_filing.hold_names(work, sent_new(work, post_type, form))


async def make_new(work: UnitOfWork, new: Mapping[str, NewTerms]) -> dict[str, list[int]]:
    """The ids of the terms, by taxonomy. InvalidInput by the name of the field."""
    made = {}
    for name, typed in new.items():
        taxonomy = work.registry.taxonomies[name]
        names = term_filing.names_in(typed.text)
        try:
            terms = await term_filing.named(work, taxonomy, names, _below(taxonomy, typed))
        except InvalidInput as refused:
            said = " ".join(refused.faults.values())
            raise InvalidInput({f"{_NAMES}{name}": said}) from refused
        made[name] = [term.id for term in terms]
    return made


def _below(taxonomy: Taxonomy, typed: NewTerms) -> int | None:
    return typed.parent_id if taxonomy.is_hierarchical else None


@form("/admin/posts/new-terms", action="term.create", resource="term")
async def add_terms(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Make the terms that were typed, or find them; the script files the text under them."""
    taxonomy = work.registry.taxonomies.get(page.form.text("taxonomy"))
    if taxonomy is None:
        raise NotFound("taxonomy", page.form.text("taxonomy"))
    require(
        work.actor.has(taxonomy.capability("assign")),
        "term.create",
        "Sorry, you are not allowed to create terms in this taxonomy.",
    )
    typed = NewTerms(page.form.text("names"), page.form.number("parent") or None)
    names = term_filing.names_in(typed.text)
    try:
        made = await term_filing.named(work, taxonomy, names, _below(taxonomy, typed))
    except InvalidInput as refused:
        await work.begin_anew()
        said = " ".join(page.words.told(one) for one in refused.faults.values())
        return to_script({"told": said}, 422)
    count = page.words.ngettext("One term is chosen.", "%(num)d terms are chosen.", len(made))
    terms = [{"id": one.id, "name": one.name} for one in made]
    return to_script({"terms": terms, "told": count % {"num": len(made)}})


def may_add(work: UnitOfWork, taxonomy: Taxonomy) -> bool:
    """Whether the form offers a field for new terms."""
    return taxonomy.rest_controller == "terms" and may_create(work, taxonomy)


NEW_TERM_SCREENS = [add_terms]
