"""In which style a site shows its references."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.work import ReadableWork
from cms.tenancy.models import Option
from plugins.medical_review.references.events import CitationStyleChanged
from plugins.medical_review.references.models import CitationStyle

OPTION = "citation_style"


async def style_of(work: ReadableWork) -> CitationStyle:
    """What the site has chosen; Vancouver, which medical journals use, until it has."""
    row = await work.one(
        select(Option.value).where(Option.tenant_id == work.tenant_id, Option.name == OPTION)
    )
    known = row is not None and row.value in set(CitationStyle)
    return CitationStyle(row.value) if known else CitationStyle.VANCOUVER


async def choose(work: UnitOfWork, wanted: str) -> CitationStyle:
    """Show references in another style from now on; stored renderings follow by a job."""
    require(
        work.actor.has("manage_options"),
        "reference.style",
        "Sorry, you are not allowed to manage options for this site.",
    )
    if wanted not in set(CitationStyle):
        raise InvalidInput({"style": f"{wanted!r:.40} must be one of {', '.join(CitationStyle)}"})
    before, style = await style_of(work), CitationStyle(wanted)
    if style is before:
        return style
    statement = insert(Option).values(tenant_id=work.tenant_id, name=OPTION, value=style.value)
    await work.execute(
        statement.on_conflict_do_update(
            index_elements=[Option.tenant_id, Option.name],
            set_={"value": statement.excluded.value},
        )
    )
    await work.emit(CitationStyleChanged(style=style, before={"style": before.value}))
    return style
