"""Terms of a taxonomy: the tree, adding, changing, deleting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.content import term_editing, terms
from cms.content.permissions import require
from cms.content.terms import TermQuery, TermView
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.declarations import Taxonomy

_HOME = "/admin/terms"
_A_PAGE = 300
COUNTED = 100
"""So many texts of a term are counted; more are many."""


@dataclass(frozen=True)
class Branch:
    """A term with how deep it stands below the top."""

    view: TermView
    depth: int

    @property
    def name(self) -> str:
        """As it stands in a list of choices, where nothing can be indented."""
        return "— " * self.depth + self.view.term.name


def tree_of(views: Sequence[TermView]) -> list[Branch]:
    """The terms below their parents, each level in the order given. One whose parent is not among
    them stands at the top."""
    known = {view.term.id for view in views}
    below: dict[int, list[TermView]] = {}
    for view in views:
        parent = view.term.parent_id
        below.setdefault(parent if parent in known else 0, []).append(view)
    found: list[Branch] = []

    def add(parent: int, depth: int) -> None:
        for view in below.get(parent, ()):
            found.append(Branch(view, depth))
            add(view.term.id, depth + 1)

    add(0, 0)
    return found


def _taxonomy(work: UnitOfWork, name: str) -> Taxonomy:
    found = work.registry.taxonomies.get(name)
    if found is None or found.rest_controller != "terms":
        raise NotFound("taxonomy", name)
    require(
        term_editing.may_edit(work, found) or term_editing.may_create(work, found),
        "term.edit",
        "Sorry, you are not allowed to edit terms in this taxonomy.",
    )
    return found


@screen(f"{_HOME}/{{taxonomy:str}}", action="term.list", resource="term")
async def list_terms(
    work: UnitOfWork, page: Page, taxonomy: str, q: str = "", offset: int = 0
) -> Response[bytes]:
    """The terms of a taxonomy by name, as a tree unless they are searched."""
    return await _listed(work, page, _taxonomy(work, taxonomy), q=q, offset=max(0, offset))


async def _listed(
    work: UnitOfWork,
    page: Page,
    taxonomy: Taxonomy,
    *,
    q: str = "",
    offset: int = 0,
    faults: dict[str, str] | None = None,
) -> Response[bytes]:
    views, total = await terms.page(
        work,
        TermQuery((taxonomy,), search=q, limit=_A_PAGE, offset=offset, count_up_to=COUNTED),
    )
    branches = [Branch(view, 0) for view in views] if q else tree_of(views)
    return page.render(
        "shape/terms.html",
        status=422 if faults else 200,
        taxonomy=taxonomy,
        branches=branches,
        q=q,
        counted=COUNTED,
        total=total,
        faults=faults or {},
        form=page.form,
        next=offset + _A_PAGE if offset + _A_PAGE < total else 0,
        may_create=term_editing.may_create(work, taxonomy),
        may_edit=term_editing.may_edit(work, taxonomy),
    )


@form(f"{_HOME}/{{taxonomy:str}}", action="term.create", resource="term")
async def add_term(work: UnitOfWork, page: Page, taxonomy: str) -> Response[bytes]:
    """A new term."""
    wanted = _taxonomy(work, taxonomy)
    try:
        await term_editing.create_term(
            work,
            wanted,
            name=page.form.text("name"),
            slug=page.form.text("slug"),
            description=page.form.raw("description"),
            parent_id=page.form.number("parent") or None,
        )
    except (InvalidInput, Conflict) as refused:
        return await _listed(work, page, wanted, faults=_faults(refused))
    return page.redirect(f"{_HOME}/{taxonomy}", page.say("The term is added."))


def _faults(refused: InvalidInput | Conflict) -> dict[str, str]:
    """The only conflict of a term is that its name, or its address, is taken."""
    return refused.faults if isinstance(refused, InvalidInput) else {"name": refused.message}


@screen(f"{_HOME}/{{taxonomy:str}}/{{term_id:int}}", action="term.read", resource="term")
async def show_term(work: UnitOfWork, page: Page, taxonomy: str, term_id: int) -> Response[bytes]:
    """One term."""
    return await _shown(work, page, _taxonomy(work, taxonomy), term_id)


async def _shown(
    work: UnitOfWork,
    page: Page,
    taxonomy: Taxonomy,
    term_id: int,
    faults: dict[str, str] | None = None,
) -> Response[bytes]:
    view = await terms.one(work, taxonomy, term_id)
    others: list[Branch] = []
    if taxonomy.is_hierarchical:
        every, _ = await terms.page(work, TermQuery((taxonomy,), limit=1000, count_up_to=1))
        others = [one for one in tree_of(every) if one.view.term.id != term_id]
    return page.render(
        "shape/term.html",
        status=422 if faults else 200,
        taxonomy=taxonomy,
        view=view,
        others=others,
        faults=faults or {},
        may_edit=term_editing.may_edit(work, taxonomy),
        may_delete=term_editing.may_delete(work, taxonomy, view.term),
    )


@form(f"{_HOME}/{{taxonomy:str}}/{{term_id:int}}", action="term.edit", resource="term")
async def save_term(work: UnitOfWork, page: Page, taxonomy: str, term_id: int) -> Response[bytes]:
    """Rename it, describe it, or hang it elsewhere."""
    known = _taxonomy(work, taxonomy)
    wanted: dict[str, Any] = {
        "name": page.form.text("name"),
        "slug": page.form.text("slug"),
        "description": page.form.raw("description"),
    }
    if known.is_hierarchical:
        wanted["parent"] = page.form.number("parent") or 0
    try:
        await term_editing.edit_term(work, known, term_id, wanted)
    except (InvalidInput, Conflict) as refused:
        work.session.expire_all()
        return await _shown(work, page, known, term_id, _faults(refused))
    return page.redirect(f"{_HOME}/{taxonomy}", page.say("The term is saved."))


@form(f"{_HOME}/{{taxonomy:str}}/{{term_id:int}}/delete", action="term.delete", resource="term")
async def delete_term(work: UnitOfWork, page: Page, taxonomy: str, term_id: int) -> Response[bytes]:
    """Delete it; its posts lose it, what stands below moves up."""
    await term_editing.delete_term(work, _taxonomy(work, taxonomy), term_id)
    # Which terms are gone is remembered with the site.
    work.afterwards(page.request.app.state.host.tenants.forget)
    return page.redirect(f"{_HOME}/{taxonomy}", page.say("The term is deleted."))


TERM_SCREENS: list[Any] = [list_terms, add_term, show_term, save_term, delete_term]
