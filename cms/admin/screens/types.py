"""Types of content and taxonomies: those of the code to look at, the site's own to declare."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.translating import N_
from cms.api.declaring import taken_addresses
from cms.content import type_records
from cms.content.type_records import Stored
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.declarations import PostType, Taxonomy

_HOME = "/admin/types"
_TAXONOMIES = "/admin/taxonomies"

SUPPORTS = (
    ("title", N_("Title")),
    ("editor", N_("Text")),
    ("excerpt", N_("Excerpt")),
    ("author", N_("Author")),
    ("thumbnail", N_("Featured picture")),
    ("comments", N_("Comments")),
    ("revisions", N_("Revisions")),
    ("custom-fields", N_("Custom fields")),
    ("page-attributes", N_("Order and parent")),
)


@screen(_HOME, action="type.review_own", resource="type")
async def list_types(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Every type and taxonomy of the site, and who declares it."""
    own_types = {one.declared.name for one in await type_records.stored(work, PostType)}
    own_taxonomies = {one.declared.name for one in await type_records.stored(work, Taxonomy)}
    return page.render(
        "shape/types.html",
        types=sorted(work.registry.post_types.values(), key=lambda one: one.label),
        taxonomies=sorted(work.registry.taxonomies.values(), key=lambda one: one.label),
        own_types=own_types,
        own_taxonomies=own_taxonomies,
        may_declare=page.may("type.declare"),
    )


def _type_form(work: UnitOfWork, page: Page, **facts: Any) -> Response[bytes]:
    return page.render(
        "shape/type.html",
        supports=SUPPORTS,
        taxonomies=sorted(work.registry.taxonomies.values(), key=lambda one: one.label),
        **facts,
    )


_NEW_TYPE = PostType(name="", rest_base="", label="")
_NEW_TAXONOMY = Taxonomy(name="", rest_base="", label="", post_types=())


@screen(f"{_HOME}/new", action="type.review_own", resource="type")
async def new_type(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The form of a type that is not there yet."""
    return _type_form(work, page, type=_NEW_TYPE, is_new=True, faults={})


@screen(f"{_HOME}/{{name:str}}", action="type.review_own", resource="type")
async def show_type(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """A type that the site has declared."""
    found: Stored = await type_records.one(work, PostType, name)
    return _type_form(work, page, type=found.declared, is_new=False, faults={})


@form(_HOME, action="type.declare", resource="type")
async def save_type(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Declare a type, or another shape for one that is there."""
    sent, is_new = page.form, page.form.has("is_new")
    name = sent.text("name")
    singular, plural = sent.text("capability_one", "post"), sent.text("capability_many", "posts")
    wanted = PostType(
        name=name,
        rest_base=sent.text("rest_base") or name,
        label=sent.text("label"),
        singular=sent.text("singular"),
        description=sent.text("description"),
        supports=tuple(sent.all("supports")),
        taxonomies=tuple(sent.all("taxonomies")),
        capability_type=(singular or "post", plural or "posts"),
        is_hierarchical=sent.has("is_hierarchical"),
        is_public=sent.has("is_public"),
        is_reviewed=sent.has("is_reviewed"),
        has_archive=sent.has("has_archive"),
        rewrite=sent.text("rewrite"),
    )
    try:
        await _declare(work, page, wanted, is_new=is_new)
    except InvalidInput as refused:
        return _type_form(work, page, status=422, type=wanted, is_new=is_new, faults=refused.faults)
    return page.redirect(
        _HOME, page.say("The type is saved. It is in the menu of those who write.")
    )


async def _declare(
    work: UnitOfWork, page: Page, wanted: PostType | Taxonomy, *, is_new: bool
) -> None:
    taken = taken_addresses(page.request)
    await type_records.declare(work, wanted, is_new=is_new, taken=taken)
    work.afterwards(page.request.app.state.host.tenants.forget)


@form(f"{_HOME}/{{name:str}}/delete", action="type.remove", resource="type")
async def remove_type(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """Remove a type that has no posts, not even in the bin."""
    await type_records.remove(work, PostType, name)
    work.afterwards(page.request.app.state.host.tenants.forget)
    return page.redirect(_HOME, page.say("The type is removed."))


def _taxonomy_form(work: UnitOfWork, page: Page, **facts: Any) -> Response[bytes]:
    types = sorted(work.registry.post_types.values(), key=lambda one: one.label)
    return page.render("shape/taxonomy.html", types=types, **facts)


@screen(f"{_TAXONOMIES}/new", action="taxonomy.review_own", resource="taxonomy")
async def new_taxonomy(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The form of a taxonomy that is not there yet."""
    return _taxonomy_form(work, page, taxonomy=_NEW_TAXONOMY, is_new=True, faults={})


@screen(f"{_TAXONOMIES}/{{name:str}}", action="taxonomy.review_own", resource="taxonomy")
async def show_taxonomy(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """A taxonomy that the site has declared."""
    found: Stored = await type_records.one(work, Taxonomy, name)
    return _taxonomy_form(work, page, taxonomy=found.declared, is_new=False, faults={})


@form(_TAXONOMIES, action="taxonomy.declare", resource="taxonomy")
async def save_taxonomy(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Declare a taxonomy, or another shape for one that is there."""
    sent, is_new = page.form, page.form.has("is_new")
    name = sent.text("name")
    wanted = Taxonomy(
        name=name,
        rest_base=sent.text("rest_base") or name,
        label=sent.text("label"),
        singular=sent.text("singular"),
        description=sent.text("description"),
        post_types=tuple(sent.all("post_types")),
        is_hierarchical=sent.has("is_hierarchical"),
        is_public=sent.has("is_public"),
        rewrite=sent.text("rewrite"),
    )
    try:
        await _declare(work, page, wanted, is_new=is_new)
    except InvalidInput as refused:
        return _taxonomy_form(
            work, page, status=422, taxonomy=wanted, is_new=is_new, faults=refused.faults
        )
    return page.redirect(_HOME, page.say("The taxonomy is saved."))


@form(f"{_TAXONOMIES}/{{name:str}}/delete", action="taxonomy.remove", resource="taxonomy")
async def remove_taxonomy(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """Remove a taxonomy that has no terms."""
    await type_records.remove(work, Taxonomy, name)
    work.afterwards(page.request.app.state.host.tenants.forget)
    return page.redirect(_HOME, page.say("The taxonomy is removed."))


TYPE_SCREENS: list[Any] = [
    list_types,
    new_type,
    show_type,
    save_type,
    remove_type,
    new_taxonomy,
    show_taxonomy,
    save_taxonomy,
    remove_taxonomy,
]
