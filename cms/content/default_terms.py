"""A post without a category gets the default one, where the site has chosen it."""

from dataclasses import replace
from typing import cast

from cms.content.draft import Draft
from cms.content.term_editing import WITH_DEFAULT
from cms.database.work import UnitOfWork
from cms.kernel.hooks import LAST, Hooks
from cms.kernel.work import ReadableWork


async def file_under_default(work: ReadableWork, draft: Draft) -> Draft:
    """As WordPress does for posts. Reviewed types are left alone: a text must not change, and with
    it lose its approval, because of an option of the site."""
    here = cast(UnitOfWork, work)
    chosen = here.tenant.site.default_category
    post_type = here.registry.post_types.get(draft.post_type)
    is_wanted = (
        post_type is not None and not post_type.is_reviewed and WITH_DEFAULT in post_type.taxonomies
    )
    if not chosen or not is_wanted or draft.terms.get(WITH_DEFAULT):
        return draft
    return replace(draft, terms={**draft.terms, WITH_DEFAULT: [chosen]})


def connect(hooks: Hooks) -> None:
    hooks.filter(Draft, file_under_default, order=LAST)
