"""Everything about one person, or about one thing, in sentences."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.identity.models import User
from plugins.audit_trail.officers import timelines
from plugins.audit_trail.officers.filters import Paging
from plugins.audit_trail.screens.question import A_PAGE, shown


def _paging(cursor: str | None) -> Paging:
    return Paging(newest_first=True, limit=A_PAGE, cursor=cursor or None)


@screen("/admin/audit/people/{person_id:int}", action="audit.read", resource="audit_trail")
async def show_person(
    work: UnitOfWork,
    page: Page,
    person_id: int,
    *,
    only: str | None = None,
    cursor: str | None = None,
    purpose: str | None = None,
) -> Response[bytes]:
    """What a person did, and what was done to her."""
    if await work.session.get(User, (work.tenant_id, person_id)) is None:
        raise NotFound("person", person_id)
    life = await timelines.of_person(
        work,
        person_id,
        _paging(cursor),
        only=only,
        language=page.words.language,
        purpose=purpose,
    )
    return page.render(
        "audit_trail/person.html",
        person_id=person_id,
        life=life,
        half=only,
        **shown(page, purpose),
    )


@screen(
    "/admin/audit/things/{kind:str}/{thing_id:int}", action="audit.read", resource="audit_trail"
)
async def show_thing(
    work: UnitOfWork,
    page: Page,
    kind: str,
    thing_id: int,
    *,
    cursor: str | None = None,
    purpose: str | None = None,
) -> Response[bytes]:
    """What happened to a thing; to a text also in its reviews."""
    story = await timelines.of_resource(
        work, kind, thing_id, _paging(cursor), language=page.words.language, purpose=purpose
    )
    return page.render(
        "audit_trail/thing.html",
        # The page says that there is nothing; so does its status.
        status=200 if story.entries else 404,
        kind=kind,
        thing_id=thing_id,
        story=story,
        **shown(page, purpose),
    )


STORY_SCREENS: list[Any] = [show_person, show_thing]
