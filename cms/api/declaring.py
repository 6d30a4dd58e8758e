"""Types and taxonomies that a site declares for itself: /content-types and /taxonomies."""

from datetime import datetime
from typing import Annotated, Any, Self

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, post, put
from cms.content import type_records
from cms.content.type_records import Stored
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType, Taxonomy

Asked = Request[Any, Any, Any]
Words = Annotated[str, msgspec.Meta(max_length=1000)]

_SERVED = "/wp-json/wp/v2/"


class ContentTypeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a type is to be. Without `rest_base` its address is its name. `capability_type` is the
    singular and the plural that its capabilities are made of: roles must grant those. Texts of an
    `is_reviewed` one reach readers only once they are approved, and it stays so while it has any.
    """

    name: Words
    label: Words
    singular: Words = ""
    description: Words = ""
    rest_base: Words = ""
    supports: list[Words] = msgspec.field(default_factory=lambda: list(PostType.supports))
    taxonomies: list[Words] = []
    capability_type: tuple[Words, Words] = ("post", "posts")
    hierarchical: bool = False
    public: bool = True
    has_archive: bool | Words = False
    rewrite: Words = ""
    icon: Words | None = None
    is_reviewed: bool = False

    def declaration(self) -> PostType:
        return PostType(
            name=self.name,
            rest_base=self.rest_base or self.name,
            label=self.label.strip(),
            description=self.description,
            supports=tuple(dict.fromkeys(self.supports)),
            taxonomies=tuple(dict.fromkeys(self.taxonomies)),
            capability_type=self.capability_type,
            is_hierarchical=self.hierarchical,
            is_public=self.public,
            has_archive=self.has_archive,
            singular=self.singular.strip(),
            icon=self.icon,
            rewrite=self.rewrite,
            is_reviewed=self.is_reviewed,
        )


class ContentTypeOut(ContentTypeIn, frozen=True, kw_only=True):
    """A type that the site has declared."""

    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, stored: Stored) -> Self:
        one: PostType = stored.declared
        return cls(
            name=one.name,
            label=one.label,
            singular=one.singular,
            description=one.description,
            rest_base=one.rest_base,
            supports=list(one.supports),
            taxonomies=list(one.taxonomies),
            capability_type=one.capability_type,
            hierarchical=one.is_hierarchical,
            public=one.is_public,
            has_archive=one.has_archive,
            rewrite=one.rewrite,
            icon=one.icon,
            is_reviewed=one.is_reviewed,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )


class Capabilities(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may do what with terms; the defaults are WordPress's."""

    manage_terms: Words = "manage_categories"
    edit_terms: Words = "manage_categories"
    delete_terms: Words = "manage_categories"
    assign_terms: Words = "edit_posts"


class TaxonomyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a taxonomy is to be."""

    name: Words
    label: Words
    post_types: list[Words]
    singular: Words = ""
    description: Words = ""
    rest_base: Words = ""
    hierarchical: bool = False
    public: bool = True
    rewrite: Words = ""
    capabilities: Capabilities = Capabilities()

    def declaration(self) -> Taxonomy:
        given = self.capabilities
        return Taxonomy(
            name=self.name,
            rest_base=self.rest_base or self.name,
            label=self.label.strip(),
            post_types=tuple(dict.fromkeys(self.post_types)),
            is_hierarchical=self.hierarchical,
            description=self.description,
            singular=self.singular.strip(),
            capabilities=(
                given.manage_terms,
                given.edit_terms,
                given.delete_terms,
                given.assign_terms,
            ),
            is_public=self.public,
            rewrite=self.rewrite,
        )


class TaxonomyOut(TaxonomyIn, frozen=True, kw_only=True):
    """A taxonomy that the site has declared."""

    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, stored: Stored) -> Self:
        one: Taxonomy = stored.declared
        return cls(
            name=one.name,
            label=one.label,
            post_types=list(one.post_types),
            singular=one.singular,
            description=one.description,
            rest_base=one.rest_base,
            hierarchical=one.is_hierarchical,
            public=one.is_public,
            rewrite=one.rewrite,
            capabilities=Capabilities(*one.capabilities),
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )


def taken_addresses(request: Asked) -> set[str]:
    """The first words of the REST addresses that the code itself serves."""
    paths = (route.path for route in request.app.routes if route.path.startswith(_SERVED))
    return {path.removeprefix(_SERVED).partition("/")[0] for path in paths}


async def _declared(
    request: Asked, work: UnitOfWork, wanted: PostType | Taxonomy, *, is_new: bool
) -> Stored:
    kept = await type_records.declare(work, wanted, is_new=is_new, taken=taken_addresses(request))
    work.afterwards(request.app.state.host.tenants.forget)
    return kept


@get("/content-types", action="type.review_own", resource="type")
async def list_types(work: UnitOfWork) -> list[ContentTypeOut]:
    """The types that the site has declared for itself, by name."""
    return [ContentTypeOut.of(one) for one in await type_records.stored(work, PostType)]


@post("/content-types", action="type.declare", resource="type", status_code=201)
async def add_type(request: Asked, work: UnitOfWork, data: ContentTypeIn) -> ContentTypeOut:
    """Declare a type. It is served under /wp-json/wp/v2/<rest_base>, by other processes a few
    seconds later."""
    return ContentTypeOut.of(await _declared(request, work, data.declaration(), is_new=True))


@get("/content-types/{name:str}", action="type.review_own", resource="type")
async def read_type(work: UnitOfWork, name: str) -> ContentTypeOut:
    return ContentTypeOut.of(await type_records.one(work, PostType, name))


@put("/content-types/{name:str}", action="type.declare", resource="type")
async def change_type(
    request: Asked, work: UnitOfWork, name: str, data: ContentTypeIn
) -> ContentTypeOut:
    """Declare it anew, as a whole; the name stays."""
    wanted = msgspec.structs.replace(data, name=name).declaration()
    return ContentTypeOut.of(await _declared(request, work, wanted, is_new=False))


@delete("/content-types/{name:str}", action="type.remove", resource="type")
async def remove_type(request: Asked, work: UnitOfWork, name: str) -> None:
    """Remove a type that has no posts, not even in the bin."""
    await type_records.remove(work, PostType, name)
    work.afterwards(request.app.state.host.tenants.forget)


@get("/taxonomies", action="taxonomy.review_own", resource="taxonomy")
async def list_taxonomies(work: UnitOfWork) -> list[TaxonomyOut]:
    """The taxonomies that the site has declared for itself, by name."""
    return [TaxonomyOut.of(one) for one in await type_records.stored(work, Taxonomy)]


@post("/taxonomies", action="taxonomy.declare", resource="taxonomy", status_code=201)
async def add_taxonomy(request: Asked, work: UnitOfWork, data: TaxonomyIn) -> TaxonomyOut:
    """Declare a taxonomy; it becomes a key of the posts of its types."""
    return TaxonomyOut.of(await _declared(request, work, data.declaration(), is_new=True))


@get("/taxonomies/{name:str}", action="taxonomy.review_own", resource="taxonomy")
async def read_taxonomy(work: UnitOfWork, name: str) -> TaxonomyOut:
    return TaxonomyOut.of(await type_records.one(work, Taxonomy, name))


@put("/taxonomies/{name:str}", action="taxonomy.declare", resource="taxonomy")
async def change_taxonomy(
    request: Asked, work: UnitOfWork, name: str, data: TaxonomyIn
) -> TaxonomyOut:
    """Declare it anew, as a whole; the name stays."""
    wanted = msgspec.structs.replace(data, name=name).declaration()
    return TaxonomyOut.of(await _declared(request, work, wanted, is_new=False))


@delete("/taxonomies/{name:str}", action="taxonomy.remove", resource="taxonomy")
async def remove_taxonomy(request: Asked, work: UnitOfWork, name: str) -> None:
    """Remove a taxonomy that has no terms."""
    await type_records.remove(work, Taxonomy, name)
    work.afterwards(request.app.state.host.tenants.forget)


DECLARING_ROUTES: list[HTTPRouteHandler] = [
    list_types,
    add_type,
    read_type,
    change_type,
    remove_type,
    list_taxonomies,
    add_taxonomy,
    read_taxonomy,
    change_taxonomy,
    remove_taxonomy,
]
